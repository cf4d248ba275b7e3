import { systemRandom } from '../../crypto/random.ts';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { Asking } from '../../transfers/act.ts';
import { newId } from '../../transfers/ids.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';
import { certificatesJob, recordRequest } from '../requests/record.ts';
import { findRequest } from '../requests/store.ts';
import { expiryOf, maxLiveCredentials, statusOfCertificate } from './rules.ts';
import { type CredentialRow, countLive, insertCredential } from './store.ts';

export interface CredentialToEnter extends Pick<CredentialRow, 'form' | 'isBound' | 'shareId'> {
  readonly certificate: CertificateRow;
  /** Whose list it gets an entry of: `iss`. */
  readonly issuer: string;
  /** What it does not outlive. */
  readonly ends: readonly Date[];
  readonly event: 'credential.issued' | 'credential.exported';
  readonly detail: Readonly<Record<string, string>>;
}

/**
 * The row of a credential with its entry in a status list, and the log entry, in one transaction in which its certificate still counts.
 * Faults: certificate.not-found, certificate.revoked, certificate.superseded, credential.suspended, credential.too-many
 */
export async function enterCredential(asking: Asking, of: CredentialToEnter): Promise<Result<CredentialRow>> {
  const { certificate, issuer, ends, event, detail, ...row } = of;
  const scope = { ...systemScope(certificatesJob), school: certificate.schoolCode };
  const at = asking.gateway.clock.now();
  return asking.gateway.database.transaction(scope, async (tx) => {
    const counting = await mayStillIssue(tx, { certificateId: certificate.id, ...row }, at);
    const request = await findRequest(tx, certificate.requestId);
    if (!counting.ok) return counting;
    if (request === null) return refuse(fault('certificate.not-found'));
    const entered = await insertCredential(
      tx,
      {
        ...row,
        id: newId(),
        certificateId: certificate.id,
        schoolCode: certificate.schoolCode,
        issuer,
        issuedAt: at,
        expiresAt: expiryOf(at, { isBound: row.isBound, ends }),
      },
      systemRandom,
    );
    const about = { certificate: certificate.id, credential: entered.id };
    await recordRequest(tx, asking, { name: event, row: request, detail: { ...about, ...detail } });
    return ok(entered);
  });
}

async function mayStillIssue(
  tx: Transaction,
  of: Pick<CredentialRow, 'certificateId' | 'shareId' | 'form'>,
  at: Date,
): Promise<Result<true>> {
  const row = await findCertificate(tx, of.certificateId, 'locked');
  if (row === null || row.state === 'issuing') return refuse(fault('certificate.not-found'));
  const status = statusOfCertificate(row);
  if (status === 'suspended') return refuse(fault('credential.suspended'));
  if (status === 'superseded') return refuse(fault('certificate.superseded'));
  if (status !== 'valid') return refuse(fault('certificate.revoked'));
  const live = await countLive(tx, of, at);
  return live < maxLiveCredentials ? ok(true) : refuse(fault('credential.too-many'));
}
