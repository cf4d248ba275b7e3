import type { JoseReason } from '../jose-reasons.ts';
import type { SignerVerdict } from '../signer-verdict.ts';
import type { JsonReason } from '../strict-json.ts';
import type { X5cReason } from '../x5c.ts';

/** Why a text is no whole SD-JWT (RFC 9901 §7.1). */
export type SdJwtReason =
  | X5cReason
  | JsonReason
  | 'too-large'
  | 'too-many-disclosures'
  | 'hash-unknown'
  | 'disclosure-malformed'
  | 'disclosure-repeated'
  | 'disclosure-unreferenced'
  | 'disclosure-misplaced'
  | 'digest-malformed'
  | 'digest-repeated'
  | 'name-reserved'
  | 'name-taken'
  | 'claim-not-disclosable'
  | 'status-malformed'
  | 'type-unknown';

/** Why a presentation does not prove who holds it (RFC 9901 §7.3). */
export type HolderReason =
  | `holder-${JoseReason}`
  | 'holder-missing'
  | 'holder-unbound'
  | 'holder-nonce-mismatch'
  | 'holder-hash-mismatch'
  | 'holder-replayed';

export type CredentialReason =
  | SdJwtReason
  | HolderReason
  | `issuer-${Exclude<SignerVerdict['status'], 'trusted'>}`
  | 'issuer-name-mismatch'
  | 'signed-outside-validity'
  | 'expired'
  | 'not-yet-valid'
  | 'status-revoked'
  | 'status-suspended'
  | 'status-superseded'
  | 'status-unknown';

/** Thrown inside this folder only; what is exported returns the reason. */
export class SdJwtError extends Error {
  readonly reason: SdJwtReason;
  constructor(reason: SdJwtReason) {
    super(reason);
    this.name = 'SdJwtError';
    this.reason = reason;
  }
}

/** The reason of a fault thrown in here; anything else is a bug and is thrown on. */
export function sdJwtReasonOf(error: unknown): SdJwtReason {
  if (error instanceof SdJwtError) return error.reason;
  throw error;
}
