import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type R2Server, startR2 } from '../objects/r2.ts';
import { find, newCase, openWorld, readAll, sender, store, type World } from './world.ts';

let world: World;
let server: R2Server;
beforeAll(async () => {
  [world, server] = await Promise.all([openWorld(), startR2()]);
});
afterAll(async () => Promise.all([world.close(), server.close()]));

it.each([0, 300_000, 9_000_000])('keeps %i bytes in an S3 store as in a directory', async (size) => {
  const locker = world.reopen({ objects: server.open() });
  const bytes = randomBytes(size);
  const { result, reservation } = await store(world, await newCase(world), bytes, { locker });
  expect(result.ok).toBe(true);
  const readable = await find(world, sender, reservation.objectId);
  const opened = readable === null ? null : await locker.openDocument(readable);
  expect(opened?.ok === true && Buffer.compare(await readAll(opened.value), bytes)).toBe(0);
});

it('keeps nothing in an S3 store of an upload that broke off', async () => {
  const objects = server.open();
  const count = async (): Promise<number> => {
    let found = 0;
    for await (const key of objects.list('objects/')) found += key.length > 0 ? 1 : 0;
    return found;
  };
  const before = await count();
  async function* cut(): AsyncGenerator<Uint8Array, void, undefined> {
    yield randomBytes(20_000_000);
    throw new Error('the line is cut');
  }
  const { result } = await store(world, await newCase(world), new Uint8Array(), {
    locker: world.reopen({ objects }),
    source: cut(),
  });
  expect(result).toMatchObject({ ok: false, fault: { code: 'document.truncated' } });
  expect(await count()).toBe(before);
});
