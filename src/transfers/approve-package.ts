import type { Transaction } from '../database/connection.ts';
import { findAccountsById } from '../directory/members.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { perform, type VerbContext } from './act.ts';
import { contentDigest, packageContent } from './content.ts';
import { newId } from './ids.ts';
import { advance, openCase } from './locked-case.ts';
import { recordEvent } from './record.ts';
import { approvalDays } from './rules.ts';
import { type CaseRow, insertApproval, listDocuments } from './store.ts';
import { type CaseView, viewCase } from './view.ts';

export interface ApproveInput {
  readonly caseId: string;
  /** The digest that the approver was shown: documents, recipient and purpose. */
  readonly contentDigest: string;
}

/**
 * 決裁: a second person says yes to exactly this content, this recipient and this purpose (ASVS 2.3.5).
 * Faults: approval.own-draft, approval.content-changed, case.wrong-state, policy.denied.
 */
export async function approvePackage(context: VerbContext, input: ApproveInput): Promise<Result<CaseView>> {
  return perform(context, { event: 'package.approved', caseId: input.caseId }, async (tx) => {
    const { actor, gateway } = context;
    const opened = await openCase(tx, context, { caseId: input.caseId, action: 'case.approve' });
    if (!opened.ok) return opened.fault.detail === 'four-eyes' ? refuse(fault('approval.own-draft')) : opened;
    const row = opened.value;
    if (actor.kind !== 'staff') return refuse(fault('policy.denied'));
    if (await isDraftersPerson(tx, row, actor.personKey)) return refuse(fault('approval.own-draft'));
    const content = packageContent(row, await listDocuments(tx, row.id));
    const digest = await contentDigest(content);
    if (digest !== row.contentDigest || digest !== input.contentDigest) {
      return refuse(fault('approval.content-changed'));
    }
    const moved = await advance(tx, context, { row, to: 'approved' });
    if (!moved.ok) return moved;
    const now = gateway.clock.now();
    await Promise.all([
      insertApproval(tx, {
        id: newId(),
        caseId: row.id,
        contentDigest: digest,
        staffId: actor.staffId,
        personKey: actor.personKey,
        role: actor.role,
        assurance: actor.assurance,
        approvedAt: now,
        expiresAt: new Date(now.getTime() + approvalDays * 86_400_000),
      }),
      recordEvent(tx, context, { name: 'package.approved', row: moved.value, digest }),
    ]);
    return ok(await viewCase(tx, actor, moved.value));
  });
}

/** The draft bears the person as they were known then; two accounts may have turned out to be one human since. */
async function isDraftersPerson(tx: Transaction, row: CaseRow, personKey: string): Promise<boolean> {
  const staffId = row.draftedBy.replace(/^staff:/, '');
  const [drafter] = await findAccountsById(tx, [staffId]);
  return drafter?.personKey === personKey;
}
