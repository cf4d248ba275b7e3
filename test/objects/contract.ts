import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../src/objects/store.ts';

export interface OpenedStore {
  readonly store: ObjectStore;
  /** What interrupted puts left behind, by whatever names the store gives it. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What every object store must do; run against each of them. */
export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`object store: ${name}`, () => {
    let opened: OpenedStore;
    let store: ObjectStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(async () => opened.close());

    it.each([0, 1, 300_000, 8 * 2 ** 20, 8 * 2 ** 20 + 1, 17 * 2 ** 20])('keeps %i bytes', async (size) => {
      const key = newKey();
      const bytes = randomBytes(size);
      expect(await store.put(key, pieces(bytes))).toBe('stored');
      expect(await store.head(key)).toEqual({ bytes: size });
      expect(Buffer.compare(await read(store, key), bytes)).toBe(0);
    });

    it('never overwrites, whatever the size', async () => {
      for (const size of [100, 9 * 2 ** 20]) {
        const key = newKey();
        const first = randomBytes(size);
        expect(await store.put(key, pieces(first))).toBe('stored');
        expect(await store.put(key, pieces(randomBytes(size)))).toBe('exists');
        expect(Buffer.compare(await read(store, key), first)).toBe(0);
        expect(await opened.leftovers()).toEqual([]);
      }
    });

    it('lets one of eight win who create the same key at once', async () => {
      const key = newKey();
      const bodies = Array.from({ length: 8 }, () => randomBytes(1000));
      const outcomes = await Promise.all(bodies.map((body) => store.put(key, pieces(body))));
      expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
      const winner = bodies[outcomes.indexOf('stored')] ?? new Uint8Array();
      expect(Buffer.compare(await read(store, key), winner)).toBe(0);
    });

    it('keeps nothing of a body that fails, small or large', async () => {
      for (const size of [1000, 17 * 2 ** 20]) {
        const key = newKey();
        const failure = new Error('the line is cut');
        await expect(store.put(key, failing(randomBytes(size), failure))).rejects.toBe(failure);
        expect(await store.head(key)).toBeNull();
        expect(await store.get(key)).toBeNull();
        expect(await opened.leftovers()).toEqual([]);
      }
    });

    it('does the same for a body that may be seen while it grows', async () => {
      const options = { visible: 'at-once' } as const;
      const [key, other] = [newKey(), newKey()];
      const bytes = randomBytes(300_000);
      expect(await store.put(key, pieces(bytes), options)).toBe('stored');
      expect(await store.put(key, pieces(randomBytes(10)), options)).toBe('exists');
      expect(await store.put(key, pieces(randomBytes(10)))).toBe('exists');
      expect(Buffer.compare(await read(store, key), bytes)).toBe(0);
      const failure = new Error('the line is cut');
      await expect(store.put(other, failing(bytes, failure), options)).rejects.toBe(failure);
      expect(await store.head(other)).toBeNull();
      expect(await opened.leftovers()).toEqual([]);
    });

    it('does not know what was never put', async () => {
      expect(await store.get(newKey())).toBeNull();
      expect(await store.head(newKey())).toBeNull();
      await store.delete(newKey());
      expect(await list(store, `${newKey()}/`)).toEqual([]);
    });

    it('gives ranges like HTTP does', async () => {
      const key = newKey();
      const bytes = randomBytes(1000);
      await store.put(key, pieces(bytes));
      const ranges: [number, number | undefined][] = [
        [0, 0],
        [10, 19],
        [990, 2000],
        [500, undefined],
        [1000, 1010],
      ];
      for (const [from, to] of ranges) {
        const expected = bytes.subarray(from, to === undefined ? undefined : to + 1);
        expect(Buffer.compare(await read(store, key, { from, to }), expected)).toBe(0);
      }
    });

    it('deletes, and the key is free again', async () => {
      const key = newKey();
      await store.put(key, pieces(randomBytes(10)));
      await store.delete(key);
      expect(await store.head(key)).toBeNull();
      expect(await store.put(key, pieces(randomBytes(10)))).toBe('stored');
    });

    it('lists by prefix in the order of bytes, from any place on', async () => {
      const root = newKey();
      const keys = ['a', 'a-b', 'a.b/c', 'b/a', 'b/a0', 'b/b/c', 'b0', 'c'].map((name) => `${root}/${name}`);
      for (const key of keys.toReversed()) await store.put(key, pieces(randomBytes(1)));
      const sorted = keys.toSorted();
      expect(await list(store, `${root}/`)).toEqual(sorted);
      expect(await list(store, `${root}/b`)).toEqual(sorted.filter((key) => key.startsWith(`${root}/b`)));
      for (const after of keys) {
        expect(await list(store, `${root}/`, after)).toEqual(sorted.filter((key) => key > after));
      }
    });

    it('replaces the one object that may change', async () => {
      const key = newKey();
      for (const size of [10, 5, 20]) {
        const bytes = randomBytes(size);
        await store.replace(key, bytes);
        expect(Buffer.compare(await read(store, key), bytes)).toBe(0);
      }
    });

    it.each(['', '/', '../a', 'a/../b', 'a//b', '.incoming/a', 'a/.b', '/a', 'a/', 'a\\b', 'a\0b', 'x'.repeat(600)])(
      'refuses the key %j',
      async (key) => {
        await expect(store.put(key, pieces(randomBytes(1)))).rejects.toThrow('not an object key');
        await expect(Promise.resolve().then(async () => store.get(key))).rejects.toThrow('not an object key');
        await expect(Promise.resolve().then(async () => store.head(key))).rejects.toThrow('not an object key');
        await expect(Promise.resolve().then(async () => store.delete(key))).rejects.toThrow('not an object key');
        await expect(Promise.resolve().then(async () => store.replace(key, randomBytes(1)))).rejects.toThrow(
          'not an object key',
        );
      },
    );

    it('passes its own start-up test', async () => {
      await store.selfTest();
      expect(await list(store, 'self-test/')).toEqual([]);
    });
  });
}

export function newKey(): string {
  return `contract/${randomBytes(8).toString('hex')}`;
}

export async function* pieces(bytes: Uint8Array, size = 262_144): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* failing(bytes: Uint8Array, failure: Error): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces(bytes);
  throw failure;
}

export async function read(store: ObjectStore, ...of: Parameters<ObjectStore['get']>): Promise<Uint8Array> {
  const body = await store.get(...of);
  if (body === null) throw new Error('no such object');
  const all: Uint8Array[] = [];
  for await (const piece of body) all.push(piece);
  return Buffer.concat(all);
}

async function list(store: ObjectStore, ...of: Parameters<ObjectStore['list']>): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(...of)) keys.push(key);
  return keys;
}
