import type { Transaction } from '../../database/connection.ts';
import { findAccountsById } from '../../directory/members.ts';
import { fault } from '../../faults.ts';
import type { StaffActor } from '../../policy/actor.ts';
import type { Action } from '../../policy/decide.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, ownResource, type VerbContext } from '../../transfers/act.ts';
import { answersFor } from '../requests/certifier.ts';
import { findRequest, type RequestRow } from '../requests/store.ts';
import { type CertificateRow, findCertificate } from './store.ts';

export interface OwnValid {
  readonly row: CertificateRow;
  readonly request: RequestRow;
  readonly staff: StaffActor;
}

/** A certificate that counts, of the actor's school or of a closed one whose successor it is. Faults: certificate.not-found, certificate.wrong-state */
export async function ownValid(
  tx: Transaction,
  context: VerbContext,
  { id, action }: { readonly id: string; readonly action: Action },
): Promise<Result<OwnValid>> {
  const { actor } = context;
  // First the role alone: who may never do it is told so, whatever the id.
  const allowed = authorise(context, action, ownResource(actor));
  if (!allowed.ok) return allowed;
  const row = await findCertificate(tx, id);
  const request = row === null ? null : await findRequest(tx, row.requestId);
  const isOwn = actor.kind === 'staff' && row !== null && (await answersFor(tx, actor.school, row.schoolCode));
  if (!isOwn || row === null || request === null || row.state === 'issuing') {
    return refuse(fault('certificate.not-found'));
  }
  return row.state === 'valid'
    ? ok({ row, request, staff: actor })
    : refuse(fault('certificate.wrong-state', { detail: row.state }));
}

/** The same, where somebody has asked to revoke it. */
export async function ownAsked(
  tx: Transaction,
  context: VerbContext,
  of: { readonly id: string; readonly action: Action },
): Promise<Result<OwnValid>> {
  const found = await ownValid(tx, context, of);
  const isAsked = found.ok && found.value.row.revocationAskedAt !== null;
  return !found.ok || isAsked ? found : refuse(fault('certificate.wrong-state', { detail: 'not-asked' }));
}

/** The second person: another one than who asked. Faults: certificate.own-check, login.fresh-required */
export async function secondPerson(
  tx: Transaction,
  context: VerbContext,
  { row, staff }: OwnValid,
): Promise<Result<true>> {
  const drafter = await hasAsked(tx, row, staff);
  const allowed = authorise(context, 'certificate.approve', { ...ownResource(staff), drafter });
  if (allowed.ok) return ok(true);
  return allowed.fault.detail === 'four-eyes' ? refuse(fault('certificate.own-check')) : allowed;
}

/** Whether this person asked to revoke it: by person, not by account. */
export async function hasAsked(tx: Transaction, row: CertificateRow, staff: StaffActor): Promise<boolean> {
  if (row.revocationAskedByKey === staff.personKey || row.revocationAskedBy === staff.staffId) return true;
  const [asker] = row.revocationAskedBy === null ? [] : await findAccountsById(tx, [row.revocationAskedBy]);
  return asker?.personKey === staff.personKey;
}
