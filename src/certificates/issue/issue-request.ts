import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import type { JobHandler } from '../../notices/drain.ts';
import { JobMalformed } from '../../notices/job-malformed.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { findMaterial, type Prepared, prepare } from '../requests/prepare.ts';
import { certificatesJob } from '../requests/record.ts';
import { findRequest, type RequestRow } from '../requests/store.ts';
import { type Approved, approveByRule } from './approve-by-rule.ts';
import { CopyNotMade } from './make-copy.ts';
import { openSigner } from './open-signer.ts';
import { sendBack } from './send-back.ts';
import { finishIssue, reserveCopies, storeCopies } from './store-copies.ts';

/**
 * Issues what was approved, or what the standing rule of the school approves now. May run twice and at once: each step
 * finds what is done already. No time stamp, no key service: the job is tried again, and the request stays approved. What
 * cannot be made goes back to the office.
 */
export function issueHandler(gateway: Gateway): JobHandler {
  return async ({ payload: { request, school } }) => {
    if (request === undefined || school === undefined) throw new JobMalformed('it needs request and school');
    const scope = { ...systemScope(certificatesJob), school };
    const found = await gateway.database.transaction(scope, async (tx) => {
      const row = await findRequest(tx, request);
      return row === null ? null : { row, material: await findMaterial(tx, gateway, row) };
    });
    if (found === null || !isWaiting(found.row)) return;
    const prepared = found.material.ok ? await prepare(gateway, found.material.value) : found.material;
    const approved = prepared.ok ? await approvedOrByRule(gateway, found.row, prepared.value) : prepared;
    if (!approved.ok) return sendBack(gateway, found.row, approved.fault);
    if (approved.value === null) return;
    const signer = await openSigner(gateway, scope, school);
    // Registered a moment ago, and the log has not said so yet.
    if (!signer.ok && signer.fault.code === 'seal.key-not-yet') throw new CopyNotMade(signer.fault.code);
    if (!signer.ok) return sendBack(gateway, found.row, signer.fault);
    const copies = await reserveCopies(gateway, approved.value);
    await storeCopies(gateway, { ...approved.value, copies, signer: signer.value });
    await finishIssue(gateway, approved.value.row);
  };
}

function isWaiting({ state }: RequestRow): boolean {
  return state === 'approved' || state === 'requested';
}

/** Exactly what was approved; null where nobody has, and no rule does. */
async function approvedOrByRule(
  gateway: Gateway,
  row: RequestRow,
  prepared: Prepared,
): Promise<Result<Approved | null>> {
  if (row.state === 'requested') return ok(await approveByRule(gateway, row, prepared));
  if (row.contentDigest !== prepared.digest) return refuse(fault('certificate.content-changed'));
  return ok({ ...prepared, row });
}
