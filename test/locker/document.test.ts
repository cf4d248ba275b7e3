import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { fault } from '../../src/faults.ts';
import {
  find,
  leftovers,
  newCase,
  openWorld,
  pieces,
  readAll,
  recipient,
  reserve,
  scope,
  sender,
  share,
  store,
  stranger,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => world.close());

async function open(school: string, objectId: string): Promise<Uint8Array> {
  const readable = await find(world, school, objectId);
  if (readable === null) throw new Error('not visible');
  const opened = await world.locker.openDocument(readable);
  if (!opened.ok) throw new Error(opened.fault.code);
  return readAll(opened.value);
}

describe('storing and opening a document', () => {
  it.each([0, 1, 16_383, 16_384, 300_000, 3_000_000])('gives %i bytes back as they came', async (size) => {
    const bytes = randomBytes(size);
    const { result, reservation } = await store(world, await newCase(world), bytes);
    if (!result.ok) throw new Error(result.fault.code);
    expect(result.value).toMatchObject({ bytes: size, sha256: createHash('sha256').update(bytes).digest('hex') });
    const raw = await readAll((await world.objects.get(reservation.objectKey)) ?? pieces(new Uint8Array()));
    expect(raw.length).toBe(result.value.ciphertextBytes);
    expect(createHash('sha256').update(raw).digest('hex')).toBe(result.value.ciphertextSha256);
    expect(Buffer.compare(await open(sender, reservation.objectId), bytes)).toBe(0);
  });

  it('lets the recipient read from the deposit on, and nobody else', async () => {
    const bytes = randomBytes(50_000);
    const caseId = await newCase(world);
    const { reservation } = await store(world, caseId, bytes);
    expect(await find(world, recipient, reservation.objectId)).toBeNull();
    await share(world, caseId, recipient);
    expect(Buffer.compare(await open(recipient, reservation.objectId), bytes)).toBe(0);
    expect(await find(world, stranger, reservation.objectId)).toBeNull();
  });

  it('ends the access of the sender when the recipient has opened the package', async () => {
    const caseId = await newCase(world);
    const { reservation } = await store(world, caseId, randomBytes(10));
    await share(world, caseId, recipient);
    await world.test.database.transaction(scope(recipient), async (tx) => world.locker.dropCaseKey(tx, caseId, sender));
    expect(await find(world, sender, reservation.objectId)).toBeNull();
    expect((await open(recipient, reservation.objectId)).length).toBe(10);
  });

  it('can be deposited anew with another school after a return', async () => {
    const caseId = await newCase(world);
    const { reservation } = await store(world, caseId, randomBytes(10));
    await share(world, caseId, recipient);
    await world.test.database.transaction(scope(recipient), async (tx) =>
      world.locker.dropCaseKey(tx, caseId, recipient),
    );
    expect(await find(world, recipient, reservation.objectId)).toBeNull();
    await share(world, caseId, stranger);
    expect((await open(stranger, reservation.objectId)).length).toBe(10);
  });

  it('refuses to drop a key that is not there or not visible', async () => {
    const caseId = await newCase(world);
    const drop = world.test.database.transaction(scope(stranger), async (tx) =>
      world.locker.dropCaseKey(tx, caseId, sender),
    );
    await expect(drop).rejects.toThrow('0 rows');
  });

  it('opens nothing of a shredded case any more', async () => {
    const caseId = await newCase(world);
    const { reservation } = await store(world, caseId, randomBytes(10));
    const before = await find(world, sender, reservation.objectId);
    await world.test.database.transaction(systemScope('locker'), async (tx) => world.locker.shredCase(tx, caseId));
    expect(await find(world, sender, reservation.objectId)).toBeNull();
    expect(await world.locker.collectOrphans()).toBeGreaterThan(0);
    expect(before).not.toBeNull();
    if (before !== null) expect(await world.locker.openDocument(before)).toMatchObject({ ok: false });
  });

  it('lets a person read under the scope of the locker, by any key of the case', async () => {
    const bytes = randomBytes(100);
    const { reservation } = await store(world, await newCase(world), bytes);
    const readable = await world.test.database.transaction(systemScope('locker'), async (tx) =>
      world.locker.find(tx, { objectId: reservation.objectId, holder: null }),
    );
    const opened = readable === null ? null : await world.locker.openDocument(readable);
    expect(opened?.ok === true && Buffer.compare(await readAll(opened.value), bytes)).toBe(0);
  });

  it('shows what was reserved but not finished to nobody', async () => {
    const reservation = await reserve(world, await newCase(world));
    expect(await find(world, sender, reservation.objectId)).toBeNull();
  });

  it('refuses to be called inside a transaction', async () => {
    const caseId = await newCase(world);
    const reservation = await reserve(world, caseId);
    const inside = world.test.database.transaction(scope(sender), async () =>
      world.locker.storeDocument({ reservation, source: pieces(randomBytes(1)), maxBytes: 10 }),
    );
    await expect(inside).rejects.toThrow('inside a database transaction');
  });
});

