import type { JoseReason } from './jose-reasons.ts';
import { parseStrictJson } from './strict-json.ts';

const maxClaimsDepth = 32;

export interface JwtClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly [name: string]: unknown;
}

/** What the claims of a token are held against. */
export interface ClaimsExpected {
  readonly now: Date;
  readonly issuer?: string;
  /** The one value that `aud` must be (a list of exactly one is the same). */
  readonly audience?: string;
  /** Names that must be there; `exp`, `nbf` and `iat` are checked whenever they are. */
  readonly required?: readonly string[];
  /** `exp − iat`, and the age of `iat`, may be at most this. */
  readonly maxLifetimeSeconds?: number;
  readonly skewSeconds?: number;
}

/** Why these claims do not do here; null when they do (RFC 7519 §4.1). */
export function claimsReason(claims: JwtClaims, input: ClaimsExpected): JoseReason | null {
  if (input.required?.some((name) => claims[name] === undefined)) return 'claims-invalid';
  if (input.issuer !== undefined && claims.iss !== input.issuer) return 'issuer-mismatch';
  if (input.audience !== undefined && !isOnlyAudience(claims.aud, input.audience)) return 'audience-mismatch';
  return timeReason(claims, input);
}

function timeReason({ exp, nbf, iat }: JwtClaims, input: ClaimsExpected): JoseReason | null {
  const now = Math.floor(input.now.getTime() / 1000);
  const skew = input.skewSeconds ?? 5;
  if (exp !== undefined && now >= exp + skew) return 'expired';
  if (nbf !== undefined && now < nbf - skew) return 'not-yet-valid';
  if (iat !== undefined && now < iat - skew) return 'not-yet-valid';
  if (input.maxLifetimeSeconds === undefined) return null;
  // A long life hidden behind a missing or an early `iat` is refused too.
  if (iat === undefined) return 'claims-invalid';
  if (exp !== undefined && (exp <= iat || exp - iat > input.maxLifetimeSeconds)) return 'lifetime-too-long';
  return now - iat > input.maxLifetimeSeconds + skew ? 'expired' : null;
}

function isOnlyAudience(claim: JwtClaims['aud'], audience: string): boolean {
  if (typeof claim === 'string') return claim === audience;
  return claim !== undefined && claim.length === 1 && claim[0] === audience;
}

/** The claims of a verified payload; null when they are not one JSON object of the registered types, each name once (RFC 7519 §4). */
export function parseClaims(payload: Uint8Array): JwtClaims | null {
  const claims = parseStrictJson(payload, maxClaimsDepth);
  return claims.ok && isClaims(claims.value) ? claims.value : null;
}

/** Whether it is one JSON object, its registered claims of their types. */
export function isClaims(value: unknown): value is JwtClaims {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const claims: Record<string, unknown> = { ...value };
  const texts = ['iss', 'sub', 'jti'].every((name) => claims[name] === undefined || typeof claims[name] === 'string');
  const times = ['exp', 'nbf', 'iat'].every((name) => claims[name] === undefined || Number.isFinite(claims[name]));
  const { aud } = claims;
  const audience =
    aud === undefined ||
    typeof aud === 'string' ||
    (Array.isArray(aud) && aud.every((entry) => typeof entry === 'string'));
  return texts && times && audience;
}
