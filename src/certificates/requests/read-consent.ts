import { staffFor } from '../../administration/manager.ts';
import type { FlattenedJws } from '../../crypto/jose.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { look, type VerbContext } from '../../transfers/act.ts';
import { personOf } from './follow-requests.ts';
import { ownRequest } from './own-request.ts';
import { findRequest, type RequestRow } from './store.ts';

/**
 * The signed object of what a person agreed to, for whoever sees their request. Faults: certificate.request-not-found,
 * certificate.consent-none where an agent's request was entered on a power of attorney
 */
export async function readOwnConsent(context: VerbContext, requestId: string): Promise<Result<FlattenedJws>> {
  const person = personOf(context);
  if (!person.ok) return person;
  return look(context, async (tx) => consentIn(await findRequest(tx, requestId)));
}

/** The same for the school that certifies, which rests on it. Faults: as {@link readOwnConsent} */
export async function readConsent(context: VerbContext, requestId: string): Promise<Result<FlattenedJws>> {
  const staff = staffFor(context, 'certificate.read');
  if (!staff.ok) return staff;
  return look(context, async (tx) => {
    const row = await ownRequest(tx, context, requestId);
    return row.ok ? consentIn(row.value) : row;
  });
}

function consentIn(row: RequestRow | null): Result<FlattenedJws> {
  if (row === null) return refuse(fault('certificate.request-not-found'));
  return row.consent === null ? refuse(fault('certificate.consent-none')) : ok(row.consent);
}
