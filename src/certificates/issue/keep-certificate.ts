import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { recordRequest, tellPersons, tellSchool } from '../requests/record.ts';
import type { RevocationRefusal } from '../tables.ts';
import { hasAsked, ownAsked, secondPerson } from './own-valid.ts';
import type { Revocation } from './revoke.ts';
import { changeValid } from './store.ts';
import { notAsked } from './supersede.ts';

/**
 * The second person does not revoke it, and says why; it goes on counting, and may be asked about again.
 * Faults: as `confirmRevocation`
 */
export async function declineRevocation(
  context: VerbContext,
  input: { readonly certificateId: string; readonly reason: RevocationRefusal },
): Promise<Result<Revocation>> {
  return perform(context, { event: 'certificate.revocation-declined', caseId: null }, async (tx) => {
    const found = await ownAsked(tx, context, { id: input.certificateId, action: 'certificate.approve' });
    if (!found.ok) return found;
    const second = await secondPerson(tx, context, found.value);
    if (!second.ok) return second;
    const { row, request } = found.value;
    const declined = { ...notAsked, revocationDeclined: input.reason };
    if (!(await changeValid(tx, row.id, declined))) return refuse(fault('request.precondition-failed'));
    const detail = { certificate: row.id, asked: row.revocationReason, reason: input.reason };
    await recordRequest(tx, context, { name: 'certificate.revocation-declined', row: request, detail });
    await tellSchool(tx, request, 'certificate-kept');
    await tellPersons(tx, request, 'certificate-kept');
    return ok({ id: row.id, state: 'valid', reason: null });
  });
}

/**
 * Whoever asked to revoke it takes that back, while nobody has confirmed it.
 * Faults: certificate.not-found, certificate.wrong-state, certificate.not-asker
 */
export async function takeBackRevocation(context: VerbContext, certificateId: string): Promise<Result<Revocation>> {
  return perform(context, { event: 'certificate.revocation-taken-back', caseId: null }, async (tx) => {
    const found = await ownAsked(tx, context, { id: certificateId, action: 'certificate.check' });
    if (!found.ok) return found;
    const { row, request, staff } = found.value;
    if (!(await hasAsked(tx, row, staff))) return refuse(fault('certificate.not-asker'));
    if (!(await changeValid(tx, row.id, notAsked))) return refuse(fault('request.precondition-failed'));
    const detail = { certificate: row.id, asked: row.revocationReason };
    await recordRequest(tx, context, { name: 'certificate.revocation-taken-back', row: request, detail });
    await tellSchool(tx, request, 'certificate-kept');
    await tellPersons(tx, request, 'certificate-kept');
    return ok({ id: row.id, state: 'valid', reason: null });
  });
}
