import { newLogToken } from '../audit/append.ts';
import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { findPupil, type Pupil } from '../directory/find-member.ts';
import { findRecipient } from '../directory/find-organisation.ts';
import { findMarked } from '../directory/protections.ts';
import { fault } from '../faults.ts';
import { scopeOf } from '../policy/actor.ts';
import { type CaseKind, legalBasis } from '../records/kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, ownResource, perform, refuseLogged, schoolOf, type VerbContext } from './act.ts';
import { acceptanceCodeHash, newId } from './ids.ts';
import { carryProtection } from './protection/enter-protection.ts';
import { recordEvent } from './record.ts';
import { findExpectationByCode, insertCase } from './store.ts';
import type { CaseView } from './view.ts';
import { viewCase } from './view.ts';

export interface DraftInput {
  readonly kind: CaseKind;
  readonly pupilId: string;
  /** School code; null when it is chosen later or comes with an acceptance code. */
  readonly recipientCode: string | null;
  readonly acceptanceCode: string | null;
  readonly purpose: string;
}

/** Begins a case for one pupil of the actor's own school. Faults: case.pupil-unknown, recipient.*, acceptance.unknown. */
export async function draftCase(context: VerbContext, input: DraftInput): Promise<Result<CaseView>> {
  const attempt = { event: 'case.created', caseId: null, answerIs: 'hidable' } as const;
  const allowed = authorise(context, 'case.draft', ownResource(context.actor));
  if (!allowed.ok) return refuseLogged(context, attempt, allowed.fault);
  const addressed = await addressee(context, input);
  const caseKey = await context.gateway.locker.newCaseKey(schoolOf(context.actor) ?? '');
  return perform(context, attempt, async (tx) => {
    if (!addressed.ok) return addressed;
    const pupil = await findPupil(tx, input.pupilId);
    const school = schoolOf(context.actor);
    if (pupil === null || school === null || pupil.schoolCode !== school) return refuse(fault('case.pupil-unknown'));
    const made = newCase(context, input, { pupil, school, ...addressed.value });
    if (addressed.value.isProtected && pupil.protection !== 'named') await carryProtection(tx, context, made.id);
    const row = await insertCase(tx, made);
    await Promise.all([caseKey.store(tx, row.id), recordEvent(tx, context, { name: 'case.created', row })]);
    return ok(await viewCase(tx, context.actor, row));
  });
}

interface Addressee {
  readonly recipientCode: string | null;
  readonly acceptanceCodeHash: string | null;
  /** The receiving school protects the pupil (支援措置). */
  readonly isProtected: boolean;
}

/** The recipient named by code, or by an acceptance code that only the receiving school could have made. */
export async function addressee(
  { gateway, actor }: VerbContext,
  input: Pick<DraftInput, 'recipientCode' | 'acceptanceCode'>,
): Promise<Result<Addressee>> {
  const own = schoolOf(actor) ?? '';
  if (input.acceptanceCode !== null) {
    const codeHash = await acceptanceCodeHash(input.acceptanceCode);
    const [expected, marked] = await gateway.database.transaction(systemScope('addressing'), async (tx) =>
      Promise.all([findExpectationByCode(tx, codeHash), findMarked(tx, [`code:${codeHash}`])]),
    );
    const usable = expected !== null && expected.expiresAt > gateway.clock.now() && expected.recipientCode !== own;
    const isProtected = marked.size > 0;
    // No machine learns of a protected pupil, so its number is none.
    if (!usable || (isProtected && actor.kind !== 'staff')) return refuse(fault('acceptance.unknown'));
    return ok({ recipientCode: expected.recipientCode, acceptanceCodeHash: codeHash, isProtected });
  }
  const code = input.recipientCode;
  if (code === null) return ok({ recipientCode: null, acceptanceCodeHash: null, isProtected: false });
  const found = await gateway.database.transaction(scopeOf(actor), async (tx: Transaction) =>
    findRecipient(tx, code, own),
  );
  return found.ok ? ok({ recipientCode: found.value.code, acceptanceCodeHash: null, isProtected: false }) : found;
}

function newCase(
  { gateway, actor }: VerbContext,
  input: DraftInput,
  found: Addressee & { readonly pupil: Pupil; readonly school: string },
) {
  const now = gateway.clock.now();
  const { pupil } = found;
  return {
    id: newId(),
    kind: input.kind,
    state: 'draft' as const,
    senderCode: found.school,
    recipientCode: found.recipientCode,
    acceptanceCodeHash: found.acceptanceCodeHash,
    pupilId: pupil.id,
    pupilOfficialName: pupil.officialName,
    pupilNonStandardCharacters: pupil.nonStandardCharacters,
    pupilDisplayName: pupil.displayName,
    pupilKana: pupil.kana,
    pupilBirthDate: pupil.birthDate,
    pupilMasterIdentifier: pupil.masterIdentifier,
    homeroom: pupil.homeroom,
    legalBasis: legalBasis(input.kind),
    purpose: input.purpose,
    draftedBy: scopeOf(actor).actor,
    drafterKey: actor.kind === 'staff' ? actor.personKey : scopeOf(actor).actor,
    senderToken: newLogToken(),
    recipientToken: newLogToken(),
    createdAt: now,
    updatedAt: now,
  };
}
