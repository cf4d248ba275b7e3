import type { Clock } from '../../clock.ts';
import type { Database } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findContact, findPrincipalContact } from '../../directory/find-contact.ts';
import { takeDueReviews } from '../../directory/protections.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { enqueue } from '../../notices/outbox.ts';
import { findCase } from '../store.ts';

/** Tells principals once of each review date that has come. It only tells: the protection goes on. For the hourly round. */
export async function remindOfReviews({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
  await database.transaction(systemScope('protection'), async (tx) => {
    for (const { id, schoolCode } of await takeDueReviews(tx, dayInJapan(clock.now()))) {
      const payload = { school: schoolCode, subject: 'protection-review', caseId: id };
      await enqueue(tx, { kind: 'mail.school', payload });
    }
  });
}

/**
 * Where a notice may go. The office's address is read by many: of a protected case it is told nothing, and the
 * principal is, where mails about keys go too, if an address is known. Asked when the mail is sent, so an order that came since counts.
 */
export async function findNoticeAddress(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  { school, subject, caseId }: { readonly school: string; readonly subject: string; readonly caseId: string },
): Promise<string | null> {
  return database.transaction({ ...systemScope('protection'), school }, async (tx) => {
    const today = dayInJapan(clock.now());
    if (subject === 'protection-review') return findPrincipalContact(tx, school, today);
    const row = await findCase(tx, caseId);
    const isProtected = row !== null && row.protection !== 'none';
    if (isProtected) return findPrincipalContact(tx, school, today);
    // What a board did over the heads of the school is for its head, and for the office where no head has an address.
    const head = subject === 'board-glass-opened' ? await findPrincipalContact(tx, school, today) : null;
    return head ?? findContact(tx, school);
  });
}
