import { findMarked } from '../directory/protections.ts';
import { fault } from '../faults.ts';
import type { CaseKind } from '../records/kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, perform, schoolOf, type VerbContext } from './act.ts';
import { acceptanceCodeHash, newAcceptanceCode, newId } from './ids.ts';
import { logPlainEvent } from './record.ts';
import { expectationDays } from './rules.ts';
import { deleteExpectation, type ExpectationRow, insertExpectation, listExpectations } from './store.ts';

export interface ExpectInput {
  readonly kind: CaseKind;
  readonly pupilName: string;
  readonly pupilKana: string;
  readonly pupilBirthDate: string;
  readonly homeroom: string | null;
}

export interface ExpectationView {
  readonly id: string;
  readonly kind: CaseKind;
  readonly pupilName: string;
  readonly pupilKana: string;
  readonly pupilBirthDate: string;
  readonly homeroom: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly caseId: string | null;
  /** 支援措置: told to staff who may know. */
  readonly isProtected: boolean;
}

/** The code is told once, for the 転入学通知 to the former school; only its hash is kept. */
export interface AnnouncedPupil extends ExpectationView {
  readonly acceptanceCode: string;
}

/** The receiving school announces a pupil and gets the 受取番号 that the sender addresses with. */
export async function expectPupil(context: VerbContext, input: ExpectInput): Promise<Result<AnnouncedPupil>> {
  const acceptanceCode = newAcceptanceCode();
  const codeHash = await acceptanceCodeHash(acceptanceCode);
  return perform(context, { event: 'acceptance-code.issued', caseId: null, answerIs: 'hidable' }, async (tx) => {
    const allowed = authorise(context, 'expectation.manage', ownResource(context.actor));
    if (!allowed.ok) return allowed;
    const school = schoolOf(context.actor);
    if (school === null) return refuse(fault('policy.denied'));
    const now = context.gateway.clock.now();
    const row: ExpectationRow = {
      ...input,
      id: newId(),
      recipientCode: school,
      codeHash,
      createdBy: context.actor.kind === 'staff' ? context.actor.personKey : 'machine',
      createdAt: now,
      expiresAt: new Date(now.getTime() + expectationDays * 86_400_000),
      caseId: null,
    };
    await insertExpectation(tx, row);
    await logPlainEvent(tx, context, 'acceptance-code.issued');
    return ok({ ...viewExpectation(row, new Set()), acceptanceCode });
  });
}

export async function showExpectations(context: VerbContext): Promise<Result<readonly ExpectationView[]>> {
  return look(context, async (tx) => {
    const allowed = authorise(context, 'expectation.manage', ownResource(context.actor));
    if (!allowed.ok) return allowed;
    const rows = await listExpectations(tx, schoolOf(context.actor) ?? '');
    const marked = await findMarked(
      tx,
      rows.map(({ codeHash }) => `code:${codeHash}`),
    );
    return ok(rows.map((row) => viewExpectation(row, marked)));
  });
}

/** Takes an announcement back, as long as no case came by it. */
export async function cancelExpectation(context: VerbContext, id: string): Promise<Result<true>> {
  return perform(context, { event: 'acceptance-code.issued', caseId: null, answerIs: 'hidable' }, async (tx) => {
    const allowed = authorise(context, 'expectation.manage', ownResource(context.actor));
    if (!allowed.ok) return allowed;
    if (!(await deleteExpectation(tx, id))) return refuse(fault('case.not-found'));
    await logPlainEvent(tx, context, 'acceptance-code.cancelled');
    return ok(true);
  });
}

function viewExpectation(row: ExpectationRow, marked: ReadonlySet<string>): ExpectationView {
  return {
    id: row.id,
    kind: row.kind,
    pupilName: row.pupilName,
    pupilKana: row.pupilKana,
    pupilBirthDate: row.pupilBirthDate,
    homeroom: row.homeroom,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    caseId: row.caseId,
    isProtected: marked.has(`code:${row.codeHash}`),
  };
}
