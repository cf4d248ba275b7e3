import type { Clock } from '../../clock.ts';
import type { Database, Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findPupil } from '../../directory/find-member.ts';
import type { Job, JobHandler } from '../../notices/drain.ts';
import { type GuardianMail, guardianMailJob } from '../../notices/guardian-mail.ts';
import { enqueue } from '../../notices/outbox.ts';
import { dayInJapan } from '../rules.ts';
import { isAskerTold, isTold, seesNow, standingOf } from './rules.ts';
import { findGuardian, findGuardians, findLinksOfGuardians, findPupilsOwnLink, insertNotice } from './store.ts';
import { type GuardianRow, type GuardianSubject, guardianSubjects } from './tables.ts';

/** Does the jobs of `notifyGuardians`: a line on each receiver's page and a mail for each address, once. */
export function tellGuardiansHandler(services: { readonly database: Database; readonly clock: Clock }): JobHandler {
  return async (job) => {
    const { pupilId } = job.payload;
    const subject = guardianSubjects.find((known) => known === job.payload['subject']);
    if (pupilId === undefined || subject === undefined) throw new NoticeMalformed('it needs pupilId and subject');
    await services.database.transaction(systemScope('linking'), (tx) =>
      tell(tx, { job, pupilId, subject, at: services.clock.now() }),
    );
  };
}

/**
 * Where a guardian's mail goes; null without a record or an address. That the address was changed is told to the one that
 * stood there before.
 */
export async function findGuardianContact(
  database: Database,
  { guardian: guardianId, subject }: GuardianMail,
): Promise<string | null> {
  return database.transaction(systemScope('linking'), async (tx) => {
    const guardian = await findGuardian(tx, guardianId);
    return (subject === 'guardian-mail-changed' ? guardian?.formerMail : guardian?.contactMail) ?? null;
  });
}

class NoticeMalformed extends Error {
  override readonly name = 'NoticeMalformed';
}

interface Telling {
  readonly job: Job;
  readonly pupilId: string;
  readonly subject: GuardianSubject;
  readonly at: Date;
}

async function tell(tx: Transaction, telling: Telling): Promise<void> {
  const { job, pupilId, subject, at } = telling;
  const { exceptPerson, onlyPerson, asker, request } = job.payload;
  for (const { guardian, personId } of await receiversOf(tx, telling)) {
    if (personId !== null && personId === exceptPerson) continue;
    if (onlyPerson !== undefined && personId !== onlyPerson) continue;
    const receiver = `guardian:${guardian.id}`;
    // Nobody else among the guardians may open it.
    const requestId = (personId !== null && personId === asker ? request : null) ?? null;
    const isNew = await insertNotice(tx, { jobId: job.id, receiver, personId, pupilId, subject, requestId, at });
    // In the transaction of the line: a job that runs twice sends no second mail.
    if (isNew && guardian.contactMail !== null) {
      const about = requestId === null ? {} : { request: requestId };
      await enqueue(tx, { kind: guardianMailJob, payload: { guardian: guardian.id, subject, ...about } });
    }
  }
  const pupil = await findPupilsOwnLink(tx, pupilId);
  if (pupil === null || pupil.personId === exceptPerson) return;
  if (onlyPerson !== undefined && pupil.personId !== onlyPerson) return;
  const { personId } = pupil;
  const receiver = `person:${personId}`;
  await insertNotice(tx, { jobId: job.id, receiver, personId, pupilId, subject, requestId: request ?? null, at });
}

interface Receiver {
  readonly guardian: GuardianRow;
  /** Who logs in as this guardian; null where nobody does. */
  readonly personId: string | null;
}

async function receiversOf(tx: Transaction, { job, pupilId, subject, at }: Telling): Promise<readonly Receiver[]> {
  const [pupil, all] = await Promise.all([findPupil(tx, pupilId), findGuardians(tx, pupilId)]);
  const on = { birthDate: pupil?.birthDate ?? null, day: dayInJapan(at) };
  const links = await findLinksOfGuardians(
    tx,
    all.map(({ id }) => id),
  );
  const receivers = all.map((guardian) => ({
    guardian,
    personId: links.find(({ guardianId }) => guardianId === guardian.id)?.personId ?? null,
    standing: standingOf(guardian, on),
  }));
  // Of a dispute the guardian concerned hears from the school, not from us: a notice might endanger somebody.
  return receivers.filter(
    ({ guardian, personId, standing }) =>
      isTold(guardian.custody, standing, subject) ||
      (job.payload['onlyPerson'] !== undefined && seesNow(standing)) ||
      (personId !== null && personId === job.payload['asker'] && isAskerTold(standing)) ||
      (guardian.id === job.payload['alsoGuardian'] && guardian.state !== 'disputed'),
  );
}
