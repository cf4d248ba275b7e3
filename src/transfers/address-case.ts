import { newLogToken } from '../audit/append.ts';
import { ok, type Result } from '../result.ts';
import { perform, type VerbContext } from './act.ts';
import { addressee } from './draft-case.ts';
import { backToDraft, openCase } from './locked-case.ts';
import { carryProtection } from './protection/enter-protection.ts';
import { recordEvent } from './record.ts';
import { changeCase } from './store.ts';
import { type CaseView, viewCase } from './view.ts';

export interface AddressInput {
  readonly caseId: string;
  readonly recipientCode: string | null;
  readonly acceptanceCode: string | null;
  readonly version: number | null;
}

/** Chooses or changes the recipient of a draft; an approval of the former recipient is void. */
export async function addressCase(context: VerbContext, input: AddressInput): Promise<Result<CaseView>> {
  const found = await addressee(context, input);
  return perform(context, { event: 'case.addressed', caseId: input.caseId }, async (tx) => {
    const opened = await openCase(tx, context, { ...input, action: 'case.draft' });
    if (!opened.ok) return opened;
    if (!found.ok) return found;
    const draft = await backToDraft(tx, context, opened.value);
    if (!draft.ok) return draft;
    const { isProtected } = found.value;
    if (isProtected && draft.value.protection !== 'named') await carryProtection(tx, context, draft.value.id);
    const row = await changeCase(tx, draft.value, {
      recipientCode: found.value.recipientCode,
      acceptanceCodeHash: found.value.acceptanceCodeHash,
      // Another recipient must not be able to join its entries to those of the former one.
      recipientToken: newLogToken(),
      updatedAt: context.gateway.clock.now(),
    });
    await recordEvent(tx, context, { name: 'case.addressed', row });
    return ok(await viewCase(tx, context.actor, row));
  });
}
