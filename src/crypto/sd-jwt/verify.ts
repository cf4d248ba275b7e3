import { ok, type Result, refuse } from '../../result.ts';
import { claimsReason } from '../jose-claims.ts';
import { type SignerVerdict, verifySigner } from '../signer-verdict.ts';
import {
  type CredentialStatus,
  parseStatusClaim,
  type StatusAnswer,
  type StatusSource,
} from '../status-list/reference.ts';
import type { JsonObject } from '../strict-json.ts';
import { issuerNamesOf, sealing, verifyX5cToken, type X5cToken, x509Names } from '../x5c.ts';
import type { X509Certificate } from '../x509/certificate.ts';
import type { Purpose, TrustAnchor } from '../x509/path.ts';
import type { PathCache } from '../x509/path-cache.ts';
import type { RevocationSource } from '../x509/revocation.ts';
import type { SdJwtParts } from './format.ts';
import { type HolderExpectation, holderReason } from './holder.ts';
import { type OpenedSdJwt, openSdJwt } from './open.ts';
import type { CredentialReason, HolderReason, SdJwtReason } from './reasons.ts';
import { credentialType, undisclosable } from './rules.ts';
import type { ClaimPath } from './unpack.ts';

export interface CredentialToVerify {
  /** SD-JWT, or SD-JWT with key binding. */
  readonly presentation: unknown;
  readonly anchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  /** Now. */
  readonly at: Date;
  /** When something else proves that the credential existed then (time stamp, log): the issuer is judged at that moment. */
  readonly provedAt?: Date;
  readonly purpose?: Purpose;
  /** Kinds (`vct`) that do here; null where the kind is only told. */
  readonly types: readonly string[] | null;
  /** Null when nobody asked who holds it. */
  readonly holder: HolderExpectation | null;
  /** Null when no list is at hand: a credential that has a status is then `unknown`. */
  readonly status: StatusSource | null;
  /** Of earlier verifications; it changes no answer. */
  readonly cache?: PathCache | undefined;
}

/** Separate answers; the credential is good for what was asked exactly when `reasons` is empty. */
export interface CredentialVerdict {
  /** Signature, digests and form. Everything else is empty when this is invalid. */
  readonly integrity: 'valid' | 'invalid';
  readonly issuer: SignerVerdict | null;
  readonly judgedAt: Date;
  readonly time: 'valid' | 'expired' | 'notYetValid' | 'notChecked';
  /** `notAsked` also when there is a proof that nobody asked for: its key and digest are right, its audience is somebody else's affair. */
  readonly holder: 'proved' | 'notAsked' | 'refused' | 'notChecked';
  /** `none`: the issuer keeps no status of it. */
  readonly status: CredentialStatus | 'none' | 'unknown';
  readonly statusAnswer: StatusAnswer | null;
  readonly claims: JsonObject | null;
  /** Places of the claims that could have been withheld. */
  readonly disclosed: readonly ClaimPath[];
  readonly reasons: readonly CredentialReason[];
}

/**
 * Verifies an SD-JWT VC offline: form and digests (RFC 9901 §7.1), the issuer's path, its name and time, status, and the holder
 * (§7.3). Never throws on any input.
 */
