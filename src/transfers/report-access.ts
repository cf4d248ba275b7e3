import { type CaseEventRow, listCaseEvents } from '../audit/case-events.ts';
import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, ledgerOf, perform, refuseLogged, type VerbContext } from './act.ts';
import { notify } from './notify.ts';
import { recordEvent } from './record.ts';
import { findCase } from './store.ts';

/**
 * 心当たりがない: a person does not recognise a line of their ledger. The school that acted is told, or the sending one
 * where no school did, and the report is itself a line of the ledger and of that school's.
 *
 * @returns `case.not-found` alike for others' cases, lines that are none, and whoever may not see the ledger
 */
export async function reportAccess(
  context: VerbContext,
  input: { readonly caseId: string; readonly eventId: string },
): Promise<Result<true>> {
  const attempt = { event: 'access.reported', caseId: input.caseId } as const;
  const line = await findLine(context, input);
  if (line === null) return refuseLogged(context, attempt, fault('case.not-found', { detail: 'no-such-line' }));
  return perform(context, attempt, async (tx) => {
    const row = await findCase(tx, input.caseId);
    if (row === null || context.actor.kind !== 'person') return refuse(fault('case.not-found'));
    const allowed = authorise(context, 'ledger.read', ledgerOf(context.actor, row));
    if (!allowed.ok) return refuse(fault('case.not-found', { detail: allowed.fault.detail ?? 'denied' }));
    const school = line.organisation ?? row.senderCode;
    await recordEvent(tx, context, { name: 'access.reported', row, school, detail: { line: line.id } });
    await notify(tx, { school, subject: 'access-reported', caseId: row.id });
    return ok(true);
  });
}

/** The lines of a person's ledger are read by a job of ours; whether this person may is asked after. */
async function findLine(
  { gateway }: VerbContext,
  { caseId, eventId }: { readonly caseId: string; readonly eventId: string },
): Promise<CaseEventRow | null> {
  const filter = { caseId, organisation: null, personVisibleOnly: true };
  const lines = await gateway.database.transaction(systemScope('ledger'), (tx) => listCaseEvents(tx, filter));
  return lines.find(({ id }) => id === eventId) ?? null;
}
