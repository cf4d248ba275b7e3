import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { changedRows } from '../../database/rows.ts';
import { certificateRequests } from '../tables.ts';
import { openStates, type RequestState } from './rules.ts';

export type RequestRow = typeof certificateRequests.$inferSelect;

export async function insertRequest(tx: Transaction, row: RequestRow): Promise<void> {
  await tx.insert(certificateRequests).values(row);
}

/** False when another replacement of the same certificate is under way: the index decides, also between two at once. */
export async function insertReplacement(tx: Transaction, row: RequestRow): Promise<boolean> {
  const inserted = await tx
    .insert(certificateRequests)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: certificateRequests.id });
  return inserted.length === 1;
}

/** `locked`: nobody else moves it until the transaction ends. */
export async function findRequest(
  tx: Transaction,
  id: string,
  how: 'free' | 'locked' = 'free',
): Promise<RequestRow | null> {
  const query = tx.select().from(certificateRequests).where(eq(certificateRequests.id, id));
  const [row] = await (how === 'locked' ? query.for('update') : query);
  return row ?? null;
}

/** What was asked for last comes first. */
export async function listRequests(
  tx: Transaction,
  of: { readonly schools: readonly string[]; readonly states: readonly RequestState[]; readonly limit: number },
): Promise<RequestRow[]> {
  return tx
    .select()
    .from(certificateRequests)
    .where(
      and(inArray(certificateRequests.schoolCode, [...of.schools]), inArray(certificateRequests.state, [...of.states])),
    )
    .orderBy(desc(certificateRequests.requestedAt), desc(certificateRequests.id))
    .limit(of.limit);
}

/** All that row level security shows to the person asking: their own, and those about themselves. */
export async function listVisibleRequests(tx: Transaction, limit: number): Promise<RequestRow[]> {
  return tx
    .select()
    .from(certificateRequests)
    .orderBy(desc(certificateRequests.requestedAt), desc(certificateRequests.id))
    .limit(limit);
}

/** How many of this person's are under way. Two at once come one after the other. */
export async function countOpenOf(tx: Transaction, personId: string): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`certificate-requests/${personId}`}, 0))`);
  const rows = await tx
    .select({ id: certificateRequests.id })
    .from(certificateRequests)
    .where(and(eq(certificateRequests.personId, personId), inArray(certificateRequests.state, [...openStates])));
  return rows.length;
}

/** False when somebody else has moved it since. */
export async function changeRequest(
  tx: Transaction,
  row: Pick<RequestRow, 'id' | 'version'>,
  changes: Partial<RequestRow>,
): Promise<boolean> {
  const changed = await tx
    .update(certificateRequests)
    .set({ ...changes, version: row.version + 1 })
    .where(and(eq(certificateRequests.id, row.id), eq(certificateRequests.version, row.version)))
    .returning({ id: certificateRequests.id });
  return changedRows(changed) === 1;
}
