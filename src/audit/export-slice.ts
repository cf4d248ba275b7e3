import { and, desc, eq, gte, isNotNull, lt, lte } from 'drizzle-orm';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/connection.ts';
import type { ActorScope } from '../database/scope.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { type NoteSigner, parseNote } from './note.ts';
import type { OwnEntry } from './slice-file.ts';
import { type SliceKind, signStatement } from './slice-statement.ts';
import { auditLog, checkpoints, logSlices } from './tables.ts';

/** One slice as its owner sees it at the newest published checkpoint. */
export interface OwnSlice {
  readonly origin: string;
  readonly kind: SliceKind;
  readonly owner: string;
  readonly slice: string;
  readonly key: Uint8Array | null;
  /** Entries before the checkpoint. */
  readonly entries: bigint;
  /** The checkpoint with its cosignatures, verbatim. */
  readonly checkpoint: string;
  readonly checkpointSize: bigint;
}

/** The slices of whoever the scope acts for, in all logs, the newest first. Row level security gives no others. */
export async function listOwnSlices(database: Database, scope: ActorScope): Promise<OwnSlice[]> {
  return database.transaction(scope, async (tx) => {
    const rows = await tx
      .select()
      .from(logSlices)
      .where(eq(logSlices.owner, scope.school ?? ''))
      .orderBy(desc(logSlices.origin), logSlices.kind)
      .limit(maxSlices);
    const slices: OwnSlice[] = [];
    for (const row of rows) {
      const slice = await atNewestCheckpoint(tx, row);
      if (slice !== null) slices.push(slice);
    }
    return slices;
  });
}

/** Two kinds and ten years, and some. */
const maxSlices = 50;

/** One of them by its name; null for another's as for none. */
export async function findOwnSlice(tx: Transaction, scope: ActorScope, slice: string): Promise<OwnSlice | null> {
  const [row] = await tx
    .select()
    .from(logSlices)
    .where(and(eq(logSlices.slice, slice), eq(logSlices.owner, scope.school ?? '')));
  return row === undefined ? null : atNewestCheckpoint(tx, row);
}

/** The signed statement of its size. */
export async function stateSlice(slice: OwnSlice, signer: NoteSigner, clock: Clock): Promise<string> {
  const note = parseNote(slice.checkpoint);
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  if (!checkpoint.ok) throw new Error('a published checkpoint cannot be read');
  const { kind, owner, entries } = slice;
  const statement = { checkpoint: checkpoint.value, kind, owner, slice: slice.slice, entries, time: clock.now() };
  return signStatement(statement, signer);
}

/**
 * Entries by their numbers in the slice, from the first to the last and as many as the slice has; a few hundred at a time, each in a
 * transaction of its own, so that a slow reader holds nothing.
 */
export async function* readOwnEntries(
  database: Database,
  scope: ActorScope,
  { slice, from, to }: { readonly slice: OwnSlice; readonly from: bigint; readonly to: bigint },
): AsyncIterable<OwnEntry> {
  const { name, seq } = columnsOf(slice.kind);
  const end = to < slice.entries ? to : slice.entries;
  for (let next = from; next <= end; next += batch) {
    const last = next + batch - 1n < end ? next + batch - 1n : end;
    const isInBatch = and(eq(auditLog.origin, slice.origin), eq(name, slice.slice), gte(seq, next), lte(seq, last));
    const rows = await database.transaction(scope, (tx) =>
      tx.select({ index: auditLog.idx, entry: auditLog.entry }).from(auditLog).where(isInBatch).orderBy(seq),
    );
    for (const { index, entry } of rows) yield { index, entry: new TextEncoder().encode(entry) };
  }
}

const batch = 500n;

async function atNewestCheckpoint(tx: Transaction, row: typeof logSlices.$inferSelect): Promise<OwnSlice | null> {
  const published = and(eq(checkpoints.origin, row.origin), isNotNull(checkpoints.publishedAt));
  const [head] = await tx.select().from(checkpoints).where(published).orderBy(desc(checkpoints.size)).limit(1);
  if (head === undefined) return null;
  const { name, seq } = columnsOf(row.kind);
  const isCovered = and(eq(auditLog.origin, row.origin), eq(name, row.slice), lt(auditLog.idx, head.size));
  // Numbers grow with the log, so the first from behind that is covered is the last one.
  const [last] = await tx.select({ seq }).from(auditLog).where(isCovered).orderBy(desc(seq)).limit(1);
  const { origin, kind, owner, slice, key } = row;
  const entries = last?.seq ?? 0n;
  return { origin, kind, owner, slice, key, entries, checkpoint: head.note, checkpointSize: head.size };
}

function columnsOf(kind: SliceKind) {
  return kind === 'board'
    ? { name: auditLog.slice, seq: auditLog.seq }
    : { name: auditLog.schoolSlice, seq: auditLog.schoolSeq };
}
