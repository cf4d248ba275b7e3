import { staffFor } from '../../administration/manager.ts';
import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { VerbContext } from '../../transfers/act.ts';
import { answersFor } from './certifier.ts';
import { mayFollow, type RequestState } from './rules.ts';
import { findRequest, type RequestRow } from './store.ts';

/** A request of the actor's school, or of a closed one whose successor it is; whoever may not know of the pupil finds none. */
export async function ownRequest(
  tx: Transaction,
  context: VerbContext,
  requestId: string,
): Promise<Result<RequestRow>> {
  const staff = staffFor(context, 'certificate.read');
  if (!staff.ok) return staff;
  const row = await findRequest(tx, requestId);
  const isOwn = row !== null && (await answersFor(tx, staff.value.school, row.schoolCode));
  return isOwn ? ok(row) : refuse(fault('certificate.request-not-found'));
}

/** The same, when it may go on to this state and is as it was looked at. */
export async function movable(
  tx: Transaction,
  context: VerbContext,
  {
    requestId,
    version,
    to,
  }: { readonly requestId: string; readonly version: number | null; readonly to: RequestState },
): Promise<Result<RequestRow>> {
  const found = await ownRequest(tx, context, requestId);
  if (!found.ok) return found;
  const row = found.value;
  if (!mayFollow(row.state, to)) return refuse(fault('certificate.wrong-state', { detail: row.state }));
  return version !== null && version !== row.version ? refuse(fault('request.precondition-failed')) : ok(row);
}
