import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../src/clock.ts';
import { systemScope } from '../../src/database/scope.ts';
import { openLocalFileKeyService } from '../../src/keys/local-file.node.ts';
import type { KeyService } from '../../src/keys/service.ts';
import { type Locker, openLocker } from '../../src/locker/locker.ts';
import type { ReadableObject } from '../../src/locker/open-document.ts';
import type { ObjectReservation, StoreDocumentInput, StoredDocument } from '../../src/locker/store-document.ts';
import { objects as objectRows } from '../../src/locker/tables.ts';
import { openDirectoryStore } from '../../src/objects/directory.node.ts';
import type { ObjectStore } from '../../src/objects/store.ts';
import type { Result } from '../../src/result.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export const sender = 'B113100000013';
export const recipient = 'D113100000021';
export const stranger = 'C113100000037';

export interface World {
  readonly test: TestDatabase;
  readonly locker: Locker;
  readonly objects: ObjectStore;
  readonly keys: KeyService;
  readonly folder: string;
  readonly keyFile: string;
  readonly clock: Clock & { set(to: Date): void };
  /** The same database and store behind other parts, e.g. a store that fails. */
  reopen(parts: { readonly objects?: ObjectStore; readonly keys?: KeyService }): Locker;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const test = await createTestDatabase();
  const folder = await mkdtemp(path.join(tmpdir(), 'hikitsugi-locker-'));
  const keyFile = path.join(folder, 'keys.json');
  const objects = await openDirectoryStore(path.join(folder, 'objects'));
  const keys = await openLocalFileKeyService(keyFile);
  let now = new Date('2027-03-25T01:00:00Z');
  const clock = { now: () => now, set: (to: Date) => void (now = to) };
  const parts = { database: test.database, objects, keys, clock };
  return {
    test,
    locker: openLocker(parts),
    objects,
    keys,
    folder,
    keyFile,
    clock,
    reopen: (other) => openLocker({ ...parts, ...other }),
    async close() {
      await test.drop();
      await rm(folder, { recursive: true });
    },
  };
}

export function scope(school: string) {
  return { actor: `staff:${school}`, school };
}

export async function newCase(world: World, locker = world.locker): Promise<string> {
  const caseId = randomUUID();
  const key = await locker.newCaseKey(sender);
  await world.test.database.transaction(scope(sender), async (tx) => key.store(tx, caseId));
  return caseId;
}

export async function reserve(world: World, caseId: string, mediaType = 'application/pdf'): Promise<ObjectReservation> {
  const identity = { organisation: sender, caseId, objectId: randomUUID(), mediaType };
  const reserved = await world.test.database.transaction(scope(sender), async (tx) =>
    world.locker.reserve(tx, identity),
  );
  if (reserved === null) throw new Error('no key of the case');
  return reserved;
}

export async function store(
  world: World,
  caseId: string,
  bytes: Uint8Array,
  more: Partial<StoreDocumentInput> & { readonly locker?: Locker } = {},
): Promise<{ result: Result<StoredDocument>; reservation: ObjectReservation }> {
  const reservation = await reserve(world, caseId);
  const { locker = world.locker, ...input } = more;
  const result = await locker.storeDocument({ reservation, source: pieces(bytes), maxBytes: 2 ** 30, ...input });
  if (result.ok) {
    await world.test.database.transaction(scope(sender), async (tx) => world.locker.markStored(tx, result.value));
  }
  return { result, reservation };
}

export async function find(world: World, school: string, objectId: string): Promise<ReadableObject | null> {
  return world.test.database.transaction(scope(school), async (tx) =>
    world.locker.find(tx, { objectId, holder: school }),
  );
}

export async function share(world: World, caseId: string, to: string): Promise<void> {
  const wrap = await world.locker.shareCaseKey(scope(sender), { caseId, from: sender, to });
  if (wrap === null) throw new Error('no key of the case');
  await world.test.database.transaction(scope(sender), async (tx) => wrap.store(tx));
}

/** Rows and objects that are there, past all policies. */
export async function leftovers(world: World): Promise<{ rows: string[]; keys: string[]; incoming: string[] }> {
  const rows = await world.test.database.transaction(systemScope('locker'), async (tx) =>
    tx.select({ id: objectRows.id, state: objectRows.state }).from(objectRows),
  );
  const keys: string[] = [];
  for await (const key of world.objects.list('')) keys.push(key);
  return {
    rows: rows.map((row) => `${row.state} ${row.id}`),
    keys,
    incoming: await readdir(path.join(world.folder, 'objects', '.incoming')),
  };
}

export async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function readAll(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of source) all.push(piece);
  return Buffer.concat(all);
}
