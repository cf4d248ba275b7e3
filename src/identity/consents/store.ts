import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import type { Consent } from '../guardians/rules.ts';
import { dayInJapan } from '../rules.ts';
import { type ConsentRow, guardianConsents } from '../tables.ts';

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