export async function verifyCredential(input: CredentialToVerify): Promise<CredentialVerdict> {
  const opened = await openCredential(input);
  if (!opened.ok) return refused(opened.fault, input);
  const { parts, token, claims } = opened.value;
  const issuer = await verifySigner({
    certificate: token.leaf,
    algorithm: x509Names.ES256,
    pool: token.pool,
    anchors: input.anchors,
    at: input.provedAt ?? input.at,
    purpose: input.purpose ?? sealing,
    revocation: input.revocation,
    cache: input.cache,
  });
  const time = claimsReason(claims, { now: input.at, skewSeconds: 0 });
  const statusAnswer = await askStatus(opened.value, input);
  const status = statusAnswer?.status ?? 'none';
  const before: readonly CredentialReason[] = [
    ...(issuer.status === 'trusted' ? [] : [`issuer-${issuer.status}` as const]),
    ...issuerReasons(token.leaf, opened.value),
    ...(time === 'expired' || time === 'not-yet-valid' ? [time] : []),
    ...(status === 'valid' || status === 'none' ? [] : [`status-${status}` as const]),
  ];
  const holder = await askHolder(parts, claims, { input, before });
  return {
    integrity: 'valid',
    issuer,
    judgedAt: input.provedAt ?? input.at,
    time: time === 'expired' ? 'expired' : time === 'not-yet-valid' ? 'notYetValid' : 'valid',
    holder: holder !== null ? 'refused' : input.holder === null ? 'notAsked' : 'proved',
    status,
    statusAnswer,
    claims,
    disclosed: opened.value.disclosed.map(({ path }) => path),
    reasons: [...before, ...(holder === null ? [] : [holder])],
  };
}

interface Opened extends OpenedSdJwt<X5cToken> {
  readonly issuer: string;
  readonly issuedAt: number;
}

/** Everything that needs no trust. */
async function openCredential({
  presentation,
  types,
  cache,
}: CredentialToVerify): Promise<Result<Opened, SdJwtReason>> {
  const opened = await openSdJwt(presentation, (jwt) => verifyX5cToken(jwt, credentialType, cache));
  if (!opened.ok) return opened;
  const { claims, disclosed } = opened.value;
  if (disclosed.some(({ path: [name] }) => undisclosable.includes(String(name)))) {
    return refuse('claim-not-disclosable');
  }
  const { iss, iat, vct, status } = claims;
  if (typeof iss !== 'string' || typeof iat !== 'number' || typeof vct !== 'string') return refuse('claims-invalid');
  if (status !== undefined && parseStatusClaim(status) === null) return refuse('status-malformed');
  if (types !== null && !types.includes(vct)) return refuse('type-unknown');
  return ok({ ...opened.value, issuer: iss, issuedAt: iat });
}

/** The certificate speaks for `iss`, and was valid when it signed, by the issuer's own word. */
function issuerReasons(leaf: X509Certificate, { issuer, issuedAt }: Opened): readonly CredentialReason[] {
  const signedAt = issuedAt * 1000;
  const isInside = leaf.notBefore.getTime() <= signedAt && signedAt <= leaf.notAfter.getTime();
  return [
    ...(issuerNamesOf(leaf).includes(issuer) ? [] : ['issuer-name-mismatch' as const]),
    ...(isInside ? [] : ['signed-outside-validity' as const]),
  ];
}

async function askStatus({ claims, issuer }: Opened, input: CredentialToVerify): Promise<StatusAnswer | null> {
  const { status } = claims;
  const reference = status === undefined ? null : parseStatusClaim(status);
  if (reference === null) return null;
  return input.status === null ? { status: 'unknown', reason: 'list-missing' } : input.status(reference, issuer);
}

/** The nonce is spent only when everything else is right. */
async function askHolder(
  parts: SdJwtParts,
  claims: JsonObject,
  { input, before }: { readonly input: CredentialToVerify; readonly before: readonly CredentialReason[] },
): Promise<HolderReason | null> {
  const { holder: expected, at } = input;
  const reason = await holderReason(parts, claims, { expected, at });
  if (reason !== null || before.length > 0 || expected === null) return reason;
  return (await expected.spendNonce(expected.nonce)) ? null : 'holder-replayed';
}

function refused(reason: CredentialReason, { at, provedAt }: CredentialToVerify): CredentialVerdict {
  return {
    integrity: 'invalid',
    issuer: null,
    judgedAt: provedAt ?? at,
    time: 'notChecked',
    holder: 'notChecked',
    status: 'unknown',
    statusAnswer: null,
    claims: null,
    disclosed: [],
    reasons: [reason],
  };
}
