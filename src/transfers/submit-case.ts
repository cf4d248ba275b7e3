import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { perform, type VerbContext } from './act.ts';
import { contentDigest, packageContent } from './content.ts';
import { advance, openCase } from './locked-case.ts';
import { recordEvent } from './record.ts';
import { missingKinds } from './rules.ts';
import { listDocuments } from './store.ts';
import { type CaseView, viewCase } from './view.ts';

export interface SubmitInput {
  readonly caseId: string;
  readonly version: number | null;
  /** The drafter has seen that expected documents are missing and goes on. */
  readonly confirmIncomplete: boolean;
}

/** Asks for approval of exactly this content. Faults: case.empty, case.uploading, case.incomplete, recipient.missing. */
export async function submitCase(context: VerbContext, input: SubmitInput): Promise<Result<CaseView>> {
  return perform(context, { event: 'package.approval-requested', caseId: input.caseId }, async (tx) => {
    const opened = await openCase(tx, context, { ...input, action: 'case.submit' });
    if (!opened.ok) return opened;
    const found = opened.value;
    if (found.recipientCode === null) return refuse(fault('recipient.missing'));
    const documents = await listDocuments(tx, found.id);
    if (documents.length === 0) return refuse(fault('case.empty'));
    if (documents.some((document) => document.state === 'uploading')) return refuse(fault('case.uploading'));
    const content = packageContent(found, documents);
    const missing = missingKinds(content);
    if (missing.length > 0 && !input.confirmIncomplete) {
      return refuse(fault('case.incomplete', { params: { missing: missing.join(', ') } }));
    }
    const moved = await advance(tx, context, {
      row: found,
      to: 'submitted',
      changes: { contentDigest: await contentDigest(content) },
    });
    if (!moved.ok) return moved;
    await recordEvent(tx, context, { name: 'package.approval-requested', row: moved.value });
    return ok(await viewCase(tx, context.actor, moved.value));
  });
}
