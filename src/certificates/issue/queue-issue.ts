import type { Transaction } from '../../database/connection.ts';
import { enqueue } from '../../notices/outbox.ts';
import type { RequestRow } from '../requests/store.ts';

export const issueJob = 'certificate.issue';

/** Queues the issue in the transaction of its cause; nothing outside the database is waited for there. */
export async function queueIssue(tx: Transaction, { id, schoolCode }: Pick<RequestRow, 'id' | 'schoolCode'>) {
  await enqueue(tx, { kind: issueJob, payload: { request: id, school: schoolCode } });
}
