import type { Clock } from '../../clock.ts';
import type { Database, Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findPupil } from '../../directory/find-member.ts';
import type { Job, JobHandler } from '../../notices/drain.ts';
import { guardianMailJob } from '../../notices/guardian-mail.ts';
import { enqueue } from '../../notices/outbox.ts';
import { standingOf } from '../guardians/rules.ts';
import { findGuardian, findGuardians, insertNotice, type KnownGuardian } from '../guardians/store.ts';
import { findLinks } from '../links/store.ts';
import type { PupilLinkRow } from '../links/tables.ts';
import { dayInJapan } from '../rules.ts';
import { logInSubjects } from './notify-of-log-in.ts';

/** Does the jobs of `notifyOfLogIn`: a line on the person's page, and a mail to each address that is theirs, once. */
export function tellOfLogInHandler(services: { readonly database: Database; readonly clock: Clock }): JobHandler {
  return async (job) => {
    const { personId } = job.payload;
    const subject = logInSubjects.find((known) => known === job.payload['subject']);
    if (personId === undefined || subject === undefined) throw new NoticeMalformed('it needs personId and subject');
    await services.database.transaction(systemScope('linking'), async (tx) => {
      const at = services.clock.now();
      const links = (await findLinks(tx, { personId })).filter(({ confirmedAt }) => confirmedAt !== null);
      for (const link of links) await tellAboutLink(tx, { job, link, subject, at });
    });
  };
}

class NoticeMalformed extends Error {
  override readonly name = 'NoticeMalformed';
}

interface Telling {
  readonly job: Job;
  readonly link: PupilLinkRow;
  readonly subject: (typeof logInSubjects)[number];
  readonly at: Date;
}

async function tellAboutLink(tx: Transaction, { job, link, subject, at }: Telling): Promise<void> {
  const { pupilId, personId } = link;
  const notice = { jobId: job.id, pupilId, subject, requestId: null, at };
  await insertNotice(tx, { ...notice, receiver: `person:${personId}`, personId });
  for (const { id } of await addressees(tx, link, at)) {
    // A job that runs twice finds its lines and sends no second mail. The line of a mail is on nobody's page.
    const isNew = await insertNotice(tx, { ...notice, receiver: `mail:${id}`, personId: null });
    if (isNew) await enqueue(tx, { kind: guardianMailJob, payload: { guardian: id, subject } });
  }
}

/**
 * Whose addresses are this person's: a guardian's own, and of no other guardian; a pupil has none, so those with custody
 * while the pupil is a minor.
 */
async function addressees(tx: Transaction, link: PupilLinkRow, at: Date): Promise<readonly KnownGuardian[]> {
  const { pupilId, guardianId } = link;
  const [pupil, own] = [
    await findPupil(tx, pupilId),
    guardianId === null ? await findGuardians(tx, pupilId) : await findGuardian(tx, guardianId),
  ];
  const on = { birthDate: pupil?.birthDate ?? null, day: dayInJapan(at) };
  return [own].flat().filter((guardian): guardian is KnownGuardian => {
    if (guardian === null || guardian.contactMail === null) return false;
    if (guardianId !== null) return guardian.state === 'confirmed';
    return guardian.custody !== 'none' && standingOf(guardian, on) === 'confirmed';
  });
}
