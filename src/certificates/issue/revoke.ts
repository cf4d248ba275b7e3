import type { Transaction } from '../../database/connection.ts';
import { findAccountsById } from '../../directory/members.ts';
import { fault } from '../../faults.ts';
import type { StaffActor } from '../../policy/actor.ts';
import type { Action } from '../../policy/decide.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, ownResource, perform, type VerbContext } from '../../transfers/act.ts';
import { recordRequest, tellPersons, tellSchool } from '../requests/record.ts';
import { findRequest, type RequestRow } from '../requests/store.ts';
import { tellViewers } from '../shares/tell-viewers.ts';
import type { RevocationReason } from '../tables.ts';
import { type CertificateRow, changeValid, findCertificate } from './store.ts';

export interface Revocation {
  readonly id: string;
  readonly state: 'valid' | 'revoked';
  readonly reason: RevocationReason | null;
}

/**
 * 失効を求める: the office says that a certificate should count no more, and why. It still does, until a second person has
 * confirmed it. Faults: certificate.not-found, certificate.wrong-state
 */
export async function askRevocation(
  context: VerbContext,
  input: { readonly certificateId: string; readonly reason: RevocationReason },
): Promise<Result<Revocation>> {
  return perform(context, { event: 'certificate.revocation-asked', caseId: null }, async (tx) => {
    const found = await ownValid(tx, context, { id: input.certificateId, action: 'certificate.check' });
    if (!found.ok) return found;
    const { row, request, staff } = found.value;
    if (row.revocationAskedAt !== null) return refuse(fault('certificate.wrong-state', { detail: 'asked' }));
    const { reason } = input;
    const asked = {
      revocationReason: reason,
      revocationAskedBy: staff.staffId,
      revocationAskedByKey: staff.personKey,
      revocationAskedAt: context.gateway.clock.now(),
    };
    if (!(await changeValid(tx, row.id, asked))) return refuse(fault('request.precondition-failed'));
    const detail = { certificate: row.id, reason };
    await recordRequest(tx, context, { name: 'certificate.revocation-asked', row: request, detail });
    await tellSchool(tx, request, 'certificate-to-approve');
    return ok({ id: row.id, state: 'valid', reason });
  });
}

/**
 * Revokes what somebody else has asked to revoke; it is final, and everybody with the code sees it at once.
 * Faults: certificate.not-found, certificate.wrong-state, certificate.own-check, login.fresh-required
 */
export async function confirmRevocation(context: VerbContext, certificateId: string): Promise<Result<Revocation>> {
  return perform(context, { event: 'certificate.revoked', caseId: null }, async (tx) => {
    const found = await ownValid(tx, context, { id: certificateId, action: 'certificate.approve' });
    if (!found.ok) return found;
    const { row, request, staff } = found.value;
    if (row.revocationAskedAt === null) return refuse(fault('certificate.wrong-state', { detail: 'not-asked' }));
    const drafter = await hasAsked(tx, row, staff);
    const allowed = authorise(context, 'certificate.approve', { ...ownResource(staff), drafter });
    if (!allowed.ok) return allowed.fault.detail === 'four-eyes' ? refuse(fault('certificate.own-check')) : allowed;
    const done = { state: 'revoked', revokedBy: staff.staffId, revokedAt: context.gateway.clock.now() } as const;
    if (!(await changeValid(tx, row.id, done))) return refuse(fault('request.precondition-failed'));
    const detail = { certificate: row.id, reason: row.revocationReason };
    await recordRequest(tx, context, { name: 'certificate.revoked', row: request, detail });
    await tellPersons(tx, request, 'certificate-revoked');
    await tellViewers(tx, row.id);
    return ok({ id: row.id, state: 'revoked', reason: row.revocationReason });
  });
}

interface OwnValid {
  readonly row: CertificateRow;
  readonly request: RequestRow;
  readonly staff: StaffActor;
}

async function ownValid(
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
  const isOwn = actor.kind === 'staff' && row?.schoolCode === actor.school;
  if (!isOwn || row === null || request === null || row.state === 'issuing') {
    return refuse(fault('certificate.not-found'));
  }
  return row.state === 'valid'
    ? ok({ row, request, staff: actor })
    : refuse(fault('certificate.wrong-state', { detail: row.state }));
}

/** By person, not by account. */
async function hasAsked(tx: Transaction, row: CertificateRow, staff: StaffActor): Promise<boolean> {
  if (row.revocationAskedByKey === staff.personKey || row.revocationAskedBy === staff.staffId) return true;
  const [asker] = row.revocationAskedBy === null ? [] : await findAccountsById(tx, [row.revocationAskedBy]);
  return asker?.personKey === staff.personKey;
}
