import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOrganisationKeyCache, type OrganisationKeyCache } from '../../src/locker/organisation-key-cache.ts';

let elapsed: number;
let loads: string[];
let cache: OrganisationKeyCache;
beforeEach(() => {
  elapsed = 0;
  loads = [];
  cache = createOrganisationKeyCache({ maxEntries: 3, elapsed: () => elapsed });
});

async function get(name: string): Promise<Uint8Array> {
  const found = await cache.get(name, async () => {
    loads.push(name);
    return { organisation: name, month: '2027-03', key: randomBytes(32) };
  });
  return found.key;
}

describe('cache of organisation keys', () => {
  it('keeps a key for less than five minutes, however often it is used', async () => {
    const first = await get('a');
    elapsed = 4 * 60_000;
    expect(await get('a')).toBe(first);
    elapsed = 5 * 60_000;
    expect(await get('a')).not.toBe(first);
    expect(loads).toEqual(['a', 'a']);
  });

  it('asks once for many who ask at once', async () => {
    const keys = await Promise.all([get('a'), get('a'), get('a')]);
    expect(new Set(keys).size).toBe(1);
    expect(loads).toEqual(['a']);
  });

  it('holds no more entries than it may, and lets the oldest go', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'b', 'c', 'd', 'a']) await get(name);
    expect(loads).toEqual(['a', 'b', 'c', 'd', 'a']);
  });

  it('does not remember a failure', async () => {
    const down = cache.get('a', async () => Promise.reject(new Error('down')));
    await expect(down).rejects.toThrow('down');
    expect((await get('a')).length).toBe(32);
  });

  it('asks the key service again after five seconds whether it is ready', async () => {
    let ready = true;
    let asked = 0;
    const ask = async (): Promise<{ ready: boolean }> => {
      asked++;
      return { ready };
    };
    expect(await cache.readiness(ask)).toEqual({ ready: true });
    ready = false;
    elapsed = 4_999;
    expect(await cache.readiness(ask)).toEqual({ ready: true });
    elapsed = 5_000;
    expect(await cache.readiness(ask)).toEqual({ ready: false });
    expect(asked).toBe(2);
  });

  it('forgets everything when a key was destroyed', async () => {
    await get('a');
    cache.clear();
    await get('a');
    expect(loads).toEqual(['a', 'a']);
  });
});
