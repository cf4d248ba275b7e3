import { ok, type Result } from '../result.ts';
import { perform, type VerbContext } from './act.ts';
import { issueReceipt } from './issue-receipt.ts';
import { advance, openCase } from './locked-case.ts';
import { notify } from './notify.ts';
import { recordEvent } from './record.ts';
import { type CaseView, viewCase } from './view.ts';

/** 差戻し: a wrong arrival goes back unopened, with a reason; the recipient's key to it is destroyed. */
export async function returnPackage(
  context: VerbContext,
  input: { readonly caseId: string; readonly reason: string },
): Promise<Result<CaseView>> {
  return perform(context, { event: 'package.returned', caseId: input.caseId }, async (tx) => {
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.return' });
    if (!opened.ok) return opened;
    const moved = await advance(tx, context, {
      row: opened.value,
      to: 'returned',
      changes: { reason: input.reason, closedAt: context.gateway.clock.now() },
    });
    if (!moved.ok) return moved;
    const row = moved.value;
    const appended = await recordEvent(tx, context, { name: 'package.returned', row, alsoOtherSide: true });
    await issueReceipt(tx, context, { row, event: 'ConsignmentRejection', appended });
    await context.gateway.locker.dropCaseKey(tx, row.id, row.recipientCode ?? '');
    await notify(tx, { school: row.senderCode, subject: 'package-returned', caseId: row.id });
    return ok(await viewCase(tx, context.actor, row));
  });
}
