import { findFormerContact, findStaffContact } from '../directory/find-member.ts';
import type { Gateway } from '../gateway.ts';
import type { JobHandler } from '../notices/drain.ts';
import type { Mailer } from '../notices/mailer.ts';
import { composeStaffMail, parseStaffNotice, type StaffNotice } from '../notices/staff-mail.ts';
import { findProposal } from './store.ts';

/**
 * Does the jobs of `notifyStaff`: one mail to one member of staff. None where no address is known, and none about a
 * proposal to confirm that somebody has decided on by then: neither is a failure.
 */
export function mailStaffHandler(
  gateway: Pick<Gateway, 'database' | 'clock' | 'identity'>,
  mailer: Mailer,
): JobHandler {
  return async (job) => {
    const notice = parseStaffNotice(job.payload);
    const to = await receiverOf(gateway, notice);
    if (to === null) return;
    const origin = gateway.identity.publicOrigin;
    await mailer.send(composeStaffMail({ id: job.id, subject: notice.subject, to, about: notice.id, origin }));
  };
}

async function receiverOf(
  { database, clock }: Pick<Gateway, 'database' | 'clock'>,
  { staff, school, subject, id, mailbox }: StaffNotice,
): Promise<string | null> {
  return database.transaction({ actor: 'system:outbox', school }, async (tx) => {
    if (subject === 'proposal-waiting' || subject === 'proposal-expiring') {
      const proposal = await findProposal(tx, id);
      if (proposal?.state !== 'pending' || clock.now() >= proposal.expiresAt) return null;
    }
    return mailbox === 'former' ? findFormerContact(tx, staff, clock.now()) : findStaffContact(tx, staff);
  });
}
