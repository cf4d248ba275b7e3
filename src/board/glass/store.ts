import { and, desc, eq, gt, isNull, lte } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { boardGlasses } from './tables.ts';

export type BoardGlassRow = typeof boardGlasses.$inferSelect;

/** Marks as ended what has run out, so that the index lets the next one in. */
export async function endExpiredGlasses(tx: Transaction, personKey: string, now: Date): Promise<void> {
  const { expiresAt, endedAt } = boardGlasses;
  await tx
    .update(boardGlasses)
    .set({ endedAt: now })
    .where(and(eq(boardGlasses.personKey, personKey), isNull(endedAt), lte(expiresAt, now)));
}

/** False when this person has another one open: the index decides, also between two requests at once. */
export async function insertGlass(tx: Transaction, row: typeof boardGlasses.$inferInsert): Promise<boolean> {
  const inserted = await tx.insert(boardGlasses).values(row).onConflictDoNothing().returning({ id: boardGlasses.id });
  return inserted.length === 1;
}

/** The one under which this account may see the name of this very case now. */
export async function findRunningGlass(
  tx: Transaction,
  of: { readonly caseId: string; readonly staffId: string; readonly board: string; readonly now: Date },
): Promise<BoardGlassRow | null> {
  const [row] = await tx
    .select()
    .from(boardGlasses)
    .where(
      and(
        eq(boardGlasses.caseId, of.caseId),
        eq(boardGlasses.staffId, of.staffId),
        eq(boardGlasses.boardCode, of.board),
        isNull(boardGlasses.endedAt),
        gt(boardGlasses.expiresAt, of.now),
      ),
    );
  return row ?? null;
}

/** Newest first; row level security leaves a board its own. */
export async function listGlasses(tx: Transaction, board: string): Promise<BoardGlassRow[]> {
  return tx
    .select()
    .from(boardGlasses)
    .where(eq(boardGlasses.boardCode, board))
    .orderBy(desc(boardGlasses.openedAt))
    .limit(100);
}

export async function lockGlass(tx: Transaction, id: string): Promise<BoardGlassRow | null> {
  const [row] = await tx.select().from(boardGlasses).where(eq(boardGlasses.id, id)).for('update');
  return row ?? null;
}

export async function changeGlass(
  tx: Transaction,
  id: string,
  changes: Partial<typeof boardGlasses.$inferInsert>,
): Promise<BoardGlassRow> {
  const [row] = await tx.update(boardGlasses).set(changes).where(eq(boardGlasses.id, id)).returning();
  if (row === undefined) throw new Error('a locked board glass could not be changed');
  return row;
}
