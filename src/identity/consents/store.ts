import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import type { Pupil } from '../../directory/find-member.ts';
import { type Consent, isOfAge } from '../guardians/rules.ts';
import { dayInJapan } from '../rules.ts';
import { type ConsentRow, guardianConsents } from './tables.ts';

/**
 * Opens the second wall, until the transaction ends, between these pupils and their confirmed guardians: for those of
 * them who are of age and no others. Gives them.
 *
 * @param own - of whoever is asking; another's stay shut all the same
 * @param day - the calendar day in Japan
 */
export async function showGuardiansToAdults<P extends Pick<Pupil, 'id' | 'birthDate'>>(
  tx: Transaction,
  own: readonly P[],
  day: string,
): Promise<P[]> {
  const adults = own.filter(({ birthDate }) => isOfAge(birthDate, day));
  const ids = adults.map(({ id }) => id).join(' ');
  await tx.execute(sql`select set_config('app.of_age', ${ids}, true)`);
  return adults;
}

/** What was given last to each of these guardians and not taken back; it may be over. */
export async function findOpenConsents(
  tx: Transaction,
  guardianIds: readonly string[],
): Promise<ReadonlyMap<string, Consent>> {
  if (guardianIds.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(guardianConsents)
    .where(and(inArray(guardianConsents.guardianId, [...guardianIds]), isNull(guardianConsents.withdrawnAt)))
    .orderBy(guardianConsents.givenAt);
  return new Map(rows.map((row) => [row.guardianId, consentOf(row)]));
}

export function consentOf({ givenAt, until, scope }: ConsentRow): Consent {
  return { givenOn: dayInJapan(givenAt), until, scope };
}

export async function insertConsent(tx: Transaction, row: typeof guardianConsents.$inferInsert): Promise<void> {
  await tx.insert(guardianConsents).values(row);
}

/** Everything that was ever given for these pupils, the newest first. */
export async function findConsents(tx: Transaction, pupilIds: readonly string[]): Promise<ConsentRow[]> {
  if (pupilIds.length === 0) return [];
  return tx
    .select()
    .from(guardianConsents)
    .where(inArray(guardianConsents.pupilId, [...pupilIds]))
    .orderBy(desc(guardianConsents.givenAt))
    .limit(100);
}

export async function findConsent(tx: Transaction, consentId: string): Promise<ConsentRow | null> {
  const [row] = await tx.select().from(guardianConsents).where(eq(guardianConsents.id, consentId));
  return row ?? null;
}

interface TakenBack {
  readonly by: string;
  readonly at: Date;
}

/** Null when there is none such that stands. */
export async function markConsentWithdrawn(
  tx: Transaction,
  consentId: string,
  { by, at }: TakenBack,
): Promise<ConsentRow | null> {
  const [row] = await tx
    .update(guardianConsents)
    .set({ withdrawnAt: at, withdrawnBy: by })
    .where(and(eq(guardianConsents.id, consentId), isNull(guardianConsents.withdrawnAt)))
    .returning();
  return row ?? null;
}

/** All that stand of one pupil. */
export async function markConsentsWithdrawn(
  tx: Transaction,
  pupilId: string,
  { by, at }: TakenBack,
): Promise<ConsentRow[]> {
  return tx
    .update(guardianConsents)
    .set({ withdrawnAt: at, withdrawnBy: by })
    .where(and(eq(guardianConsents.pupilId, pupilId), isNull(guardianConsents.withdrawnAt)))
    .returning();
}
