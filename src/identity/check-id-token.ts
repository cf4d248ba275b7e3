import { verifyJws } from '../crypto/jose.ts';
import { type JwtClaims, parseClaims } from '../crypto/jose-claims.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { ProviderKeys } from './provider-keys.ts';
import type { SignInReason } from './sign-in-reason.ts';

/** What has to hold for this log-in beyond what holds for every one. */
export interface WantedAuthentication {
  /** Longest time since the person proved who they are, by the provider's own clock. */
  readonly maxAgeSeconds: number;
  /** Is a provider that does not say when refused? */
  readonly mustSay: boolean;
}

export interface CheckedIdToken {
  readonly subject: string;
  /** The provider's session, for log-out by the back channel; null when it names none. */
  readonly sid: string | null;
  /** Seconds between the person's authentication and this token; null when the provider does not say. */
  readonly authenticatedSecondsAgo: number | null;
}

const toleranceSeconds = 30;

/**
 * The ID token's signature by our own wrapper, and the times that the library leaves alone. It has compared issuer,
 * audience, azp, nonce, expiry and algorithm before; here nothing is believed before the signature.
 */
export async function checkIdToken(input: {
  readonly token: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly keys: ProviderKeys;
  readonly wanted: WantedAuthentication;
}): Promise<Result<CheckedIdToken, SignInReason>> {
  const verified = await verifyJws({
    jws: input.token,
    algorithms: [input.algorithm],
    // Names a certificate, which is not looked at: the key is the one that the provider's own set has under this id.
    permit: ['x5t'],
    keyFrom: ({ kid }) => input.keys.find(kid),
  });
  if (!verified.ok) return refused(`id-token:${verified.fault}`);
  const typ = verified.value.protectedHeader['typ'];
  // RFC 8725 §3.11: a token of another kind (logout+jwt, at+jwt) is no ID token, whoever signed it.
  if (typ !== undefined && !(typeof typ === 'string' && /^jwt$/i.test(typ))) return refused('id-token:type-mismatch');
  const claims = parseClaims(verified.value.payload);
  if (claims?.sub === undefined) return refused('id-token:claims-invalid');
  const ago = secondsAgo(claims);
  if (!ago.ok) return ago;
  if (ago.value === null && input.wanted.mustSay) return refused('auth-time-missing');
  if (ago.value !== null && ago.value > input.wanted.maxAgeSeconds + toleranceSeconds) return refused('auth-time-old');
  const sid = claims['sid'];
  return ok({
    subject: claims.sub,
    sid: typeof sid === 'string' && sid.length <= 255 ? sid : null,
    authenticatedSecondsAgo: ago.value,
  });
}

/** Both times are the provider's, so that a clock of ours that differs makes no log-in older or younger. */
function secondsAgo(claims: JwtClaims): Result<number | null, SignInReason> {
  const { iat } = claims;
  // The clock that the library holds `exp` against.
  const now = Math.floor(Date.now() / 1000);
  if (iat === undefined || iat > now + toleranceSeconds) return refused('id-token:issued-in-the-future');
  const authTime = claims['auth_time'];
  if (authTime === undefined) return ok(null);
  if (typeof authTime !== 'number' || !Number.isFinite(authTime)) return refused('auth-time-malformed');
  if (authTime > iat + toleranceSeconds) return refused('auth-time-in-the-future');
  return ok(Math.max(0, iat - authTime));
}

function refused(detail: string): Result<never, SignInReason> {
  return refuse({ kind: 'refused', detail });
}
