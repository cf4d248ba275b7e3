import { createHmac } from 'node:crypto';
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { changedRows } from '../database/rows.ts';
import type { Gateway } from '../gateway.ts';
import { registerEntries } from './tables.ts';

export type EntryRow = typeof registerEntries.$inferSelect;

/** What an entry is found by: without the key nobody can try numbers out against the table. */
export function numberKeyOf(gateway: Pick<Gateway, 'identity'>, school: string, number: string): string {
  const text = ['hikitsugi/certificate-register/v1', school, number.normalize('NFKC').trim()].join('\0');
  return createHmac('sha256', gateway.identity.personTrust.indexKey).update(text, 'utf8').digest('hex').slice(0, 40);
}

export async function findEntry(tx: Transaction, id: string): Promise<EntryRow | null> {
  const [row] = await tx.select().from(registerEntries).where(eq(registerEntries.id, id));
  return row ?? null;
}

export async function findEntryOfPupil(tx: Transaction, school: string, pupilId: string): Promise<EntryRow | null> {
  const [row] = await tx
    .select()
    .from(registerEntries)
    .where(and(eq(registerEntries.schoolCode, school), eq(registerEntries.pupilId, pupilId)));
  return row ?? null;
}

export async function findEntriesByNumber(
  tx: Transaction,
  school: string,
  numberKeys: readonly string[],
): Promise<EntryRow[]> {
  if (numberKeys.length === 0) return [];
  return tx
    .select()
    .from(registerEntries)
    .where(and(eq(registerEntries.schoolCode, school), inArray(registerEntries.numberKey, [...numberKeys])));
}

/** What was changed last comes first. */
export async function listEntries(tx: Transaction, school: string, limit: number): Promise<EntryRow[]> {
  return tx
    .select()
    .from(registerEntries)
    .where(eq(registerEntries.schoolCode, school))
    .orderBy(desc(registerEntries.changedAt), desc(registerEntries.id))
    .limit(limit);
}

/** False when the number or the pupil has an entry already: the indexes decide, also between two at once. */
export async function insertEntry(tx: Transaction, row: typeof registerEntries.$inferInsert): Promise<boolean> {
  const inserted = await tx
    .insert(registerEntries)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: registerEntries.id });
  return inserted.length === 1;
}

/** False when somebody else has changed it since. */
export async function changeEntry(
  tx: Transaction,
  row: Pick<EntryRow, 'id' | 'version'>,
  changes: Pick<EntryRow, 'numberKey' | 'sealedFacts' | 'changedAt' | 'pupilId'>,
): Promise<boolean> {
  const changed = await tx
    .update(registerEntries)
    .set({ ...changes, version: row.version + 1 })
    .where(and(eq(registerEntries.id, row.id), eq(registerEntries.version, row.version)))
    .returning({ id: registerEntries.id });
  return changedRows(changed) === 1;
}
