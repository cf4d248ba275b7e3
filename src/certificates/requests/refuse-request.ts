import { staffFor } from '../../administration/manager.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { movable } from './own-request.ts';
import { recordRequest, tellPersons } from './record.ts';
import type { Refusal } from './rules.ts';
import { changeRequest } from './store.ts';
import { type RequestView, viewRequest } from './view.ts';

/** Faults: certificate.request-not-found, certificate.wrong-state, request.precondition-failed */
export async function refuseRequest(
  context: VerbContext,
  input: { readonly requestId: string; readonly version: number | null; readonly reason: Refusal },
): Promise<Result<RequestView>> {
  return perform(context, { event: 'certificate.request-refused', caseId: null }, async (tx) => {
    const staff = staffFor(context, 'certificate.handle');
    if (!staff.ok) return staff;
    const found = await movable(tx, context, { ...input, to: 'refused' });
    if (!found.ok) return found;
    const row = found.value;
    const changes = { state: 'refused', refusal: input.reason, endedAt: context.gateway.clock.now() } as const;
    if (!(await changeRequest(tx, row, changes))) return refuse(fault('request.precondition-failed'));
    await recordRequest(tx, context, { name: 'certificate.request-refused', row, detail: { reason: input.reason } });
    await tellPersons(tx, row, 'certificate-refused');
    return ok(viewRequest({ ...row, ...changes, version: row.version + 1 }));
  });
}
