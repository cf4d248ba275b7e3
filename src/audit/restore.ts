import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import type { ObjectStore } from '../objects/store.ts';
import { equalBytes } from './bytes.ts';
import { parseEntry } from './entry.ts';
import { hashLeaf } from './hash.ts';
import type { LogName } from './log-name.ts';
import { type LogHead, LogStopped, moveHead, readHead } from './log-state.ts';
import { type PublishedCheckpoint, readBundle, readCheckpoint } from './log-store.ts';
import { appendLeaves, type CompactRange, rootOf } from './merkle.ts';
import type { VerifierKey } from './note.ts';
import { openSchoolPlaces } from './school-places.ts';
import { type PlacedEntry, storeEntries } from './sequencer.ts';
import { auditPending, checkpoints, logSlices } from './tables.ts';
import { tileWidthIn } from './tiles.ts';

export interface Restoring {
  readonly database: Database;
  readonly store: ObjectStore;
  readonly log: LogName;
  readonly logKey: VerifierKey;
}

/**
 * The rule of every start, after the claim and before the first append: the bucket's checkpoint and the database agree,
 * or the database has been rolled back and is brought up again from the bucket, or the log stops.
 * Gives the number of entries replayed.
 *
 * @throws LogStopped when the two have forked
 */
export async function reconcileLog(restoring: Restoring): Promise<number> {
  const { database, store, log, logKey } = restoring;
  const published = await readCheckpoint(store, log, logKey);
  const { head, row, everPublished } = await database.transaction(systemScope('sequencer'), async (tx) => ({
    head: await readHead(tx, log.origin),
    row: published === null ? null : await findCheckpoint(tx, published),
    everPublished: await hasPublished(tx, log.origin),
  }));
  if (published === null) {
    if (everPublished) throw new LogStopped('forked', 'the bucket has lost its checkpoint');
    return 0;
  }
  if (published.size > head.range.size) return replay(restoring, published, head);
  // The row is stored before a note leaves, so a published checkpoint that the database does not know is of another log.
  if (row === null || !equalBytes(row.root, published.root)) {
    throw new LogStopped('forked', 'the bucket has a checkpoint that this database never signed');
  }
  if (published.size === head.range.size && !equalBytes(published.root, head.root)) {
    throw new LogStopped('forked', 'bucket and database have different roots for one size');
  }
  return 0;
}

async function replay(restoring: Restoring, published: PublishedCheckpoint, head: LogHead): Promise<number> {
  // Before anything is written the whole of it must lead to the signed root.
  let range = head.range;
  for await (const placed of placedEntries(restoring, head.range.size, published.size)) range = grow(range, placed);
  if (!equalBytes(rootOf(range), published.root)) {
    throw new LogStopped('forked', 'the database is not a beginning of the log in the bucket');
  }
  const schools = await restoring.database.transaction(systemScope('sequencer'), (tx) =>
    openSchoolPlaces(tx, restoring.log.origin),
  );
  for await (const placed of placedEntries(restoring, head.range.size, published.size)) {
    const found = placed.map((row) => ({ ...row, school: schools.find(row.entry) }));
    await restoring.database.transaction(systemScope('sequencer'), (tx) => replayBundle(tx, restoring.log, found));
  }
  await restoring.database.transaction(systemScope('sequencer'), (tx) =>
    tx
      .insert(checkpoints)
      .values({ ...published, publishedAt: sql`now()` })
      .onConflictDoNothing(),
  );
  return Number(published.size - head.range.size);
}

async function replayBundle(tx: Transaction, { origin }: LogName, bundle: readonly PlacedEntry[]): Promise<void> {
  const head = await readHead(tx, origin);
  const placed = await withEventIds(tx, bundle);
  const range = await storeEntries(tx, origin, { placed, range: head.range });
  await moveHead(tx, origin, { from: head, to: range, at: head.time });
  for (const { board, school } of placed) {
    // A slice that was opened after the backup: which board it is of went with the database.
    await tx
      .insert(logSlices)
      .values({ origin, kind: 'board', owner: `restored ${board.slice}`, slice: board.slice, size: board.seq })
      .onConflictDoUpdate({ target: [logSlices.origin, logSlices.slice], set: { size: board.seq } });
    if (school !== null) {
      const isOfSchool = and(eq(logSlices.origin, origin), eq(logSlices.slice, school.slice));
      await tx.update(logSlices).set({ size: school.seq }).where(isOfSchool);
    }
  }
}

/** What the backup still holds as pending is in the log already: it must not come in twice. */
async function withEventIds(tx: Transaction, bundle: readonly PlacedEntry[]): Promise<PlacedEntry[]> {
  const nonces = new Map(bundle.map((row) => [nonceOf(row.entry), row.idx] as const));
  const nonce = sql<string>`(${auditPending.body}::jsonb ->> 'nonce')`;
  const pending = await tx
    .delete(auditPending)
    .where(inArray(nonce, [...nonces.keys()]))
    .returning({ eventId: auditPending.eventId, nonce });
  const eventIds = new Map(pending.map((row) => [nonces.get(row.nonce), row.eventId] as const));
  return bundle.map((row) => ({ ...row, eventId: eventIds.get(row.idx) ?? null }));
}

async function* placedEntries({ store, log }: Restoring, from: bigint, to: bigint): AsyncIterable<PlacedEntry[]> {
  for (let index = from / 256n; index * 256n < to; index++) {
    const entries = await readBundle(store, log, { level: 'entries', index, width: tileWidthIn(0, index, to) });
    yield entries.map((entry, at) => placedEntry(index * 256n + BigInt(at), entry)).filter(({ idx }) => idx >= from);
  }
}

function placedEntry(idx: bigint, bytes: Uint8Array): PlacedEntry {
  const parsed = parseEntry(bytes);
  if (!parsed.ok) throw new LogStopped('damaged', `entry ${idx} in the bucket is malformed`);
  const { boardSlice, boardSeq } = parsed.value;
  const board = { slice: boardSlice, seq: BigInt(boardSeq) };
  return { idx, leaf: hashLeaf(bytes), entry: new TextDecoder().decode(bytes), board, school: null, eventId: null };
}

function grow(range: CompactRange, placed: readonly PlacedEntry[]): CompactRange {
  return appendLeaves(
    range,
    placed.map(({ leaf }) => leaf),
  );
}

function nonceOf(entry: string): string {
  const parsed = parseEntry(new TextEncoder().encode(entry));
  return parsed.ok ? parsed.value.nonce : '';
}

async function findCheckpoint(
  tx: Transaction,
  { origin, size }: PublishedCheckpoint,
): Promise<{ readonly root: Uint8Array } | null> {
  const [row] = await tx
    .select({ root: checkpoints.root })
    .from(checkpoints)
    .where(and(eq(checkpoints.origin, origin), eq(checkpoints.size, size)));
  return row ?? null;
}

async function hasPublished(tx: Transaction, origin: string): Promise<boolean> {
  const published = sql<boolean>`${checkpoints.publishedAt} is not null`;
  const rows = await tx
    .select({ origin: checkpoints.origin })
    .from(checkpoints)
    .where(and(eq(checkpoints.origin, origin), published))
    .limit(1);
  return rows.length > 0;
}
