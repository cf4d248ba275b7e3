import { ok, type Result, refuse } from '../../result.ts';
import { parseBase64url } from '../jose-encoding.ts';
import { type SignerVerdict, verifySigner } from '../signer-verdict.ts';
import { isJsonObject, type JsonReason, type JsonValue, parseStrictJson } from '../strict-json.ts';
import { issuerNamesOf, sealing, verifyX5cToken, type X5cReason, x509Names } from '../x5c.ts';
import type { Purpose, TrustAnchor } from '../x509/path.ts';
import type { PathCache } from '../x509/path-cache.ts';
import type { RevocationSource } from '../x509/revocation.ts';
import { readStatus, statusValues } from './entries.ts';
import { inflateBounded } from './inflate.ts';
import type { CredentialStatus, StatusAnswer, StatusReason, StatusReference, StatusSource } from './reference.ts';
import { statusListType } from './sign.ts';

/** A list that somebody trusted has signed. Whether it is fresh enough is asked at each look. */
export interface StatusList {
  readonly uri: string;
  /** Issuers whose credentials it may speak of: the names in its own certificate. */
  readonly issuers: readonly string[];
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly ttlSeconds: number;
  readonly bits: 1 | 2 | 4 | 8;
  readonly entries: Uint8Array;
}

export type StatusListReason =
  | X5cReason
  | JsonReason
  | `issuer-${Exclude<SignerVerdict['status'], 'trusted'>}`
  | 'list-too-large'
  | 'list-malformed'
  | 'list-older-than-known';

const maxTokenCharacters = 2 * 1024 * 1024;
const maxTextDepth = 4;
/** Four million entries of two bits. */
export const maxListBytes = 1024 * 1024;

/**
 * Verifies a status list token: signature, the issuer's path at `at`, and form; the inflated list is bounded.
 *
 * @param input.notBefore - `issuedAt` of the newest list known: an older one may hide a revocation
 */
export async function verifyStatusList(input: {
  readonly token: unknown;
  readonly anchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  readonly at: Date;
  readonly purpose?: Purpose;
  readonly notBefore?: Date;
  readonly cache?: PathCache | undefined;
}): Promise<Result<StatusList, StatusListReason>> {
  if (typeof input.token !== 'string') return refuse('malformed');
  if (input.token.length > maxTokenCharacters) return refuse('list-too-large');
  const token = await verifyX5cToken(input.token, statusListType, input.cache);
  if (!token.ok) return token;
  const { leaf, pool, payload } = token.value;
  const { anchors, at, revocation, purpose = sealing, cache } = input;
  const algorithm = x509Names.ES256;
  // Before the list is inflated: a stranger's bomb is not even opened.
  const issuer = await verifySigner({ certificate: leaf, algorithm, pool, anchors, at, purpose, revocation, cache });
  if (issuer.status !== 'trusted') return refuse(`issuer-${issuer.status}` as const);
  const claims = parseStrictJson(payload, maxTextDepth);
  if (!claims.ok) return claims;
  const list = readClaims(claims.value);
  if (list === null) return refuse('list-malformed');
  if (input.notBefore !== undefined && list.issuedAt < input.notBefore) return refuse('list-older-than-known');
  const entries = await inflateBounded(list.compressed, maxListBytes);
  if (entries === null) return refuse('list-malformed');
  const { compressed: _, ...known } = list;
  return ok({ ...known, issuers: issuerNamesOf(leaf), entries });
}

/**
 * What a list says of one credential at a moment; unknown, never valid, when it is another list, another issuer's, or too old.
 *
 * @param asked.fetchedAt - when this copy was fetched, for `ttl`; leave it out offline, where `exp` decides
 */
export function statusOf(
  list: StatusList,
  asked: {
    readonly reference: StatusReference;
    readonly issuer: string;
    readonly at: Date;
    readonly fetchedAt?: Date;
  },
): StatusAnswer {
  const reason = unusable(list, asked);
  if (reason !== null) return { status: 'unknown', reason };
  const value = readStatus(list.entries, list.bits, asked.reference.index);
  if (value === null) return { status: 'unknown', reason: 'index-out-of-range' };
  const status = statuses.get(value);
  return status === undefined ? { status: 'unknown', reason: 'value-unknown' } : { status };
}

/** Looks into the lists at hand, as a StatusSource for `verifyCredential`. */
export function statusSourceOf(
  lists: readonly { readonly list: StatusList; readonly fetchedAt?: Date }[],
  at: Date,
): StatusSource {
  return (reference, issuer) => {
    const found = lists.find(({ list }) => list.uri === reference.uri);
    return found === undefined
      ? { status: 'unknown', reason: 'list-missing' }
      : statusOf(found.list, { ...found, reference, issuer, at });
  };
}

const statuses: ReadonlyMap<number, CredentialStatus> = new Map([
  [statusValues.valid, 'valid'],
  [statusValues.revoked, 'revoked'],
  [statusValues.suspended, 'suspended'],
  [statusValues.superseded, 'superseded'],
]);

const skewMs = 5000;

function unusable(list: StatusList, asked: Parameters<typeof statusOf>[1]): StatusReason | null {
  const at = asked.at.getTime();
  if (list.uri !== asked.reference.uri) return 'list-uri-mismatch';
  if (!list.issuers.includes(asked.issuer)) return 'list-issuer-mismatch';
  if (list.issuedAt.getTime() > at + skewMs) return 'list-not-yet-valid';
  if (at >= list.expiresAt.getTime()) return 'list-expired';
  if (asked.fetchedAt !== undefined && at > asked.fetchedAt.getTime() + list.ttlSeconds * 1000) return 'list-stale';
  return null;
}

/** §5.1; `exp` and `ttl` are ours to demand, since a list without end hides every later revocation. */
function readClaims(claims: JsonValue) {
  if (!isJsonObject(claims) || !isJsonObject(claims['status_list'])) return null;
  const { sub, iat, exp, ttl } = claims;
  const { bits, lst } = claims['status_list'];
  const compressed = typeof lst === 'string' ? parseBase64url(lst) : null;
  if (typeof sub !== 'string' || compressed === null || !isWidth(bits)) return null;
  if (!isSeconds(iat) || !isSeconds(exp) || !isSeconds(ttl) || exp <= iat || ttl === 0) return null;
  const times = { issuedAt: new Date(iat * 1000), expiresAt: new Date(exp * 1000), ttlSeconds: ttl };
  return { uri: sub, ...times, bits, compressed };
}

function isWidth(bits: JsonValue | undefined): bits is 1 | 2 | 4 | 8 {
  return bits === 1 || bits === 2 || bits === 4 || bits === 8;
}

function isSeconds(value: JsonValue | undefined): value is number {
  // Up to the last second that a Date can hold.
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 8_640_000_000_000;
}
