import { readLogHealth } from '../audit/log-health.ts';
import { findRecipient } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import { scopeOf } from '../policy/actor.ts';
import { custodyMoves } from '../records/kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { perform, refuseLogged, type VerbContext } from './act.ts';
import { issueReceipt } from './issue-receipt.ts';
import { advance, openCase } from './locked-case.ts';
import { notify } from './notify.ts';
import { recordEvent } from './record.ts';
import { findCase, insertCustodies, listDocuments, reachGrade } from './store.ts';
import { type CaseView, viewCase } from './view.ts';

/**
 * 預入: the sealed package goes into the locker, in one transaction: state, the recipient's key to it, log entries of both
 * sides, custody, receipt and notice. Faults: case.wrong-state, recipient.closed.
 */
export async function depositPackage(
  context: VerbContext,
  input: { readonly caseId: string },
): Promise<Result<CaseView>> {
  const { gateway, actor } = context;
  const attempt = { event: 'package.deposited', caseId: input.caseId } as const;
  const { state } = await readLogHealth(gateway.database, gateway.clock.now());
  // Fail closed: what cannot be evidenced is not taken in (docs/adr/0007).
  if (state === 'stalled') return refuseLogged(context, attempt, fault('log.stalled'));
  const found = await gateway.database.transaction(scopeOf(actor), async (tx) => findCase(tx, input.caseId));
  if (found === null || found.recipientCode === null) {
    return refuseLogged(context, attempt, fault(found === null ? 'case.not-found' : 'recipient.missing'));
  }
  const recipient = found.recipientCode;
  const wrap = await gateway.locker.shareCaseKey(scopeOf(actor), {
    caseId: found.id,
    from: found.senderCode,
    to: recipient,
  });
  return perform(context, attempt, async (tx) => {
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.deposit' });
    if (!opened.ok) return opened;
    // The school may have closed since the draft began.
    const school = await findRecipient(tx, opened.value.recipientCode ?? '', opened.value.senderCode);
    if (!school.ok) return school;
    const now = gateway.clock.now();
    const moved = await advance(tx, context, { row: opened.value, to: 'deposited', changes: { depositedAt: now } });
    if (!moved.ok) return moved;
    if (opened.value.recipientCode !== recipient || wrap === null) return refuse(fault('request.precondition-failed'));
    const row = moved.value;
    const [documents, appended] = await Promise.all([
      listDocuments(tx, row.id),
      recordEvent(tx, context, {
        name: 'package.deposited',
        row,
        alsoOtherSide: true,
        ...(row.contentDigest === null ? {} : { digest: row.contentDigest }),
      }),
      wrap.store(tx),
    ]);
    await Promise.all([
      reachGrade(tx, {
        caseId: row.id,
        attempt: row.attempt,
        documentIds: documents.map((document) => document.id),
        grade: 'stored',
        eventId: appended.eventId,
        at: now,
      }),
      insertCustodies(
        tx,
        documents
          .filter((document) => custodyMoves(document.kind, document.form))
          .map((document) => ({ documentId: document.id, caseId: row.id, holderCode: row.senderCode })),
      ),
      issueReceipt(tx, context, { row, event: 'SubmissionAcceptance', appended }),
      notify(tx, { school: recipient, subject: 'package-arrived', caseId: row.id }),
    ]);
    return ok(await viewCase(tx, context.actor, row));
  });
}
