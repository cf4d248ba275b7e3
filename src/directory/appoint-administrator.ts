import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { ok, type Result, refuse } from '../result.ts';
import { inForce, selectStaffBySubject } from './store.ts';
import { administrators, founders, staff } from './tables.ts';

/** An account as its provider knows it; `name` is kept only when the account is new here. */
export interface AppointedAccount {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly founderNumber: string;
}

export async function findFounder(tx: Transaction, corporateNumber: string): Promise<{ readonly name: string } | null> {
  const [row] = await tx
    .select({ name: founders.name })
    .from(founders)
    .where(eq(founders.corporateNumber, corporateNumber));
  return row ?? null;
}

/**
 * Makes an account administrator of its founder from this day in Japan on, unless it is already.
 *
 * @returns `founder-differs` when the account is another founder's
 */
export async function appointAdministrator(
  tx: Transaction,
  account: AppointedAccount,
  day: string,
): Promise<Result<{ readonly staffId: string; readonly isNew: boolean }, 'founder-differs'>> {
  const { issuer, subject, founderNumber } = account;
  // Two operators at once make one account and one row.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`administrators/${founderNumber}`}, 0))`);
  const known = await selectStaffBySubject(tx, issuer, subject);
  if (known !== null && known.founderNumber !== founderNumber) return refuse('founder-differs');
  const staffId = known?.id ?? crypto.randomUUID();
  if (known === null) await tx.insert(staff).values({ ...account, id: staffId, personKey: crypto.randomUUID() });
  const present = await tx
    .select({ id: administrators.id })
    .from(administrators)
    .where(and(eq(administrators.staffId, staffId), inForce(administrators, day)));
  if (present.length > 0) return ok({ staffId, isNew: false });
  await tx.insert(administrators).values({ id: crypto.randomUUID(), staffId, founderNumber, validFrom: day });
  return ok({ staffId, isNew: true });
}
