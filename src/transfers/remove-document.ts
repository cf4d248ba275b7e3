import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, perform, resourceOf, type VerbContext } from './act.ts';
import { backToDraft, openCase } from './locked-case.ts';
import { recordEvent } from './record.ts';
import { changeCase, deleteDocument, findDocument } from './store.ts';
import { type CaseView, viewCase } from './view.ts';

/** Takes a document out of a draft; its ciphertext is deleted. */
export async function removeDocument(
  context: VerbContext,
  input: { readonly caseId: string; readonly documentId: string },
): Promise<Result<CaseView>> {
  return perform(context, { event: 'document.removed', caseId: input.caseId }, async (tx) => {
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.read' });
    if (!opened.ok) return opened;
    const document = await findDocument(tx, opened.value.id, input.documentId);
    if (document === null) return refuse(fault('document.not-found'));
    const { actor, gateway } = context;
    const allowed = authorise(context, 'document.add', resourceOf(actor, opened.value, document.visibility));
    if (!allowed.ok) return allowed;
    const draft = await backToDraft(tx, context, opened.value);
    if (!draft.ok) return draft;
    await deleteDocument(tx, document.id);
    if (document.objectId !== null) await gateway.locker.discard(tx, document.objectId);
    const row = await changeCase(tx, draft.value, { updatedAt: gateway.clock.now() });
    await recordEvent(tx, context, { name: 'document.removed', row });
    return ok(await viewCase(tx, actor, row));
  });
}
