import { ok, type Result } from '../result.ts';
import { perform, type VerbContext } from './act.ts';
import { backToDraft, openCase } from './locked-case.ts';
import { recordEvent } from './record.ts';
import { type CaseView, viewCase } from './view.ts';

/** Takes a package back into drafting: the drafter's undo, and the approver's "not like this". Approval and seal are void. */
export async function reviseCase(
  context: VerbContext,
  input: { readonly caseId: string; readonly version: number | null },
): Promise<Result<CaseView>> {
  return perform(context, { event: 'package.approval-withdrawn', caseId: input.caseId }, async (tx) => {
    const opened = await openCase(tx, context, { ...input, action: 'case.draft' });
    if (!opened.ok) return opened;
    const draft = await backToDraft(tx, context, opened.value);
    if (!draft.ok) return draft;
    await recordEvent(tx, context, { name: 'package.approval-withdrawn', row: draft.value });
    return ok(await viewCase(tx, context.actor, draft.value));
  });
}
