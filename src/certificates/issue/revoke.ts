import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { recordRequest, tellPersons, tellSchool } from '../requests/record.ts';
import { tellViewers } from '../shares/tell-viewers.ts';
import type { RevocationReason } from '../tables.ts';
import { ownAsked, ownValid, secondPerson } from './own-valid.ts';
import { changeValid } from './store.ts';

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
      revocationDeclined: null,
    };
    if (!(await changeValid(tx, row.id, asked))) return refuse(fault('request.precondition-failed'));
    const detail = { certificate: row.id, reason };
    await recordRequest(tx, context, { name: 'certificate.revocation-asked', row: request, detail });
    await tellSchool(tx, request, 'certificate-to-approve');
    await tellPersons(tx, request, 'certificate-revocation-asked');
    return ok({ id: row.id, state: 'valid', reason });
  });
}

/**
 * Revokes what somebody else has asked to revoke; it is final, and everybody with the code sees it at once.
 * Faults: certificate.not-found, certificate.wrong-state, certificate.own-check, login.fresh-required
 */
export async function confirmRevocation(context: VerbContext, certificateId: string): Promise<Result<Revocation>> {
  return perform(context, { event: 'certificate.revoked', caseId: null }, async (tx) => {
    const found = await ownAsked(tx, context, { id: certificateId, action: 'certificate.approve' });
    if (!found.ok) return found;
    const second = await secondPerson(tx, context, found.value);
    if (!second.ok) return second;
    const { row, request, staff } = found.value;
    const done = { state: 'revoked', revokedBy: staff.staffId, revokedAt: context.gateway.clock.now() } as const;
    if (!(await changeValid(tx, row.id, done))) return refuse(fault('request.precondition-failed'));
    const detail = { certificate: row.id, reason: row.revocationReason };
    await recordRequest(tx, context, { name: 'certificate.revoked', row: request, detail });
    await tellPersons(tx, request, 'certificate-revoked');
    await tellViewers(tx, row.id);
    return ok({ id: row.id, state: 'revoked', reason: row.revocationReason });
  });
}
