import { ok, type Result } from '../result.ts';
import { perform, type VerbContext } from './act.ts';
import { issueReceipt } from './issue-receipt.ts';
import { advance, openCase } from './locked-case.ts';
import { recordEvent } from './record.ts';
import { type CaseView, viewCase } from './view.ts';

/** 取下げ: the sender takes a deposited package back, as long as the recipient has not opened it. */
export async function withdrawPackage(
  context: VerbContext,
  input: { readonly caseId: string; readonly reason: string },
): Promise<Result<CaseView>> {
  return perform(context, { event: 'package.withdrawn', caseId: input.caseId }, async (tx) => {
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.withdraw' });
    if (!opened.ok) return opened;
    const moved = await advance(tx, context, {
      row: opened.value,
      to: 'withdrawn',
      changes: { reason: input.reason, closedAt: context.gateway.clock.now() },
    });
    if (!moved.ok) return moved;
    const row = moved.value;
    const appended = await recordEvent(tx, context, { name: 'package.withdrawn', row, alsoOtherSide: true });
    await issueReceipt(tx, context, { row, event: 'SubmissionWithdrawal', appended });
    await context.gateway.locker.dropCaseKey(tx, row.id, row.recipientCode ?? '');
    return ok(await viewCase(tx, context.actor, row));
  });
}
