import type { Transaction } from '../../database/connection.ts';
import { enqueue } from '../../notices/outbox.ts';
import type { GuardianSubject } from '../tables.ts';

/** The kind of job that {@link notifyOfLogIn} queues; `tell-of-log-in.ts` does it. */
export const tellOfLogInJob = 'log-ins.tell';

export const logInSubjects = [
  'log-in-way-added',
  'log-in-way-removed',
  'log-in-first',
  'log-ins-refused',
] as const satisfies readonly GuardianSubject[];

/** Tells a person, where a school knows an address, that something about their log-ins changed (ASVS 6.3.5, 6.3.7). */
export async function notifyOfLogIn(
  tx: Transaction,
  notice: { readonly personId: string; readonly subject: (typeof logInSubjects)[number] },
): Promise<void> {
  await enqueue(tx, { kind: tellOfLogInJob, payload: { ...notice } });
}
