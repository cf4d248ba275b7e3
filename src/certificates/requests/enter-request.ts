import { staffFor } from '../../administration/manager.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { findEntry } from '../register-store.ts';
import { findSettings } from '../template-store.ts';
import { newRequest, type Wish } from './ask-certificate.ts';
import { certifierFor } from './certifier.ts';
import { recordRequest, tellPersons } from './record.ts';
import { insertRequest, type RequestRow } from './store.ts';
import { type RequestView, viewRequest } from './view.ts';

/**
 * A request that somebody brings to the office with a power of attorney, or a pupil in person: the office has looked at
 * who it is. The successor of a closed school does the same from that school's register.
 * Faults: certificate.entry-not-found, certificate.school-closed, certificate.not-offered
 */
export async function enterRequest(
  context: VerbContext,
  input: Wish & { readonly entryId: string; readonly agentReference: string },
): Promise<Result<RequestView>> {
  return perform(context, { event: 'certificate.requested', caseId: null }, async (tx) => {
    const staff = staffFor(context, 'certificate.handle');
    if (!staff.ok) return staff;
    const { school, staffId, assurance } = staff.value;
    const entry = await findEntry(tx, input.entryId);
    const certifier = entry === null ? null : await certifierFor(tx, entry.schoolCode);
    if (entry === null || certifier === null) return refuse(fault('certificate.entry-not-found'));
    if (!certifier.ok) return certifier;
    if (certifier.value.schoolCode !== school) return refuse(fault('certificate.entry-not-found'));
    const setting = (await findSettings(tx, school))?.kinds[input.kind];
    if (setting?.offered !== true) return refuse(fault('certificate.not-offered'));
    const row: RequestRow = {
      ...newRequest(context, input),
      ...certifier.value,
      pupilId: entry.pupilId,
      entryId: entry.id,
      relation: 'agent',
      personId: null,
      enteredBy: staffId,
      agentReference: input.agentReference,
      feeYen: setting.feeYen,
      assurance,
    };
    await insertRequest(tx, row);
    await recordRequest(tx, context, { name: 'certificate.requested', row, detail: { relation: 'agent' } });
    await tellPersons(tx, row, 'certificate-requested');
    return ok(viewRequest(row));
  });
}
