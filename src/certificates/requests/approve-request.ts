import type { Transaction } from '../../database/connection.ts';
import { findAccountsById } from '../../directory/members.ts';
import { type Fault, fault } from '../../faults.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, look, ownResource, perform, type VerbContext } from '../../transfers/act.ts';
import { queueIssue } from '../issue/queue-issue.ts';
import { movable } from './own-request.ts';
import { findMaterial, prepare } from './prepare.ts';
import { recordRequest } from './record.ts';
import { changeRequest, type RequestRow } from './store.ts';
import { type RequestView, viewRequest } from './view.ts';

export interface ApprovalInput {
  readonly requestId: string;
  readonly version: number | null;
}

/**
 * 決裁: the principal, a second person, approves exactly what was checked (ASVS 2.3.5). What has changed since has to be
 * checked again. Faults: certificate.request-not-found, certificate.wrong-state, certificate.own-check,
 * certificate.content-changed, login.fresh-required, request.precondition-failed, and those of `prepare`
 */
export async function approveRequest(context: VerbContext, input: ApprovalInput): Promise<Result<RequestView>> {
  const { gateway } = context;
  const material = await look(context, async (tx) => {
    const row = await approvable(tx, context, input);
    return row.ok ? findMaterial(tx, gateway, row.value.row) : row;
  });
  const prepared = material.ok ? await prepare(gateway, material.value) : material;
  return perform(context, { event: 'certificate.approved', caseId: null }, async (tx) => {
    const found = await approvable(tx, context, input);
    if (!found.ok) return found;
    if (!prepared.ok) return prepared;
    const { row, staff } = found.value;
    if (prepared.value.digest !== row.contentDigest) return refuse(fault('certificate.content-changed'));
    const changes = { state: 'approved', approvedBy: staff.staffId, approvedAt: gateway.clock.now() } as const;
    if (!(await changeRequest(tx, row, changes))) return refuse(fault('request.precondition-failed'));
    await recordRequest(tx, context, { name: 'certificate.approved', row, detail: { content: row.contentDigest } });
    await queueIssue(tx, row);
    return ok(viewRequest({ ...row, ...changes, version: row.version + 1 }));
  });
}

async function approvable(
  tx: Transaction,
  context: VerbContext,
  input: ApprovalInput,
): Promise<Result<{ readonly row: RequestRow; readonly staff: StaffActor }>> {
  const { actor } = context;
  // First the role alone: who may never do it is told so, whatever the id.
  const role = authorise(context, 'certificate.approve', ownResource(actor));
  if (!role.ok) return role;
  if (actor.kind !== 'staff') return refuse(fault('policy.denied', { detail: 'staff-only' }));
  const found = await movable(tx, context, { ...input, to: 'approved' });
  if (!found.ok) return found;
  const row = found.value;
  // Only the standing rule goes past the check.
  if (row.state !== 'checked') return refuse(fault('certificate.wrong-state', { detail: row.state }));
  const drafter = await hasChecked(tx, row, actor);
  const allowed = authorise(context, 'certificate.approve', { ...ownResource(actor), drafter });
  return allowed.ok ? ok({ row, staff: actor }) : refuse(told(allowed.fault));
}

/** By person, not by account: two accounts may have turned out to be one human since. */
async function hasChecked(tx: Transaction, row: RequestRow, actor: StaffActor): Promise<boolean> {
  if (row.checkedByKey === actor.personKey || row.checkedBy === actor.staffId) return true;
  const [checker] = row.checkedBy === null ? [] : await findAccountsById(tx, [row.checkedBy]);
  return checker?.personKey === actor.personKey;
}

function told(reason: Fault): Fault {
  return reason.detail === 'four-eyes' ? fault('certificate.own-check') : reason;
}
