import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { changedRows, expectRows } from '../../database/rows.ts';
import { certificateCounters, issuedCertificates } from '../tables.ts';

export type CertificateRow = typeof issuedCertificates.$inferSelect;

/** In the order of the copies. */
export async function listCopies(tx: Transaction, requestId: string): Promise<CertificateRow[]> {
  return tx
    .select()
    .from(issuedCertificates)
    .where(eq(issuedCertificates.requestId, requestId))
    .orderBy(asc(issuedCertificates.copyNumber));
}

/** Of several requests at once, as far as row level security shows them. */
export async function listCopiesOf(tx: Transaction, requestIds: readonly string[]): Promise<CertificateRow[]> {
  if (requestIds.length === 0) return [];
  return tx
    .select()
    .from(issuedCertificates)
    .where(inArray(issuedCertificates.requestId, [...requestIds]))
    .orderBy(asc(issuedCertificates.copyNumber));
}

/** `locked`: nobody else changes its state until the transaction ends. */
export async function findCertificate(
  tx: Transaction,
  id: string,
  how: 'seen' | 'locked' = 'seen',
): Promise<CertificateRow | null> {
  const rows = tx.select().from(issuedCertificates).where(eq(issuedCertificates.id, id));
  const [row] = await (how === 'locked' ? rows.for('update') : rows);
  return row ?? null;
}

export async function findCertificates(tx: Transaction, ids: readonly string[]): Promise<CertificateRow[]> {
  if (ids.length === 0) return [];
  return tx
    .select()
    .from(issuedCertificates)
    .where(inArray(issuedCertificates.id, [...ids]));
}

export async function insertCopy(tx: Transaction, row: typeof issuedCertificates.$inferInsert): Promise<void> {
  await tx.insert(issuedCertificates).values(row);
}

/** The next number of the school's book; whoever is second waits for the first one's transaction. */
export async function takeNumber(tx: Transaction, schoolCode: string, schoolYear: number): Promise<number> {
  const [row] = await tx
    .insert(certificateCounters)
    .values({ schoolCode, schoolYear, last: 1 })
    .onConflictDoUpdate({
      target: [certificateCounters.schoolCode, certificateCounters.schoolYear],
      set: { last: sql`${certificateCounters.last} + 1` },
    })
    .returning({ last: certificateCounters.last });
  if (row === undefined) throw new Error('a number was not given');
  return row.last;
}

/** False when another run was faster. */
export async function storeCopy(
  tx: Transaction,
  id: string,
  made: Pick<CertificateRow, 'objectId' | 'sha256' | 'level'>,
): Promise<boolean> {
  const changed = await tx
    .update(issuedCertificates)
    .set(made)
    .where(and(eq(issuedCertificates.id, id), isNull(issuedCertificates.objectId)))
    .returning({ id: issuedCertificates.id });
  return changedRows(changed) === 1;
}

export async function publishCopies(tx: Transaction, copies: readonly CertificateRow[], issuedAt: Date): Promise<void> {
  const [first] = copies;
  if (first === undefined) throw new Error('nothing was made');
  const changed = await tx
    .update(issuedCertificates)
    .set({ state: 'valid', issuedAt })
    .where(and(eq(issuedCertificates.requestId, first.requestId), eq(issuedCertificates.state, 'issuing')))
    .returning({ id: issuedCertificates.id });
  expectRows(changed, copies.length);
}

/** False when it is not valid any more. */
export async function changeValid(tx: Transaction, id: string, changes: Partial<CertificateRow>): Promise<boolean> {
  const changed = await tx
    .update(issuedCertificates)
    .set(changes)
    .where(and(eq(issuedCertificates.id, id), eq(issuedCertificates.state, 'valid')))
    .returning({ id: issuedCertificates.id });
  return changedRows(changed) === 1;
}

/** Gives up numbers whose certificates could not be made after all. */
export async function dropUnissued(tx: Transaction, requestId: string): Promise<CertificateRow[]> {
  return tx
    .delete(issuedCertificates)
    .where(and(eq(issuedCertificates.requestId, requestId), eq(issuedCertificates.state, 'issuing')))
    .returning();
}
