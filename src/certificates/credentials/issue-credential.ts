import { systemRandom } from '../../crypto/random.ts';
import { issueCredential as sign } from '../../crypto/sd-jwt/issue.ts';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import { typeOf } from '../../records/credential-type.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { Asking } from '../../transfers/act.ts';
import { newId } from '../../transfers/ids.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';
import { certificatesJob, recordRequest } from '../requests/record.ts';
import { findRequest } from '../requests/store.ts';
import { claimsOf } from './claims.ts';
import type { HolderKey } from './holder-proof.ts';
import { type CredentialIssuer, openIssuer } from './open-issuer.ts';
import { readStatement } from './read-statement.ts';
import { expiryOf, maxLiveCredentials, statusOfCertificate } from './rules.ts';
import { listAddress } from './status-address.ts';
import { type CredentialRow, countLive, insertCredential } from './store.ts';
import { typeIntegrity, typeMetadata } from './type-metadata.ts';

export interface IssuedCredential {
  readonly id: string;
  /** The SD-JWT VC with all of its disclosures; it ends with `~`. It is kept nowhere. */
  readonly credential: string;
  readonly expiresAt: Date;
}

/** For whom a share was made, and until when: a credential of it is for them alone, and ends with it. */
export interface SharedWith {
  readonly shareId: string;
  readonly audience: string;
  readonly until: Date;
}

interface ToIssue {
  readonly certificate: CertificateRow;
  /** The key that it is bound to; null for one that whoever has it may show, which ends soon. */
  readonly holder: HolderKey | null;
  /** Null for the holder's own. */
  readonly share: SharedWith | null;
}

/**
 * Issues a credential (SD-JWT VC) of a certificate that counts, under an entry of a status list of its own. The one place where
 * credentials come to be: whoever calls it has asked whether the actor may collect this certificate.
 *
 * Faults: credential.not-issuable, credential.suspended, credential.too-many, certificate.revoked, certificate.not-found,
 * document.unreadable. @throws {KeyServiceUnavailable} {ObjectStoreError}
 */
export async function issueCredential(asking: Asking, of: ToIssue): Promise<Result<IssuedCredential>> {
  const { gateway } = asking;
  const { certificate, holder, share } = of;
  const issuer = await openIssuer(gateway, certificate.schoolCode);
  if (!issuer.ok) return issuer;
  const statement = await readStatement(gateway, certificate);
  if (!statement.ok) return statement;
  const entered = await enter(asking, { ...of, issuer: issuer.value });
  if (!entered.ok) return entered;
  const { id, issuedAt, expiresAt, listId, listIndex } = entered.value;
  const origin = gateway.settings.PUBLIC_ORIGIN;
  const credential = await sign({
    issuer: issuer.value.name,
    type: typeOf(origin, statement.value.kind),
    typeIntegrity: await typeIntegrity(typeMetadata(origin, statement.value.kind)),
    issuedAt,
    notBefore: issuedAt,
    expiresAt,
    holder,
    status: { uri: listAddress(origin, listId), index: listIndex },
    ...claimsOf(statement.value, share?.audience ?? null),
    signer: issuer.value.signer,
  });
  return ok({ id, credential, expiresAt });
}

/** The row and the log entry, in one transaction in which the certificate still counts. */
async function enter(
  asking: Asking,
  of: ToIssue & { readonly issuer: CredentialIssuer },
): Promise<Result<CredentialRow>> {
  const { certificate, holder, share, issuer } = of;
  const scope = { ...systemScope(certificatesJob), school: certificate.schoolCode };
  const at = asking.gateway.clock.now();
  const isBound = holder !== null;
  const shareId = share?.shareId ?? null;
  const ends = [issuer.notAfter, ...(share === null ? [] : [share.until])];
  return asking.gateway.database.transaction(scope, async (tx) => {
    const counting = await mayStillIssue(tx, { certificateId: certificate.id, shareId }, at);
    const request = await findRequest(tx, certificate.requestId);
    if (!counting.ok) return counting;
    if (request === null) return refuse(fault('certificate.not-found'));
    const row = await insertCredential(
      tx,
      {
        id: newId(),
        certificateId: certificate.id,
        schoolCode: certificate.schoolCode,
        issuer: issuer.name,
        isBound,
        shareId,
        issuedAt: at,
        expiresAt: expiryOf(at, { isBound, ends }),
      },
      systemRandom,
    );
    const detail = { certificate: certificate.id, credential: row.id, holder: isBound ? 'key' : 'none' };
    await recordRequest(tx, asking, { name: 'credential.issued', row: request, detail });
    return ok(row);
  });
}

async function mayStillIssue(
  tx: Transaction,
  of: Pick<CredentialRow, 'certificateId' | 'shareId'>,
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
