import type { AppendedEvent } from '../audit/append.ts';
import { signEvidence } from '../audit/evidence.ts';
import type { Transaction } from '../database/connection.ts';
import { assuranceOf, roleOf, type VerbContext } from './act.ts';
import { newId } from './ids.ts';
import { type CaseRow, insertReceipt, listDocuments, type ReceiptRow } from './store.ts';

/** Names after ETSI EN 319 522-1: what a receipt says has happened. */
export const receiptEvents = [
  'SubmissionAcceptance',
  'SubmissionWithdrawal',
  'ContentHandover',
  'ConsignmentRejection',
  'ConsignmentAcceptance',
] as const;
export type ReceiptEvent = (typeof receiptEvents)[number];

/**
 * Signs a receipt over the digests of the package, its ciphertexts and the log entry, in the transaction of the act.
 * The evidence key is local to the process (docs/operations.md), so nothing outside is waited for here.
 */
export async function issueReceipt(
  tx: Transaction,
  context: VerbContext,
  about: { readonly row: CaseRow; readonly event: ReceiptEvent; readonly appended: AppendedEvent },
): Promise<ReceiptRow> {
  const { gateway, actor } = context;
  const { row, appended } = about;
  const documents = await listDocuments(tx, row.id);
  const issuedAt = gateway.clock.now();
  const id = newId();
  const evidence = await signEvidence(
    {
      receipt: id,
      event: about.event,
      eventId: appended.eventId,
      issuedAt: issuedAt.toISOString(),
      case: row.id,
      attempt: row.attempt,
      sender: row.senderCode,
      recipient: row.recipientCode,
      actorRole: roleOf(actor),
      assurance: assuranceOf(actor),
      contentDigest: row.contentDigest,
      documents: documents.map((document) => ({
        id: document.id,
        kind: document.kind,
        form: document.form,
        sha256: document.sha256,
        ciphertextSha256: document.ciphertextSha256,
      })),
      log: { origin: gateway.settings.LOG_ORIGIN, entry: { ...appended.body } },
    },
    gateway.evidence,
  );
  const receipt: ReceiptRow = {
    id,
    caseId: row.id,
    attempt: row.attempt,
    event: about.event,
    eventId: appended.eventId,
    evidence,
    issuedAt,
  };
  await insertReceipt(tx, receipt);
  return receipt;
}
