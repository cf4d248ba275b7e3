import { composeMail, mailSubjects } from './compose.ts';
import type { JobHandler } from './drain.ts';
import { JobMalformed } from './job-malformed.ts';
import type { Mailer } from './mailer.ts';

/**
 * Handles `mail.school` jobs (`{ school, subject, caseId }`): one mail to the school's address. A school without an
 * address gets none, which is no failure.
 */
export function schoolMailHandler(input: {
  readonly mailer: Mailer;
  addressOf(school: string): Promise<string | null>;
  caseUrl(caseId: string): string;
}): JobHandler {
  return async (job) => {
    const { school, caseId } = job.payload;
    const subject = mailSubjects.find((known) => known === job.payload['subject']);
    if (school === undefined || caseId === undefined || subject === undefined) {
      throw new JobMalformed('a mail.school job needs school, subject and caseId');
    }
    const to = await input.addressOf(school);
    if (to === null) return;
    await input.mailer.send(composeMail({ id: job.id, subject, to, caseId, url: input.caseUrl(caseId) }));
  };
}
