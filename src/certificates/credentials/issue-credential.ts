import { issueCredential as sign } from '../../crypto/sd-jwt/issue.ts';
import { typeOf } from '../../records/credential-type.ts';
import { ok, type Result } from '../../result.ts';
import type { Asking } from '../../transfers/act.ts';
import type { CertificateRow } from '../issue/store.ts';
import { claimsOf } from './claims.ts';
import { enterCredential } from './enter-credential.ts';
import type { HolderKey } from './holder-proof.ts';
import { openIssuer } from './open-issuer.ts';
import { readStatement } from './read-statement.ts';
import { listAddress } from './status-address.ts';
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
  const entered = await enterCredential(asking, {
    certificate,
    form: 'sdJwt',
    isBound: holder !== null,
    shareId: share?.shareId ?? null,
    issuer: issuer.value.name,
    ends: [issuer.value.notAfter, ...(share === null ? [] : [share.until])],
    event: 'credential.issued',
    detail: { holder: holder === null ? 'none' : 'key' },
  });
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
