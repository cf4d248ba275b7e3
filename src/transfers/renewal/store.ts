import { and, asc, eq, inArray, isNotNull, lte, notExists, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { expectRows } from '../../database/rows.ts';
import { caseRenewals, cases } from '../tables.ts';

export type CaseRenewalRow = typeof caseRenewals.$inferSelect;

const delivered = ['deposited', 'opened', 'acknowledged', 'returned', 'withdrawn'] as const;

/** Cases that nobody has looked at yet, to be looked at now. */
export async function enlistCases(tx: Transaction, now: Date, limit: number): Promise<void> {
  const known = tx.select({ one: sql`1` }).from(caseRenewals).where(eq(caseRenewals.caseId, cases.id));
  const rows = await tx
    .select({ caseId: cases.id })
    .from(cases)
    .where(and(inArray(cases.state, [...delivered]), isNotNull(cases.manifest), notExists(known)))
    .limit(limit);
  if (rows.length === 0) return;
  await tx
    .insert(caseRenewals)
    .values(rows.map(({ caseId }) => ({ caseId, lookAt: now })))
    .onConflictDoNothing();
}

/** Takes what is due, the most urgent first; whoever dies over it leaves it to be taken again when the lease ends. */
export async function claimDueCases(
  tx: Transaction,
  { now, until, limit }: { readonly now: Date; readonly until: Date; readonly limit: number },
): Promise<CaseRenewalRow[]> {
  const due = tx
    .select({ id: caseRenewals.caseId })
    .from(caseRenewals)
    .where(lte(caseRenewals.lookAt, now))
    .orderBy(asc(caseRenewals.countsUntil), asc(caseRenewals.lookAt))
    .limit(limit)
    .for('update', { skipLocked: true });
  return tx.update(caseRenewals).set({ lookAt: until }).where(sql`${caseRenewals.caseId} in ${due}`).returning();
}

export async function changeRenewal(
  tx: Transaction,
  caseId: string,
  changes: Partial<Omit<CaseRenewalRow, 'caseId'>>,
): Promise<void> {
  const changed = await tx
    .update(caseRenewals)
    .set(changes)
    .where(eq(caseRenewals.caseId, caseId))
    .returning({ id: caseRenewals.caseId });
  expectRows(changed, 1);
}

/** The renewal record of a case, canonical JSON; null while its evidence stands by itself. */
export async function findRecord(tx: Transaction, caseId: string): Promise<Uint8Array | null> {
  const [row] = await tx
    .select({ record: caseRenewals.record })
    .from(caseRenewals)
    .where(eq(caseRenewals.caseId, caseId));
  return row?.record ?? null;
}
