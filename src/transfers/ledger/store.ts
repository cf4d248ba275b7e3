import { and, asc, count, desc, eq, inArray, min, ne } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { expectRows } from '../../database/rows.ts';
import { accessReports, ledgerHolds } from './tables.ts';

export type ReportRow = typeof accessReports.$inferSelect;
export type HoldRow = typeof ledgerHolds.$inferSelect;

const listedReports = 100;
const listedHolds = 100;

/** False when this person has reported this line before. */
export async function insertReport(tx: Transaction, row: ReportRow): Promise<boolean> {
  const inserted = await tx.insert(accessReports).values(row).onConflictDoNothing().returning({ id: accessReports.id });
  return inserted.length === 1;
}

/** Row level security leaves a person their own, and staff those of their school that they may know of. */
export async function listReports(
  tx: Transaction,
  of: { readonly personId: string } | { readonly school: string },
): Promise<ReportRow[]> {
  return tx
    .select()
    .from(accessReports)
    .where('school' in of ? eq(accessReports.schoolCode, of.school) : eq(accessReports.personId, of.personId))
    .orderBy(desc(accessReports.reportedAt), desc(accessReports.id))
    .limit(listedReports);
}

export async function lockReport(tx: Transaction, id: string): Promise<ReportRow | null> {
  const [row] = await tx.select().from(accessReports).where(eq(accessReports.id, id)).for('update');
  return row ?? null;
}

export async function changeReport(tx: Transaction, id: string, changes: Partial<ReportRow>): Promise<ReportRow> {
  const [changed] = await tx.update(accessReports).set(changes).where(eq(accessReports.id, id)).returning();
  if (changed === undefined) throw new Error('a locked report could not be changed');
  return changed;
}

/** What a board is told: how many are open at each school, and since when. Read as the counting job. */
export async function countOpenReports(
  tx: Transaction,
  of: { readonly board: string } | { readonly school: string },
): Promise<readonly { readonly school: string; readonly open: number; readonly oldest: Date | null }[]> {
  return tx
    .select({ school: accessReports.schoolCode, open: count(), oldest: min(accessReports.reportedAt) })
    .from(accessReports)
    .where(
      and(
        'board' in of ? eq(accessReports.boardCode, of.board) : eq(accessReports.schoolCode, of.school),
        ne(accessReports.state, 'closed'),
      ),
    )
    .groupBy(accessReports.schoolCode)
    .orderBy(asc(accessReports.schoolCode))
    .limit(1000);
}

export async function insertHold(tx: Transaction, row: HoldRow): Promise<void> {
  await tx.insert(ledgerHolds).values(row);
}

export async function listHolds(tx: Transaction, school: string): Promise<HoldRow[]> {
  return tx
    .select()
    .from(ledgerHolds)
    .where(eq(ledgerHolds.schoolCode, school))
    .orderBy(desc(ledgerHolds.askedAt))
    .limit(listedHolds);
}

export async function lockHold(tx: Transaction, id: string): Promise<HoldRow | null> {
  const [row] = await tx.select().from(ledgerHolds).where(eq(ledgerHolds.id, id)).for('update');
  return row ?? null;
}

export async function changeHold(tx: Transaction, id: string, changes: Partial<HoldRow>): Promise<void> {
  expectRows(
    await tx.update(ledgerHolds).set(changes).where(eq(ledgerHolds.id, id)).returning({ id: ledgerHolds.id }),
    1,
  );
}

/** Of these pupils, as the ledger's own job. */
export async function holdsOf(tx: Transaction, pupilIds: readonly string[]): Promise<HoldRow[]> {
  if (pupilIds.length === 0) return [];
  return tx
    .select()
    .from(ledgerHolds)
    .where(inArray(ledgerHolds.pupilId, [...pupilIds]))
    .limit(1000);
}
