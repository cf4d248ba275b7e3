import { and, eq, gte, lt, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { concatBytes, equalBytes } from './bytes.ts';
import { appendLeaves, type CompactRange, emptyRange, rootOf } from './merkle.ts';
import { auditLog, logNodes, logState } from './tables.ts';
import { levelsOf, splitTile } from './tiles.ts';

export type StopReason = 'taken-over' | 'clock-went-back' | 'forked' | 'damaged';

/** The log must not go on: not a passing trouble, but something for a person to look at. `taken-over` is the mild one. */
export class LogStopped extends Error {
  override readonly name = 'LogStopped';
  readonly reason: StopReason;
  constructor(reason: StopReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Will it not go on by itself, whatever is waited for? */
export function isForGood(reason: unknown): boolean {
  return reason instanceof LogStopped && (reason.reason === 'forked' || reason.reason === 'damaged');
}

export interface LogHead {
  readonly range: CompactRange;
  readonly root: Uint8Array;
  readonly epoch: bigint;
  readonly time: Date;
}

/** The head as stored; throws `LogStopped` when its parts do not fit each other. */
export async function readHead(tx: Transaction, origin: string): Promise<LogHead> {
  const [row] = await tx.select().from(logState).where(eq(logState.origin, origin));
  if (row === undefined) throw new LogStopped('damaged', 'the log has no head');
  const range = { size: row.size, hashes: splitTile(row.compactRange) };
  if (!equalBytes(rootOf(range), row.root)) throw new LogStopped('damaged', 'the head does not fit its own root');
  return { range, root: row.root, epoch: row.epoch, time: row.time };
}

/** Moves the head, if nobody else has: exactly this epoch and size, exactly one row. */
export async function moveHead(
  tx: Transaction,
  origin: string,
  move: { readonly from: LogHead; readonly to: CompactRange; readonly at: Date },
): Promise<void> {
  const moved = await tx
    .update(logState)
    .set({
      size: move.to.size,
      compactRange: concatBytes(move.to.hashes),
      root: rootOf(move.to),
      time: move.at,
      aliveAt: sql`now()`,
    })
    .where(
      and(eq(logState.origin, origin), eq(logState.epoch, move.from.epoch), eq(logState.size, move.from.range.size)),
    )
    .returning({ origin: logState.origin });
  if (moved.length !== 1) throw new LogStopped('taken-over', 'another sequencer has moved the head');
}

/** Leaf hashes (level 0) or roots of full tiles of the level below, `from` ≤ index < `to`, without gaps. */
export async function readHashes(
  tx: Transaction,
  origin: string,
  { level, from, to }: { readonly level: number; readonly from: bigint; readonly to: bigint },
): Promise<Uint8Array[]> {
  const rows = await (level === 0
    ? tx
        .select({ hash: auditLog.leaf })
        .from(auditLog)
        .where(and(eq(auditLog.origin, origin), gte(auditLog.idx, from), lt(auditLog.idx, to)))
        .orderBy(auditLog.idx)
    : tx
        .select({ hash: logNodes.hash })
        .from(logNodes)
        .where(
          and(eq(logNodes.origin, origin), eq(logNodes.level, level), gte(logNodes.idx, from), lt(logNodes.idx, to)),
        )
        .orderBy(logNodes.idx));
  if (BigInt(rows.length) !== to - from) throw new LogStopped('damaged', `rows of level ${level} are missing`);
  return rows.map((row) => row.hash);
}

/** The head once more, out of the rows at the tree's right edge: what every load has to agree on. */
export async function verifyRightEdge(tx: Transaction, origin: string, { range }: LogHead): Promise<void> {
  const hashes: Uint8Array[] = [];
  for (const level of levelsOf(range.size).toReversed()) {
    const to = range.size / 256n ** BigInt(level);
    const edge = await readHashes(tx, origin, { level, from: to - (to % 256n), to });
    hashes.push(...appendLeaves(emptyRange, edge).hashes);
  }
  if (!equalBytes(concatBytes(hashes), concatBytes(range.hashes))) {
    throw new LogStopped('damaged', 'the right edge of the tree does not fit its head');
  }
}
