import { and, count, desc, eq, gt, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { expectRows } from '../database/rows.ts';
import { proposals } from './tables.ts';

export type ProposalRow = typeof proposals.$inferSelect;

export async function insertProposal(tx: Transaction, row: typeof proposals.$inferInsert): Promise<void> {
  await tx.insert(proposals).values(row);
}

export async function findProposal(tx: Transaction, id: string): Promise<ProposalRow | null> {
  const [row] = await tx.select().from(proposals).where(eq(proposals.id, id));
  return row ?? null;
}

/** Under a lock: of two confirmations at once the second one sees what the first has done. */
export async function lockProposal(tx: Transaction, id: string): Promise<ProposalRow | null> {
  const [row] = await tx.select().from(proposals).where(eq(proposals.id, id)).for('update');
  return row ?? null;
}

export async function findProposals(tx: Transaction, schoolCode: string, limit: number): Promise<ProposalRow[]> {
  return (
    tx
      .select()
      .from(proposals)
      .where(eq(proposals.schoolCode, schoolCode))
      // What waits comes first, however much was decided since.
      .orderBy(desc(sql`${proposals.state} = 'pending'`), desc(proposals.proposedAt), desc(proposals.id))
      .limit(limit)
  );
}

export async function countPending(tx: Transaction, schoolCode: string, now: Date): Promise<number> {
  const [row] = await tx
    .select({ count: count() })
    .from(proposals)
    .where(and(eq(proposals.schoolCode, schoolCode), eq(proposals.state, 'pending'), gt(proposals.expiresAt, now)));
  return row?.count ?? 0;
}

export async function decideProposal(
  tx: Transaction,
  decided: { readonly id: string; readonly state: 'confirmed' | 'cancelled'; readonly by: string; readonly at: Date },
): Promise<void> {
  const changed = await tx
    .update(proposals)
    .set({ state: decided.state, decidedBy: decided.by, decidedAt: decided.at })
    .where(and(eq(proposals.id, decided.id), eq(proposals.state, 'pending')))
    .returning({ id: proposals.id });
  expectRows(changed, 1);
}
