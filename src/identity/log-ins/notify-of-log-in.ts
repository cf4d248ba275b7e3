import type { Transaction } from '../../database/connection.ts';
import { findMemberships } from '../../directory/find-member.ts';
import { notifyStaff } from '../../directory/notify-staff.ts';
import { enqueue } from '../../notices/outbox.ts';
import { dayInJapan } from '../rules.ts';
import type { GuardianSubject, StaffLogInSubject } from '../tables.ts';

/** The kind of job that {@link notifyOfLogIn} queues; `tell-of-log-in.ts` does it. */
export const tellOfLogInJob = 'log-ins.tell';

export const logInSubjects = [
  'log-in-way-added',
  'log-in-way-removed',
  'log-in-first',
  'log-ins-refused',
  'log-in-card-revoked',
] as const satisfies readonly GuardianSubject[];

/** Tells a person, where a school knows an address, that something about their log-ins changed (ASVS 6.3.5, 6.3.7). */
export async function notifyOfLogIn(
  tx: Transaction,
  notice: { readonly personId: string; readonly subject: (typeof logInSubjects)[number] },
): Promise<void> {
  await enqueue(tx, { kind: tellOfLogInJob, payload: { ...notice } });
}

/**
 * Tells a member of staff, where their account's provider has told an address. Whoever has no role any more has nothing
 * that could be taken.
 */
export async function notifyStaffOfLogIn(
  tx: Transaction,
  { staffId, subject, at }: { readonly staffId: string; readonly subject: StaffLogInSubject; readonly at: Date },
): Promise<void> {
  const [membership] = await findMemberships(tx, staffId, dayInJapan(at));
  if (membership === undefined) return;
  await notifyStaff(tx, { school: membership.schoolCode, subject, staffIds: [staffId], id: membership.id });
}
