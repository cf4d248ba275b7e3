import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { Asking } from '../../transfers/act.ts';
import { mayHold } from '../issue/may-collect.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';

/**
 * A certificate of whom policy lets collect it; a stranger's answer equals that of one that does not exist.
 * Faults: certificate.not-found, certificate.revoked, policy.denied, login.required, login.not-checked
 */
export async function findHeld(
  tx: Transaction,
  asking: Asking,
  certificateId: string,
): Promise<Result<CertificateRow>> {
  const allowed = mayHold(asking, null);
  if (!allowed.ok) return allowed;
  const row = await findCertificate(tx, certificateId);
  if (row === null || row.state === 'issuing') return refuse(fault('certificate.not-found'));
  const own = mayHold(asking, row);
  if (!own.ok) return own;
  return row.state === 'revoked' ? refuse(fault('certificate.revoked')) : ok(row);
}
