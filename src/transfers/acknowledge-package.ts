import { fault } from '../faults.ts';
import { custodyMoves } from '../records/kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { perform, type VerbContext } from './act.ts';
import { issueReceipt } from './issue-receipt.ts';
import { advance, openCase } from './locked-case.ts';
import { notify } from './notify.ts';
import { recordEvent } from './record.ts';
import { listDocuments, moveCustodies, reachGrade } from './store.ts';
import { type CaseView, viewCase } from './view.ts';

/**
 * 受領書: the receiving school has taken the records in. Custody of the health card moves with it, all or nothing
 * (学校保健安全法施行規則 第8条). Faults: package.not-verified, case.wrong-state.
 */
export async function acknowledgePackage(
  context: VerbContext,
  input: { readonly caseId: string },
): Promise<Result<CaseView>> {
  return perform(context, { event: 'package.acknowledged', caseId: input.caseId }, async (tx) => {
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.acknowledge' });
    if (!opened.ok) return opened;
    const found = opened.value;
    if (found.state === 'opened' && found.verification?.outcome !== 'valid') {
      return refuse(fault('package.not-verified'));
    }
    const now = context.gateway.clock.now();
    const moved = await advance(tx, context, { row: found, to: 'acknowledged', changes: { closedAt: now } });
    if (!moved.ok) return moved;
    const row = moved.value;
    const recipient = row.recipientCode;
    if (recipient === null) throw new Error('an opened case has no recipient');
    const appended = await recordEvent(tx, context, {
      name: 'package.acknowledged',
      row,
      alsoOtherSide: true,
      ...(row.contentDigest === null ? {} : { digest: row.contentDigest }),
    });
    const documents = await listDocuments(tx, row.id);
    await reachGrade(tx, {
      caseId: row.id,
      attempt: row.attempt,
      documentIds: documents.map((document) => document.id),
      grade: 'takenIn',
      eventId: appended.eventId,
      at: now,
    });
    const receipt = await issueReceipt(tx, context, { row, event: 'ConsignmentAcceptance', appended });
    const originals = documents.filter((document) => custodyMoves(document.kind, document.form));
    const move = { caseId: row.id, from: row.senderCode, to: recipient, receiptId: receipt.id, at: now };
    if ((await moveCustodies(tx, move)) !== originals.length) throw new Error('custody did not move as a whole');
    if (originals.length > 0) await recordEvent(tx, context, { name: 'custody.moved', row, alsoOtherSide: true });
    await notify(tx, { school: row.senderCode, subject: 'package-acknowledged', caseId: row.id });
    return ok(await viewCase(tx, context.actor, row));
  });
}