describe('an upload that goes wrong leaves neither object nor row', () => {
  async function refused(more: Parameters<typeof store>[3], bytes = randomBytes(400_000)): Promise<string> {
    const caseId = await newCase(world);
    const before = await leftovers(world);
    const { result } = await store(world, caseId, bytes, more);
    expect(await leftovers(world)).toEqual(before);
    return result.ok ? 'stored' : result.fault.code;
  }

  async function* cut(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes;
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  }
  async function* stall(): AsyncGenerator<Uint8Array> {
    yield randomBytes(1000);
    await new Promise(() => undefined);
  }
  async function* trickle(): AsyncGenerator<Uint8Array> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield randomBytes(1);
    }
  }

  it('when it is cut short (connection lost)', async () => {
    expect(await refused({ source: cut(randomBytes(300_000)) })).toBe('document.truncated');
  });
  it('when it is shorter than announced', async () => {
    expect(await refused({ expectedBytes: 400_001 })).toBe('document.truncated');
  });
  it('when it is longer than announced', async () => {
    expect(await refused({ expectedBytes: 399_999 })).toBe('document.truncated');
  });
  it('U-10 when it is larger than allowed, whatever length was announced', async () => {
    expect(await refused({ maxBytes: 399_999 })).toBe('request.too-large');
    expect(await refused({ maxBytes: 399_999, expectedBytes: 400_000 })).toBe('request.too-large');
    expect(await refused({ maxBytes: 399_999, expectedBytes: 10 })).toBe('document.truncated');
  });
  it('U-10 when nothing comes any more', async () => {
    const pace = { idleMs: 50, minBytesPerSecond: 1, graceMs: 1_000 };
    expect(await refused({ source: stall(), pace })).toBe('document.too-slow');
  });
  it('U-10 when it trickles', async () => {
    const pace = { idleMs: 10_000, minBytesPerSecond: 2_000, graceMs: 100 };
    expect(await refused({ source: trickle(), pace })).toBe('document.too-slow');
  });
  it('when the caller gives up', async () => {
    expect(await refused({ source: stall(), signal: AbortSignal.timeout(50) })).toBe('document.truncated');
    expect(await refused({ source: stall(), signal: AbortSignal.abort() })).toBe('document.truncated');
  });
  it('U-12 when the digest is another', async () => {
    expect(await refused({ expectedSha256: 'ab'.repeat(32) })).toBe('document.digest-mismatch');
  });
  it('when the content is refused on its way or at the end', async () => {
    const reason = fault('document.not-what-it-says');
    expect(await refused({ onChunk: () => reason })).toBe(reason.code);
    expect(await refused({ onEnd: async () => reason })).toBe(reason.code);
  });
  it('and takes the next one as if nothing had been', async () => {
    const bytes = randomBytes(400_000);
    const expectedSha256 = createHash('sha256').update(bytes).digest('hex');
    const { result } = await store(world, await newCase(world), bytes, { expectedSha256, expectedBytes: 400_000 });
    expect(result.ok).toBe(true);
  });
});
