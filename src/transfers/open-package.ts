import { fault } from '../faults.ts';
import { foldingRule, matchPupil } from '../records/names.ts';
import { ok, type Result, refuse } from '../result.ts';
import { perform, type VerbContext } from './act.ts';
import { acceptanceCodeHash } from './ids.ts';
import { issueReceipt } from './issue-receipt.ts';
import { advance, openCase } from './locked-case.ts';
import { notify } from './notify.ts';
import { recordEvent } from './record.ts';
import { type CaseRow, changeExpectation, findExpectationByCode, listDocuments, reachGrade } from './store.ts';
import { type CaseView, viewCase } from './view.ts';

export interface OpenInput {
  readonly caseId: string;
  /** 受取番号, when the sender addressed with one. */
  readonly acceptanceCode: string | null;
  /** Otherwise the pupil as the receiving school knows it. */
  readonly pupil: { readonly kana: string; readonly birthDate: string } | null;
  /** Class at the receiving school, so that its homeroom teacher may read. */
  readonly homeroom: string | null;
}

/**
 * Hands the package over to the receiving school, after it proved that this pupil is expected there.
 * Until then nothing of it opens. Faults: acceptance.mismatch, case.wrong-state.
 */
export async function openPackage(context: VerbContext, input: OpenInput): Promise<Result<CaseView>> {
  const codeHash = input.acceptanceCode === null ? null : await acceptanceCodeHash(input.acceptanceCode);
  return perform(context, { event: 'package.opened', caseId: input.caseId }, async (tx) => {
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.open' });
    if (!opened.ok) return opened;
    const found = opened.value;
    const proof = proofOf(found, { codeHash, pupil: input.pupil });
    if (proof === null) return refuse(fault('acceptance.mismatch'));
    const expectation = codeHash === null ? null : await findExpectationByCode(tx, codeHash);
    const now = context.gateway.clock.now();
    const moved = await advance(tx, context, {
      row: found,
      to: 'opened',
      changes: { openedAt: now, recipientHomeroom: input.homeroom ?? expectation?.homeroom ?? null },
    });
    if (!moved.ok) return moved;
    const row = moved.value;
    if (expectation !== null) await changeExpectation(tx, expectation.id, { caseId: row.id });
    const appended = await recordEvent(tx, context, {
      name: 'package.opened',
      row,
      alsoOtherSide: true,
      detail: { proof, rule: proof === 'pupil' ? foldingRule : 'acceptance-code' },
    });
    const documents = await listDocuments(tx, row.id);
    await reachGrade(tx, {
      caseId: row.id,
      attempt: row.attempt,
      documentIds: documents.map((document) => document.id),
      grade: 'handedOver',
      eventId: appended.eventId,
      at: now,
    });
    await issueReceipt(tx, context, { row, event: 'ContentHandover', appended });
    // From here on the sender cannot read it back: its own key to the case is gone.
    await context.gateway.locker.dropCaseKey(tx, row.id, row.senderCode);
    await notify(tx, { school: row.senderCode, subject: 'package-opened', caseId: row.id });
    return ok(await viewCase(tx, context.actor, row));
  });
}

/** What shows that the package is for a pupil of this school; null when nothing does. */
function proofOf(
  row: CaseRow,
  given: { readonly codeHash: string | null; readonly pupil: OpenInput['pupil'] },
): 'acceptance-code' | 'pupil' | null {
  if (given.codeHash !== null && row.acceptanceCodeHash === given.codeHash) return 'acceptance-code';
  if (given.pupil === null) return null;
  const known = { kana: row.pupilKana, birthDate: row.pupilBirthDate };
  return matchPupil(known, given.pupil) === 'match' ? 'pupil' : null;
}
