import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../src/audit/checkpoint.ts';
import { hashLeaf } from '../../src/audit/hash.ts';
import { openLogKey } from '../../src/audit/log-key.ts';
import { appendLeaves, emptyRange, rootOf } from '../../src/audit/merkle.ts';
import { formatVerifierKey } from '../../src/audit/note.ts';
import { formatWitnessRequest } from '../../src/audit/witness-request.ts';
import { hikitsugi } from './support/command-line.ts';

describe('hikitsugi witness', async () => {
  const log = await openLogKey('hikitsugi.example/log/2026', new Uint8Array(randomBytes(32)));
  const logKey = formatVerifierKey(log.key);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hikitsugi-witness-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const at = (...parts: string[]) => join(folder, ...parts);
  const base = ['witness', '--folder', '', '--name', 'board.example/w1'];
  const args = (name: string, ...more: string[]) => base.map((one) => one || at(name)).concat(more);

  async function request(oldSize: bigint, leaf: string): Promise<string> {
    const range = appendLeaves(emptyRange, [hashLeaf(new TextEncoder().encode(leaf))]);
    const checkpoint = await signCheckpoint({ origin: log.key.name, size: 1n, root: rootOf(range) }, log);
    return formatWitnessRequest({ oldSize, proof: [], checkpoint });
  }

  /** Runs it while something is done, on a port of the system's choice. */
  async function running(name: string, work: (ask: (body: string) => Promise<Response>) => Promise<void>) {
    const end = Promise.withResolvers<void>();
    const listening = Promise.withResolvers<string>();
    const told: string[] = [];
    const ran = hikitsugi(args(name, '--log', logKey, '--port', '0'), {
      locale: 'en',
      ended: end.promise,
      tell: (line) => {
        told.push(line);
        listening.resolve(/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? '');
      },
    });
    try {
      const address = await Promise.race([listening.promise, ran.then((one) => Promise.reject(new Error(one.error)))]);
      await work((body) => fetch(`http://${address}/add-checkpoint`, { method: 'POST', body }));
    } finally {
      end.resolve();
    }
    return { ran: await ran, told };
  }

  it('makes a key and an empty state, once, and prints the key for policy files', async () => {
    const made = await hikitsugi(args('one', '--new'));
    expect(made.exit).toBe(0);
    expect(made.out.split('\n').at(-1)).toMatch(/^board\.example\/w1\+[0-9a-f]{8}\+B[A-Za-z0-9+/]{43}$/);
    const again = await hikitsugi(args('one', '--new'), { locale: 'en' });
    expect([again.exit, again.error]).toEqual([2, expect.stringContaining('there is a witness in')]);
    expect((await hikitsugi(args('one', '--new', '--json'))).out).toContain('witness.exists');
  });

  it('cosigns until it is ended, remembers, and keeps a second history as evidence', async () => {
    const first = await running('one', async (ask) => {
      const answer = await ask(await request(0n, 'a'));
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/^— board\.example\/w1 /)]);
    });
    expect(first.ran).toMatchObject({ exit: 0, error: '' });
    const second = await running('one', async (ask) => {
      expect((await ask(await request(0n, 'a'))).status).toBe(409);
      expect((await ask(await request(1n, 'b'))).status).toBe(409);
      expect((await ask(await request(1n, 'a'))).status).toBe(200);
    });
    expect(second.told[1]).toContain('second history');
    const [name = ''] = await readdir(at('one', 'evidence'));
    expect(await readFile(at('one', 'evidence', name), 'utf8')).toContain(await request(1n, 'b'));
  });

  it('runs once at a time, and never with a state that is gone or damaged', async () => {
    await running('one', async () => {
      const twice = await hikitsugi(args('one', '--log', logKey, '--port', '0'), { locale: 'en' });
      expect([twice.exit, twice.error]).toEqual([3, expect.stringContaining('another process')]);
    });
    const state = at('one', 'witness-state.json');
    const text = await readFile(state, 'utf8');
    await writeFile(state, '{}');
    const damaged = await hikitsugi(args('one', '--log', logKey), { locale: 'en' });
    expect([damaged.exit, damaged.error]).toEqual([3, expect.stringContaining('cannot be read')]);
    await rm(state);
    const gone = await hikitsugi(args('one', '--log', logKey), { locale: 'en' });
    expect([gone.exit, gone.error]).toEqual([3, expect.stringContaining('must not begin again')]);
    await writeFile(state, text);
  });

  it('says what is missing or wrong on its command line', async () => {
    for (const wrong of [
      ['witness', '--folder', at('one'), '--name', 'x'],
      ['witness', '--name', 'x', '--new'],
      args('one', '--log', 'no-key'),
      args('one', '--log', logKey, '--port', 'x'),
      args('none', '--log', logKey),
    ]) {
      expect((await hikitsugi(wrong)).exit).toBe(2);
    }
  });
});
