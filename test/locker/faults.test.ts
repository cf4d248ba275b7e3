import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeyServiceUnavailable } from '../../src/keys/service.ts';
import type { ObjectStore } from '../../src/objects/store.ts';
import {
  find,
  leftovers,
  newCase,
  openWorld,
  pieces,
  readAll,
  reserve,
  scope,
  sender,
  store,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => world.close());
beforeEach(() => world.clock.set(new Date('2027-03-25T01:00:00Z')));

function fileOf(objectKey: string): string {
  return path.join(world.folder, 'objects', objectKey);
}

/** The real store with one fault in front of it, as a network or a disk makes it. */
function faulty(fault: Partial<ObjectStore>): ObjectStore {
  return { ...world.objects, ...fault };
}

async function download(objectId: string): Promise<{ bytes: number; fault: string | null; broken: string | null }> {
  const readable = await find(world, sender, objectId);
  if (readable === null) throw new Error('not visible');
  const opened = await world.locker.openDocument(readable);
  if (!opened.ok) return { bytes: 0, fault: `${opened.fault.code} ${opened.fault.detail}`, broken: null };
  let bytes = 0;
  try {
    for await (const piece of opened.value) bytes += piece.length;
    return { bytes, fault: null, broken: null };
  } catch (error) {
    return { bytes, fault: null, broken: error instanceof Error ? error.message : 'unknown' };
  }
}

describe('the store fails while a document is stored', () => {
  it('F-04 a put that was kept though it failed counts after its digest was compared', async () => {
    const objects = faulty({
      async put(key, body, options) {
        await world.objects.put(key, body, options);
        return 'exists';
      },
    });
    const { result, reservation } = await store(world, await newCase(world), randomBytes(300_000), {
      locker: world.reopen({ objects }),
    });
    expect(result.ok).toBe(true);
    expect(await download(reservation.objectId)).toMatchObject({ bytes: 300_000, fault: null });
  });

  it('F-04 does not count when other bytes lie there, and leaves nothing', async () => {
    const caseId = await newCase(world);
    const before = await leftovers(world);
    const objects = faulty({
      async put(key, body) {
        await readAll(body);
        await world.objects.put(key, pieces(randomBytes(300_416)));
        return 'exists';
      },
    });
    const put = store(world, caseId, randomBytes(300_000), { locker: world.reopen({ objects }) });
    await expect(put).rejects.toThrow('the key of a new object was taken');
    expect(await leftovers(world)).toEqual(before);
  });

  it.each([
    ['missing', async (key: string) => world.objects.delete(key)],
    ['short', async (key: string) => truncate(fileOf(key), 1000)],
  ])('F-05 acknowledges nothing when the object is %s afterwards', async (_, damage) => {
    const caseId = await newCase(world);
    const before = await leftovers(world);
    const objects = faulty({
      async put(key, body, options) {
        const outcome = await world.objects.put(key, body, options);
        await damage(key);
        return outcome;
      },
    });
    const put = store(world, caseId, randomBytes(300_000), { locker: world.reopen({ objects }) });
    await expect(put).rejects.toThrow('lost or cut');
    expect(await leftovers(world)).toEqual(before);
  });

  it('leaves row and object to the collector when even the cleaning fails', async () => {
    const caseId = await newCase(world);
    const before = await leftovers(world);
    const down = async (): Promise<never> => Promise.reject(new Error('the store is down'));
    const objects = faulty({ head: down, delete: down });
    const put = store(world, caseId, randomBytes(1000), { locker: world.reopen({ objects }) });
    await expect(put).rejects.toThrow('the store is down');
    expect((await leftovers(world)).rows.filter((row) => row.startsWith('deleting'))).toHaveLength(1);
    expect(await world.locker.collectOrphans()).toBe(1);
    expect(await leftovers(world)).toEqual(before);
  });

  it('does not delete a stored object when its reservation is used again', async () => {
    const { reservation } = await store(world, await newCase(world), randomBytes(1000));
    const again = world.locker.storeDocument({ reservation, source: pieces(randomBytes(1000)), maxBytes: 2000 });
    await expect(again).rejects.toThrow('taken');
    expect(await download(reservation.objectId)).toMatchObject({ bytes: 1000, fault: null });
  });
});

