import type { Transaction } from '../database/connection.ts';
import { enqueue } from '../notices/outbox.ts';

export type NoticeSubject =
  | 'approval-requested'
  | 'package-arrived'
  | 'package-waiting'
  | 'package-opened'
  | 'package-returned'
  | 'package-withdrawn'
  | 'package-acknowledged'
  | 'break-glass-opened'
  | 'board-glass-opened'
  | 'access-reported'
  | 'certificate-requested'
  | 'certificate-to-approve'
  | 'certificate-sent-back'
  | 'certificate-kept';

/** Queues a notice in the transaction of its cause: the kind of event and the case's number, never a name. */
export async function notify(
  tx: Transaction,
  notice: { readonly school: string; readonly subject: NoticeSubject; readonly caseId: string },
): Promise<void> {
  await enqueue(tx, { kind: 'mail.school', payload: { ...notice } });
}
