import { and, asc, eq, gte, inArray, lte, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { changedRows } from '../../database/rows.ts';
import type { Closure } from './school-days.ts';
import { boardClosures } from './tables.ts';

/** A board may keep this many at once; a page shows them all. */
const maxClosures = 60;

export interface NamedClosure extends Closure {
  readonly id: string;
  readonly name: string;
}

interface Days {
  readonly from: string;
  readonly to: string;
}

/** Closures of a board that touch these days, in order; none for a school without a board. */
export async function findClosures(tx: Transaction, boardCode: string | null, days: Days): Promise<NamedClosure[]> {
  const found = await findClosuresOf(tx, boardCode === null ? [] : [boardCode], days);
  return found.get(boardCode ?? '') ?? [];
}

/** The same of several boards. */
export async function findClosuresOf(
  tx: Transaction,
  boardCodes: readonly string[],
  days: Days,
): Promise<ReadonlyMap<string, NamedClosure[]>> {
  if (boardCodes.length === 0) return new Map();
  const { id, boardCode, firstDay, lastDay } = boardClosures;
  const rows = await tx
    .select()
    .from(boardClosures)
    .where(and(inArray(boardCode, [...boardCodes]), gte(lastDay, days.from), lte(firstDay, days.to)))
    .orderBy(asc(firstDay), asc(id))
    .limit(maxClosures * boardCodes.length);
  return Map.groupBy(rows, (row) => row.boardCode);
}

/** False when the board has as many as it may. */
export async function addClosure(
  tx: Transaction,
  closure: NamedClosure & { readonly boardCode: string },
  today: string,
): Promise<boolean> {
  const [counted] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(boardClosures)
    .where(and(eq(boardClosures.boardCode, closure.boardCode), gte(boardClosures.lastDay, today)));
  if ((counted?.count ?? 0) >= maxClosures) return false;
  await tx.insert(boardClosures).values(closure);
  return true;
}

export async function removeClosure(tx: Transaction, boardCode: string, id: string): Promise<boolean> {
  const removed = await tx
    .delete(boardClosures)
    .where(and(eq(boardClosures.boardCode, boardCode), eq(boardClosures.id, id)));
  return changedRows(removed) === 1;
}
