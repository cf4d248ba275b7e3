import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '../result.ts';
import { signCompactJwt, verifyCompactJwt } from './jose.ts';
import type { JoseReason } from './jose-reasons.ts';
import { jwkThumbprint } from './jwk-thumbprint.ts';
import type { Signer } from './signer.ts';

/** A request that a DPoP proof (RFC 9449) has to have been made for. */
export interface ProvedRequest {
  readonly proof: string;
  readonly method: string;
  /** As the world sees it: public origin and path. */
  readonly url: string;
  /** The token that came with the request; null where a token is asked for. */
  readonly accessToken: string | null;
  isNonce(nonce: string): boolean;
  readonly now: Date;
}

export interface DpopProof {
  /** Thumbprint of the key that signed: what a token is bound to. */
  readonly thumbprint: string;
  readonly jti: string;
  readonly issuedAt: Date;
}

export type DpopReason =
  | JoseReason
  | 'key-not-public'
  | 'method-mismatch'
  | 'address-mismatch'
  | 'token-mismatch'
  | 'jti-malformed'
  /** Everything else is right, but the nonce is missing or too old: the client is to try again with ours. */
  | 'nonce-needed';

/** How long a proof is good for; the nonce bounds it as well. */
export const dpopSeconds = 60;
export const dpopAlgorithms = ['ES256', 'RS256'] as const;

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * RFC 9449 §4.3, but for replay: whether this `jti` came before is for the caller's table to say.
 * Pure: no clock, no database.
 */
export async function verifyDpopProof(request: ProvedRequest): Promise<Result<DpopProof, DpopReason>> {
  if (request.proof.length > 8192) return refuse('malformed');
  const verified = await verifyCompactJwt({
    token: request.proof,
    algorithms: dpopAlgorithms,
    typ: 'dpop+jwt',
    // The one JWT that brings its own key: it proves possession of it, and nothing about who that is.
    permit: ['jwk'],
    keyFrom: (header) => {
      const jwk = publicKeyIn(header['jwk']);
      return jwk === null ? null : { jwk };
    },
    now: request.now,
    required: ['htm', 'htu', 'iat', 'jti'],
    maxLifetimeSeconds: dpopSeconds,
  });
  if (!verified.ok) return refuse(verified.fault === 'key-unknown' ? 'key-not-public' : verified.fault);
  const jwk = publicKeyIn(verified.value.header['jwk']);
  const thumbprint = jwk === null ? null : jwkThumbprint(jwk);
  if (thumbprint === null) return refuse('key-not-public');
  const { htm, htu, ath, jti, iat, nonce } = verified.value.claims;
  if (htm !== request.method) return refuse('method-mismatch');
  if (!isSameAddress(htu, request.url)) return refuse('address-mismatch');
  if (request.accessToken !== null && ath !== tokenDigest(request.accessToken)) return refuse('token-mismatch');
  if (jti === undefined || iat === undefined || jti.length < 8 || jti.length > 200) return refuse('jti-malformed');
  // §8, last: a client is asked for the nonce only when it lacks nothing else.
  if (typeof nonce !== 'string' || !request.isNonce(nonce)) return refuse('nonce-needed');
  return ok({ thumbprint, jti, issuedAt: new Date(iat * 1000) });
}

/** A proof for one request (RFC 9449 §4.2), made by whoever holds the key. */
export async function makeDpopProof(
  key: { readonly signer: Signer; readonly jwk: Readonly<Record<string, unknown>> },
  request: {
    readonly method: string;
    readonly url: string;
    readonly accessToken: string | null;
    readonly nonce: string | null;
    readonly now: Date;
  },
): Promise<string> {
  const { method, url, accessToken, nonce } = request;
  const { origin, pathname } = new URL(url);
  return signCompactJwt({
    header: { typ: 'dpop+jwt', jwk: key.jwk },
    claims: {
      htm: method,
      htu: `${origin}${pathname}`,
      iat: Math.floor(request.now.getTime() / 1000),
      jti: crypto.randomUUID(),
      ...(accessToken === null ? {} : { ath: tokenDigest(accessToken) }),
      ...(nonce === null ? {} : { nonce }),
    },
    signer: key.signer,
  });
}

function publicKeyIn(jwk: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return null;
  const members: Record<string, unknown> = { ...jwk };
  return privateMembers.some((name) => name in members) ? null : members;
}

function tokenDigest(token: string): string {
  return createHash('sha256').update(token, 'ascii').digest('base64url');
}

/** Without query and fragment, and equal by syntax and scheme (RFC 9449 §4.3 no. 9, RFC 3986 §6.2.2, §6.2.3). */
function isSameAddress(claimed: unknown, asked: string): boolean {
  if (typeof claimed !== 'string' || claimed.length > 2000) return false;
  const one = URL.parse(claimed);
  const other = URL.parse(asked);
  if (one === null || other === null || one.username !== '' || one.password !== '') return false;
  return one.origin === other.origin && normalPath(one.pathname) === normalPath(other.pathname);
}

function normalPath(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : triplet.toUpperCase();
  });
}
