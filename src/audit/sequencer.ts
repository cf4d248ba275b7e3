import { sql } from 'drizzle-orm';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { toHex } from './bytes.ts';
import type { LogClaim } from './claim.ts';
import { completeEntry, saysSchoolPlace } from './entry.ts';
import { hashLeaf } from './hash.ts';
import { type BoardOf, openSlices, type SlicePlace } from './log-slices.ts';
import { LogStopped, moveHead, readHead } from './log-state.ts';
import { appendLeaves } from './merkle.ts';

export interface SequencerSettings {
  readonly clock: Clock;
  /** Entries in one round at most. */
  readonly limit?: number;
  /** Which board audits an organisation; without an answer the organisation is a slice of its own. */
  readonly boardOf?: BoardOf;
}

/** A pending entry in its place. */
export interface PlacedEntry {
  readonly idx: bigint;
  readonly leaf: Uint8Array;
  readonly entry: string;
  readonly board: SlicePlace;
  readonly school: SlicePlace | null;
  readonly eventId: string | null;
}

/**
 * Moves pending entries into the log, in one transaction; gives their number.
 * Deleting what is read makes gaps in the ids harmless: a transaction that commits late is taken in the next round.
 *
 * @throws LogStopped when the claim is lost or time has gone back
 */
export async function sequence(database: Database, claim: LogClaim, settings: SequencerSettings): Promise<number> {
  return database.transaction(systemScope('sequencer'), async (tx) => {
    const { origin } = claim;
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`hikitsugi log ${origin}`}, 0))`);
    const pending = await takePending(tx, settings.limit ?? 4096);
    if (pending.length === 0) return 0;
    const head = await readHead(tx, origin);
    if (head.epoch !== claim.epoch) throw new LogStopped('taken-over', 'another sequencer has claimed the log');
    const at = settings.clock.now();
    if (at < head.time) throw new LogStopped('clock-went-back', 'the clock stands before the last entry of the log');
    const placed = await placeEntries(tx, { origin, pending, from: head.range.size, boardOf: settings.boardOf });
    const range = await storeEntries(tx, origin, { placed, range: head.range });
    await moveHead(tx, origin, { from: head, to: range, at });
    return placed.length;
  });
}

/** Writes placed entries and the roots of the tiles they complete; gives the range that results. */
export async function storeEntries(
  tx: Transaction,
  origin: string,
  { placed, range }: { readonly placed: readonly PlacedEntry[]; readonly range: Parameters<typeof appendLeaves>[0] },
): Promise<ReturnType<typeof appendLeaves>> {
  const nodes: { level: number; idx: string; hash: string }[] = [];
  const leaves = placed.map(({ leaf }) => leaf);
  const grown = appendLeaves(range, leaves, (height, index, hash) => {
    if (height > 0 && height % 8 === 0) nodes.push({ level: height / 8, idx: String(index), hash: toHex(hash) });
  });
  const rows = placed.map(({ idx, leaf, entry, board, school, eventId }) => ({
    idx: String(idx),
    leaf: toHex(leaf),
    entry,
    slice: board.slice,
    seq: String(board.seq),
    school_slice: school?.slice ?? null,
    school_seq: school === null ? null : String(school.seq),
    event_id: eventId,
  }));
  // One parameter of JSON: thousands of rows as parameters of their own would be slower than the hashing.
  await tx.execute(sql`
    insert into audit_log (origin, idx, leaf, entry, slice, seq, school_slice, school_seq, event_id)
    select ${origin}, idx, decode(leaf, 'hex'), entry, slice, seq, school_slice, school_seq, event_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as row(idx bigint, leaf text, entry text, slice text,
      seq bigint, school_slice text, school_seq bigint, event_id uuid)`);
  await tx.execute(sql`
    insert into log_nodes (origin, level, idx, hash)
    select ${origin}, level, idx, decode(hash, 'hex')
    from jsonb_to_recordset(${JSON.stringify(nodes)}::text::jsonb) as row(level bigint, idx bigint, hash text)`);
  return grown;
}

interface PendingRow {
  readonly id: bigint;
  readonly eventId: string;
  readonly organisation: string | null;
  readonly body: string;
}

async function takePending(tx: Transaction, limit: number): Promise<PendingRow[]> {
  // An array is looked up in the index. Joined, a queue that has just been emptied is read whole, with all that was deleted.
  const rows = await tx.execute<{ id: string; event_id: string; organisation: string | null; body: string }>(sql`
    delete from audit_pending where id = any (array(
      select id from audit_pending order by id limit ${limit} for update skip locked))
    returning id, event_id, organisation, body`);
  // RETURNING has no order.
  return rows
    .map((row) => ({ id: BigInt(row.id), eventId: row.event_id, organisation: row.organisation, body: row.body }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Placing {
  readonly origin: string;
  readonly pending: readonly PendingRow[];
  readonly from: bigint;
  readonly boardOf: BoardOf | undefined;
}

async function placeEntries(tx: Transaction, { origin, pending, from, boardOf }: Placing): Promise<PlacedEntry[]> {
  const organisations = [...new Set(pending.map((row) => row.organisation))];
  const slices = await openSlices(tx, { origin, organisations, boardOf });
  const placed = pending.map((row, at): PlacedEntry => {
    const { says, board, school } = slices.next(row.organisation, { saysSchool: saysSchoolPlace(row.body) });
    const entry = completeEntry(row.body, says);
    const leaf = hashLeaf(new TextEncoder().encode(entry));
    return { idx: from + BigInt(at), leaf, entry, board, school, eventId: row.eventId };
  });
  await slices.save(tx);
  return placed;
}
