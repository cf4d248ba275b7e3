import { systemScope } from '../../database/scope.ts';
import type { Fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { certificatesJob, recordByGateway, tellSchool } from '../requests/record.ts';
import { mayFollow } from '../requests/rules.ts';
import { changeRequest, findRequest, type RequestRow } from '../requests/store.ts';
import type { RequestProblem } from '../tables.ts';
import { dropUnissued } from './store.ts';

/** What cannot be made goes back to the office with the reason; numbers that were taken for it are given up. */
export async function sendBack(
  gateway: Pick<Gateway, 'database' | 'clock' | 'sealDetail' | 'locker'>,
  row: Pick<RequestRow, 'id' | 'schoolCode'>,
  reason: Fault,
): Promise<void> {
  const scope = { ...systemScope(certificatesJob), school: row.schoolCode };
  await gateway.database.transaction(scope, async (tx) => {
    const found = await findRequest(tx, row.id);
    const isWaiting = found?.state === 'requested';
    if (found === null || !(isWaiting || mayFollow(found.state, 'requested'))) return;
    const problem = problemOf(reason);
    // The standing rule asks again at each try; the office is told once.
    if (isWaiting && found.problem?.code === problem.code) return;
    for (const { objectId } of await dropUnissued(tx, row.id)) {
      if (objectId !== null) await gateway.locker.discard(tx, objectId);
    }
    const changes = { state: 'requested', problem, contentDigest: null, approvedBy: null, approvedAt: null } as const;
    if (!(await changeRequest(tx, found, changes))) return;
    await recordByGateway(tx, gateway, { name: 'certificate.sent-back', row: found, detail: { reason: reason.code } });
    await tellSchool(tx, found, 'certificate-sent-back');
  });
}

function problemOf({ code, params = {} }: Fault): RequestProblem {
  const { character, codePoint } = params;
  if (typeof character !== 'string' || typeof codePoint !== 'string') return { code };
  return { code, character, codePoint };
}
