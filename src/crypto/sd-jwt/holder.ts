import { verifyJws } from '../jose.ts';
import { claimsReason, parseClaims } from '../jose-claims.ts';
import { isJsonObject, type JsonObject } from '../strict-json.ts';
import type { SdJwtParts } from './format.ts';
import { keyBindingType, presentationHash } from './present.ts';
import type { HolderReason } from './reasons.ts';

/** What a verifier asked of the holder. */
export interface HolderExpectation {
  readonly audience: string;
  readonly nonce: string;
  /** How old the holder's proof may be. */
  readonly maxAgeSeconds: number;
  /**
   * Marks the nonce as used, in one step with the question whether it was unused; false for a replay. It is asked last, so that a
   * presentation that is wrong anyway uses up no nonce.
   */
  spendNonce(nonce: string): Promise<boolean>;
}

/**
 * Verifies the key binding of a presentation (RFC 9901 §7.3) against the key in `cnf`; null when it proves the holder. One that nobody
 * asked for is held against key and digest all the same: whatever stands behind the last tilde is proved, or refused.
 */
export async function holderReason(
  parts: SdJwtParts,
  claims: JsonObject,
  { expected, at }: { readonly expected: HolderExpectation | null; readonly at: Date },
): Promise<HolderReason | null> {
  if (parts.keyBinding === null) return expected === null ? null : 'holder-missing';
  const { cnf } = claims;
  const jwk = isJsonObject(cnf) ? cnf['jwk'] : undefined;
  if (!isJsonObject(jwk)) return 'holder-unbound';
  const verified = await verifyJws({
    jws: parts.keyBinding,
    algorithms: ['ES256'],
    typ: keyBindingType,
    keyFrom: () => ({ jwk }),
  });
  if (!verified.ok) return `holder-${verified.fault}`;
  const proof = parseClaims(verified.value.payload);
  // RFC 9901 §4.3: exactly one audience, as a string.
  if (proof === null || typeof proof.aud !== 'string') return 'holder-claims-invalid';
  const reason = claimsReason(proof, { now: at, required, ...(expected === null ? {} : wanted(expected)) });
  if (reason !== null && (expected !== null || reason === 'claims-invalid')) return `holder-${reason}`;
  if (expected !== null && proof['nonce'] !== expected.nonce) return 'holder-nonce-mismatch';
  return proof['sd_hash'] === (await presentationHash(parts.bound)) ? null : 'holder-hash-mismatch';
}

const required = ['iat', 'aud', 'nonce', 'sd_hash'];

function wanted({ audience, maxAgeSeconds }: HolderExpectation) {
  return { audience, maxLifetimeSeconds: maxAgeSeconds };
}