describe('the store gives back something else', () => {
  it('F-07 releases nothing of a short document that is damaged anywhere, and says so before it begins', async () => {
    const { reservation } = await store(world, await newCase(world), randomBytes(300_000));
    const file = fileOf(reservation.objectKey);
    const bad = await readFile(file);
    bad[bad.length - 20] = (bad[bad.length - 20] ?? 0) ^ 1;
    await writeFile(file, bad);
    const answer = await download(reservation.objectId);
    expect(answer).toMatchObject({ bytes: 0, broken: null });
    expect(answer.fault).toContain('corrupt-chunk');
  });

  it('F-07 stops before a chunk with a flipped bit, and the chunks before it are right', async () => {
    const bytes = randomBytes(1_000_000);
    const { reservation } = await store(world, await newCase(world), bytes);
    const file = fileOf(reservation.objectKey);
    const good = await readFile(file);
    for (const chunk of [0, 20, 40, 61]) {
      const bad = Buffer.from(good);
      const at = 64 + chunk * 16_400 + 5;
      bad[at] = (bad[at] ?? 0) ^ 1;
      await writeFile(file, bad);
      const { bytes: released, fault, broken } = await download(reservation.objectId);
      expect(released).toBeLessThanOrEqual(chunk * 16_384);
      expect(fault ?? broken).toContain('corrupt-chunk');
    }
    await writeFile(file, good);
    expect(await download(reservation.objectId)).toMatchObject({ bytes: 1_000_000, broken: null });
  });

  it('F-08 opens neither of two swapped objects of one case', async () => {
    const caseId = await newCase(world);
    const [one, two] = [await store(world, caseId, randomBytes(5000)), await store(world, caseId, randomBytes(5000))];
    const [a, b] = [fileOf(one.reservation.objectKey), fileOf(two.reservation.objectKey)];
    await rename(a, `${a}.x`);
    await rename(b, a);
    await rename(`${a}.x`, b);
    for (const { reservation } of [one, two]) {
      const { fault } = await download(reservation.objectId);
      expect(fault).toBe('document.unreadable object: wrong-key-or-context');
    }
  });

  it('F-08 refuses a row that points to the object of another, key and all', async () => {
    const caseId = await newCase(world);
    const [one, two] = [await store(world, caseId, randomBytes(5000)), await store(world, caseId, randomBytes(5000))];
    const mine = await find(world, sender, one.reservation.objectId);
    const other = await find(world, sender, two.reservation.objectId);
    if (mine === null || other === null) throw new Error('not visible');
    const forged = { ...mine, objectKey: other.objectKey, wrappedKey: other.wrappedKey };
    expect(await world.locker.openDocument(forged)).toMatchObject({
      fault: { code: 'document.unreadable', detail: 'key: wrong-key-or-context' },
    });
    const otherType = { ...mine, mediaType: 'text/html' };
    expect(await world.locker.openDocument(otherType)).toMatchObject({ ok: false });
  });

  it('releases nothing beyond a cut, wherever it is', async () => {
    const { reservation } = await store(world, await newCase(world), randomBytes(40_000));
    const file = fileOf(reservation.objectKey);
    const good = await readFile(file);
    for (const length of [0, 10, 64, 64 + 16_400, 64 + 2 * 16_400, good.length - 1]) {
      await writeFile(file, good.subarray(0, length));
      const { fault, broken } = await download(reservation.objectId);
      expect(fault ?? broken).toMatch(/truncated|corrupt-chunk/);
    }
  });

  it('says that an object is missing', async () => {
    const { reservation } = await store(world, await newCase(world), randomBytes(10));
    await world.objects.delete(reservation.objectKey);
    expect(await download(reservation.objectId)).toMatchObject({ fault: 'document.unreadable object-missing' });
  });
});

describe('the key service fails', () => {
  it('F-17 refuses uploads and new cases, stores nothing, and reads from its cache alone', async () => {
    const locker = world.reopen({});
    const caseId = await newCase(world);
    const { reservation } = await store(world, caseId, randomBytes(10));
    const readable = await find(world, sender, reservation.objectId);
    if (readable === null) throw new Error('not visible');
    expect((await locker.openDocument(readable)).ok).toBe(true);
    const second = await reserve(world, caseId);
    const before = await leftovers(world);
    await rename(world.keyFile, `${world.keyFile}.away`);
    try {
      expect((await locker.openDocument(readable)).ok).toBe(true);
      await expect(world.reopen({}).openDocument(readable)).rejects.toThrow(KeyServiceUnavailable);
      await expect(world.reopen({}).newCaseKey('A113100000099')).rejects.toThrow(KeyServiceUnavailable);
      const upload = locker.storeDocument({ reservation: second, source: pieces(randomBytes(10)), maxBytes: 100 });
      await expect(upload).rejects.toThrow(KeyServiceUnavailable);
    } finally {
      await rename(`${world.keyFile}.away`, world.keyFile);
    }
    const after = await leftovers(world);
    expect(after.keys).toEqual(before.keys);
    expect(after.rows).toHaveLength(before.rows.length - 1);
    expect((await store(world, caseId, randomBytes(10))).result.ok).toBe(true);
  });

  it('F-18 names the key when the key service gives a wrong one, before any byte', async () => {
    const caseId = await newCase(world);
    const { reservation } = await store(world, caseId, randomBytes(10));
    const readable = await find(world, sender, reservation.objectId);
    if (readable === null) throw new Error('not visible');
    const wrong = world.reopen({ keys: { ...world.keys, unwrap: async () => randomBytes(32) } });
    expect(await wrong.openDocument(readable)).toMatchObject({
      fault: { code: 'document.unreadable', detail: 'key: wrong-key-or-context' },
    });
  });

  it('makes one organisation key when many ask at once, in two processes', async () => {
    const school = { actor: 'staff:x', school: 'A113100000042' };
    const [one, two] = [world.reopen({}), world.reopen({})];
    const asked = Array.from({ length: 5 }, () => [one.newCaseKey('A113100000042'), two.newCaseKey('A113100000042')]);
    const keys = await Promise.all(asked.flat());
    await world.test.database.transaction(school, async (tx) => {
      for (const [i, key] of keys.entries()) await key.store(tx, `case-${i}`);
    });
    for (let i = 0; i < keys.length; i++) {
      const shared = await world
        .reopen({})
        .shareCaseKey(school, { caseId: `case-${i}`, from: 'A113100000042', to: sender });
      expect(shared).not.toBeNull();
    }
  });

  it('wraps under the key of the month and reads those of earlier months', async () => {
    const caseId = await newCase(world);
    const { reservation } = await store(world, caseId, randomBytes(10));
    world.clock.set(new Date('2027-04-02T00:00:00Z'));
    const later = world.reopen({});
    const next = await newCase(world, later);
    expect((await store(world, next, randomBytes(10), { locker: later })).result.ok).toBe(true);
    const readable = await find(world, sender, reservation.objectId);
    expect(readable?.wrap.month).toBe('2027-03');
    if (readable !== null) expect((await later.openDocument(readable)).ok).toBe(true);
  });
});

