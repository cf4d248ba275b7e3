import { and, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { protectionFact } from '../database/policies.ts';
import { cases } from './tables.ts';

/** Which of these cases a protection order (支援措置) covers. For a transaction of the gateway's own job of alerts. */
export async function findProtectedCases(tx: Transaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const fact = protectionFact({
    subjects: sql`'pupil:' || ${cases.pupilId}, 'code:' || ${cases.acceptanceCodeHash}, 'case:' || ${cases.id}`,
    pupilId: sql`${cases.pupilId}`,
  });
  const rows = await tx
    .select({ id: cases.id })
    .from(cases)
    .where(and(inArray(cases.id, [...ids]), sql`${fact} <> 'none'`));
  return new Set(rows.map(({ id }) => id));
}
