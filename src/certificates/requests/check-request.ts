import { staffFor } from '../../administration/manager.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { look, perform, type VerbContext } from '../../transfers/act.ts';
import { movable } from './own-request.ts';
import { findMaterial, prepare } from './prepare.ts';
import { recordRequest, tellSchool } from './record.ts';
import { changeRequest } from './store.ts';
import { type RequestView, viewRequest } from './view.ts';

/**
 * 確認: the clerk has compared the request with the register and the person; what would be certified is fixed.
 * Faults: as `prepare`, certificate.request-not-found, certificate.wrong-state, request.precondition-failed
 */
export async function checkRequest(
  context: VerbContext,
  input: { readonly requestId: string; readonly version: number | null },
): Promise<Result<RequestView>> {
  const { gateway } = context;
  const material = await look(context, async (tx) => {
    const staff = staffFor(context, 'certificate.check');
    if (!staff.ok) return staff;
    const row = await movable(tx, context, { ...input, to: 'checked' });
    return row.ok ? findMaterial(tx, gateway, row.value) : row;
  });
  const prepared = material.ok ? await prepare(gateway, material.value) : material;
  return perform(context, { event: 'certificate.checked', caseId: null }, async (tx) => {
    const staff = staffFor(context, 'certificate.check');
    if (!staff.ok) return staff;
    if (!prepared.ok) return prepared;
    const found = await movable(tx, context, { ...input, to: 'checked' });
    if (!found.ok) return found;
    const row = found.value;
    const changes = {
      state: 'checked',
      problem: null,
      entryId: prepared.value.entryId,
      contentDigest: prepared.value.digest,
      checkedBy: staff.value.staffId,
      checkedByKey: staff.value.personKey,
      checkedAt: gateway.clock.now(),
    } as const;
    if (!(await changeRequest(tx, row, changes))) return refuse(fault('request.precondition-failed'));
    await recordRequest(tx, context, { name: 'certificate.checked', row });
    await tellSchool(tx, row, 'certificate-to-approve');
    return ok(viewRequest({ ...row, ...changes, version: row.version + 1 }));
  });
}