describe('collecting what nobody finished', () => {
  it('F-01 removes row and object of an upload that died, after the grace time and not before', async () => {
    const before = await leftovers(world);
    const reservation = await reserve(world, await newCase(world));
    await world.objects.put(reservation.objectKey, pieces(randomBytes(100)));
    world.clock.set(new Date('2027-03-26T00:59:00Z'));
    expect(await world.locker.collectOrphans()).toBe(0);
    world.clock.set(new Date('2027-03-26T01:01:00Z'));
    expect(await world.locker.collectOrphans()).toBe(1);
    expect(await leftovers(world)).toEqual(before);
  });

  it('F-21 lets a finish that comes too late fail, and never deletes a committed object', async () => {
    const reservation = await reserve(world, await newCase(world));
    const source = pieces(randomBytes(100));
    const stored = await world.locker.storeDocument({ reservation, source, maxBytes: 100 });
    if (!stored.ok) throw new Error(stored.fault.code);
    const { reservation: committed } = await store(world, await newCase(world), randomBytes(100));
    world.clock.set(new Date('2027-03-26T02:00:00Z'));
    expect(await world.locker.collectOrphans()).toBe(1);
    const late = world.test.database.transaction(scope(sender), async (tx) =>
      world.locker.markStored(tx, stored.value),
    );
    await expect(late).rejects.toThrow('0 rows');
    expect(await download(committed.objectId)).toMatchObject({ bytes: 100 });
  });

  it('removes a document that was taken out of a draft', async () => {
    const { reservation } = await store(world, await newCase(world), randomBytes(100));
    await world.test.database.transaction(scope(sender), async (tx) => world.locker.discard(tx, reservation.objectId));
    expect(await find(world, sender, reservation.objectId)).toBeNull();
    expect(await world.locker.collectOrphans()).toBe(1);
    expect(await world.objects.head(reservation.objectKey)).toBeNull();
  });
});

describe('no plaintext on any disk', () => {
  it('U-17 neither while an upload runs nor after it broke off', async () => {
    const canary = 'canary-of-a-pupil';
    const reservation = await reserve(world, await newCase(world));
    const seen: boolean[] = [];
    async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
      for (let i = 0; i < 20; i++) {
        yield Buffer.from(canary.repeat(4000));
        seen.push(await anyFileHolds(canary));
      }
      throw new Error('the line is cut');
    }
    const result = await world.locker.storeDocument({ reservation, source: source(), maxBytes: 2 ** 30 });
    expect(result).toMatchObject({ ok: false, fault: { code: 'document.truncated' } });
    expect(seen).toHaveLength(20);
    expect(seen).not.toContain(true);
    expect(await anyFileHolds(canary)).toBe(false);
    await store(world, await newCase(world), Buffer.from(canary.repeat(10_000)));
    expect(await anyFileHolds(canary)).toBe(false);
    await writeFile(path.join(world.folder, 'proof-that-the-search-finds-it'), canary);
    expect(await anyFileHolds(canary)).toBe(true);
  });
});

async function anyFileHolds(text: string): Promise<boolean> {
  for (const entry of await readdir(world.folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && (await readFile(path.join(entry.parentPath, entry.name))).includes(text)) return true;
  }
  return false;
}
