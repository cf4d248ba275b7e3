import type { Transaction } from '../../database/connection.ts';
import { enqueue } from '../../notices/outbox.ts';
import type { GuardianSubject } from './tables.ts';

/** The kind of job that {@link notifyGuardians} queues; `tell-guardians.ts` does it. */
export const tellGuardiansJob = 'guardians.tell';

export interface GuardianNotice {
  readonly pupilId: string;
  readonly subject: GuardianSubject;
  /** The person who did it is not told of it. */
  readonly exceptPerson?: string;
  /** This guardian is told whatever the standing: it is about them. */
  readonly alsoGuardian?: string;
  /** The request for a certificate that it is about, and who asked: told too, and led to it. */
  readonly asked?: { readonly request: string; readonly by: string | null };
}

/**
 * Tells every guardian with custody, and the pupil, that something happened: by mail where the school knows an
 * address, and on their own page. Queued in the transaction of its cause, whatever that acts as; who is to be told is
 * found out when it is done. A guardian in dispute is told nothing. The mail holds no name, school or pupil.
 */
export async function notifyGuardians(tx: Transaction, notice: GuardianNotice): Promise<void> {
  const { pupilId, subject, exceptPerson, alsoGuardian, asked } = notice;
  await enqueue(tx, {
    kind: tellGuardiansJob,
    payload: {
      pupilId,
      subject,
      ...(exceptPerson === undefined ? {} : { exceptPerson }),
      ...(alsoGuardian === undefined ? {} : { alsoGuardian }),
      ...(asked === undefined ? {} : { request: asked.request }),
      ...(asked === undefined || asked.by === null ? {} : { asker: asked.by }),
    },
  });
}

/** Tells this one person alone, pupil or guardian: what they gave out is nobody else's business. */
export async function notifyPerson(
  tx: Transaction,
  {
    pupilId,
    personId,
    subject,
  }: { readonly pupilId: string; readonly personId: string; readonly subject: GuardianSubject },
): Promise<void> {
  await enqueue(tx, { kind: tellGuardiansJob, payload: { pupilId, subject, onlyPerson: personId } });
}
