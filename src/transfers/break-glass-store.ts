import { and, desc, eq, gt, isNull, lte } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { breakGlasses } from './tables.ts';

export type BreakGlassRow = typeof breakGlasses.$inferSelect;

/** Marks as ended what has run out, so that the index lets the next one in. */
export async function endExpiredGlasses(tx: Transaction, personKey: string, now: Date): Promise<void> {
  await tx
    .update(breakGlasses)
    .set({ endedAt: now })
    .where(and(eq(breakGlasses.personKey, personKey), isNull(breakGlasses.endedAt), lte(breakGlasses.expiresAt, now)));
}

/** False when this person has another one open: the index decides, also between two requests at once. */
export async function insertBreakGlass(tx: Transaction, row: typeof breakGlasses.$inferInsert): Promise<boolean> {
  const inserted = await tx.insert(breakGlasses).values(row).onConflictDoNothing().returning({ id: breakGlasses.id });
  return inserted.length === 1;
}

/** The one under which this account may read this very document now. */
export async function findRunningGlass(
  tx: Transaction,
  of: { readonly documentId: string; readonly staffId: string; readonly school: string; readonly now: Date },
): Promise<BreakGlassRow | null> {
  const [row] = await tx
    .select()
    .from(breakGlasses)
    .where(
      and(
        eq(breakGlasses.documentId, of.documentId),
        eq(breakGlasses.staffId, of.staffId),
        eq(breakGlasses.schoolCode, of.school),
        isNull(breakGlasses.endedAt),
        gt(breakGlasses.expiresAt, of.now),
      ),
    );
  return row ?? null;
}

/** Newest first; row level security leaves a school its own. */
export async function listBreakGlasses(
  tx: Transaction,
  filter: { readonly school: string; readonly staffId: string | null },
): Promise<BreakGlassRow[]> {
  return tx
    .select()
    .from(breakGlasses)
    .where(
      and(
        eq(breakGlasses.schoolCode, filter.school),
        filter.staffId === null ? undefined : eq(breakGlasses.staffId, filter.staffId),
      ),
    )
    .orderBy(desc(breakGlasses.openedAt))
    .limit(100);
}

export async function lockBreakGlass(tx: Transaction, id: string): Promise<BreakGlassRow | null> {
  const [row] = await tx.select().from(breakGlasses).where(eq(breakGlasses.id, id)).for('update');
  return row ?? null;
}

export async function changeBreakGlass(
  tx: Transaction,
  id: string,
  changes: Partial<typeof breakGlasses.$inferInsert>,
): Promise<BreakGlassRow> {
  const [row] = await tx.update(breakGlasses).set(changes).where(eq(breakGlasses.id, id)).returning();
  if (row === undefined) throw new Error('a locked break-glass could not be changed');
  return row;
}
