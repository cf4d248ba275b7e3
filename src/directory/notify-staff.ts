import type { Transaction } from '../database/connection.ts';
import { enqueue } from '../notices/outbox.ts';
import { type StaffMailSubject, type StaffNotice, staffMailJob } from '../notices/staff-mail.ts';
import type { Role } from '../policy/actor.ts';
import { findMembersInForce, findPrincipals } from './members.ts';

/** Queues a mail to each of these accounts, in the transaction of its cause: ids, never names. */
export async function notifyStaff(
  tx: Transaction,
  notice: Omit<StaffNotice, 'staff' | 'mailbox'> &
    Partial<Pick<StaffNotice, 'mailbox'>> & { readonly staffIds: readonly string[]; readonly notBefore?: Date },
): Promise<void> {
  const { staffIds, notBefore, school, subject, id, mailbox = 'current' } = notice;
  const when = notBefore === undefined ? {} : { notBefore };
  for (const staff of new Set(staffIds)) {
    await enqueue(tx, { kind: staffMailJob, payload: { staff, school, subject, id, mailbox }, ...when });
  }
}

/** Tells those who keep the people of a school on this day, but the one whom it is about. */
export async function notifyKeepers(
  tx: Transaction,
  notice: {
    readonly school: string;
    /** In Japan. */
    readonly day: string;
    readonly subject: StaffMailSubject;
    readonly id: string;
    readonly roles: readonly Role[];
    readonly except: string;
  },
): Promise<void> {
  const { day, roles, except, ...about } = notice;
  const keepers = (await findMembersInForce(tx, notice.school, day)).filter(({ role }) => roles.includes(role));
  const staffIds = keepers.map(({ staffId }) => staffId).filter((staffId) => staffId !== except);
  await notifyStaff(tx, { ...about, staffIds });
}

/** Tells whoever is principal of the school on this day that something of its keys has changed (ASVS 6.3.7). */
export async function notifyPrincipals(
  tx: Transaction,
  notice: {
    readonly school: string;
    /** In Japan. */
    readonly day: string;
    readonly subject: StaffMailSubject;
    readonly id: string;
  },
): Promise<void> {
  const { day, ...about } = notice;
  const principals = await findPrincipals(tx, notice.school, day);
  await notifyStaff(tx, { ...about, staffIds: principals.map(({ staffId }) => staffId) });
}
