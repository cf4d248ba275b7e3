import type { Transaction } from '../../database/connection.ts';
import { findMemberships } from '../../directory/find-member.ts';
import { notifyStaff } from '../../directory/notify-staff.ts';
import { enqueue } from '../../notices/outbox.ts';
import type { GuardianSubject } from '../guardians/tables.ts';
import { dayInJapan } from '../rules.ts';
import type { StaffLogInSubject } from './tables.ts';

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
 * Tells a member of staff, where their account's provider has told an address, and where it told one until lately.
 * Whoever has no role any more has nothing that could be taken.
 */
export async function notifyStaffOfLogIn(
  tx: Transaction,
  notice: { readonly staffId: string; readonly subject: StaffLogInSubject; readonly at: Date },
): Promise<void> {
  for (const mailbox of ['current', 'former'] as const) await notifyMailbox(tx, { ...notice, mailbox });
}

/** Tells the address of before that this log-in told another one. */
export async function notifyFormerMail(
  tx: Transaction,
  notice: { readonly staffId: string; readonly at: Date },
): Promise<void> {
  await notifyMailbox(tx, { ...notice, subject: 'log-in-mail-changed', mailbox: 'former' });
}

async function notifyMailbox(
  tx: Transaction,
  notice: {
    readonly staffId: string;
    readonly subject: StaffLogInSubject | 'log-in-mail-changed';
    readonly at: Date;
    readonly mailbox: 'current' | 'former';
  },
): Promise<void> {
  const { staffId, subject, at, mailbox } = notice;
  const [membership] = await findMemberships(tx, staffId, dayInJapan(at));
  if (membership === undefined) return;
  await notifyStaff(tx, { school: membership.schoolCode, subject, staffIds: [staffId], id: membership.id, mailbox });
}
