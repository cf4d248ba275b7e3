import { and, eq, gt, lt, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { changedRows } from '../../database/rows.ts';
import { systemScope } from '../../database/scope.ts';
import { maxMisses, type RequestState } from './rules.ts';
import { presentationRequests } from './tables.ts';

export type PresentationRow = typeof presentationRequests.$inferSelect;

export const presentationJob = systemScope('presentation');

export async function insertRequest(tx: Transaction, row: typeof presentationRequests.$inferInsert): Promise<void> {
  await tx.insert(presentationRequests).values(row);
}

/** Null when it has expired, too. */
export async function findRequest(tx: Transaction, id: string, now: Date): Promise<PresentationRow | null> {
  const [row] = await tx
    .select()
    .from(presentationRequests)
    .where(and(eq(presentationRequests.id, id), gt(presentationRequests.expiresAt, now)));
  return row ?? null;
}

export async function findByResponse(
  tx: Transaction,
  responseHash: string,
  now: Date,
): Promise<PresentationRow | null> {
  const [row] = await tx
    .select()
    .from(presentationRequests)
    .where(and(eq(presentationRequests.responseHash, responseHash), gt(presentationRequests.expiresAt, now)));
  return row ?? null;
}

/** Takes a request from one state to the next; false when somebody was faster. */
export async function moveRequest(
  tx: Transaction,
  { id, from }: { readonly id: string; readonly from: RequestState },
  changes: Partial<PresentationRow>,
): Promise<boolean> {
  const changed = await tx
    .update(presentationRequests)
    .set(changes)
    .where(and(eq(presentationRequests.id, id), eq(presentationRequests.state, from)))
    .returning({ id: presentationRequests.id });
  return changedRows(changed) === 1;
}

/** Counts a try before it is looked at, so that tries at the same time are counted too; null when there is none left. */
export async function countTry(tx: Transaction, id: string): Promise<number | null> {
  const [row] = await tx
    .update(presentationRequests)
    .set({ misses: sql`${presentationRequests.misses} + 1` })
    .where(
      and(
        eq(presentationRequests.id, id),
        eq(presentationRequests.state, 'answered'),
        lt(presentationRequests.misses, maxMisses),
      ),
    )
    .returning({ misses: presentationRequests.misses });
  return row?.misses ?? null;
}

/** What is over goes, with what was shown. */
export async function purgeRequests(tx: Transaction, now: Date): Promise<void> {
  await tx.execute(sql`
    delete from ${presentationRequests} where ctid = any(array(
      select ctid from ${presentationRequests} where expires_at <= ${now.toISOString()}::timestamptz
      limit 200 for update skip locked))`);
}
