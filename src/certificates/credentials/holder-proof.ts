import { verifyCompactJwt } from '../../crypto/jose.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';

/** The public P-256 key of a holder: what a credential is bound to. */
export interface HolderKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
}

/** OpenID4VCI 1.0, appendix F.1. */
export const holderProofType = 'openid4vci-proof+jwt';

const maxCharacters = 4096;
const maxAgeSeconds = 300;

/**
 * The key whose owner asks for a credential: a JWT that is signed by it and brings it (`jwk`), for us and for this occasion. It proves
 * possession and nothing about who that is. Faults: credential.proof-refused
 */
export async function holderOf(
  proof: string,
  expected: { readonly audience: string; readonly isNonce: (nonce: string) => boolean; readonly now: Date },
): Promise<Result<HolderKey>> {
  if (proof.length > maxCharacters) return refuse(refused('malformed'));
  const verified = await verifyCompactJwt({
    token: proof,
    algorithms: ['ES256'],
    typ: holderProofType,
    permit: ['jwk'],
    keyFrom: ({ jwk }) => {
      const key = holderKeyIn(jwk);
      return key === null ? null : { jwk: { ...key } };
    },
    now: expected.now,
    audience: expected.audience,
    required: ['aud', 'iat', 'nonce'],
    maxLifetimeSeconds: maxAgeSeconds,
  });
  if (!verified.ok) return refuse(refused(verified.fault));
  const { header, claims } = verified.value;
  if (typeof claims['nonce'] !== 'string' || !expected.isNonce(claims['nonce'])) return refuse(refused('nonce'));
  const key = holderKeyIn(header['jwk']);
  return key === null ? refuse(refused('key-unknown')) : ok(key);
}

/** Nothing but a public P-256 key: whatever else a JWK says of itself would be signed along. */
function holderKeyIn(jwk: unknown): HolderKey | null {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return null;
  const { kty, crv, x, y, d }: Readonly<Record<string, unknown>> = { ...jwk };
  if (kty !== 'EC' || crv !== 'P-256' || d !== undefined) return null;
  return typeof x === 'string' && typeof y === 'string' ? { kty, crv, x, y } : null;
}

function refused(detail: string) {
  return fault('credential.proof-refused', { detail });
}
