import type { Result } from '../result.ts';
import { endOfEvidence } from './algorithm-suites.ts';
import { type DigestAlgorithm, sameBytes } from './cms/algorithm-identifiers.ts';
import { oids } from './cms/oids.ts';
import { parseSignedData, type SignedData } from './cms/parse.ts';
import { parseTstInfo, type TstInfo } from './cms/tst-info.ts';
import { type IntegrityReason, verifySignedData } from './cms/verify.ts';
import { type SignerVerdict, verifySigner } from './signer-verdict.ts';
import type { X509Certificate } from './x509/certificate.ts';
import type { Purpose, TrustAnchor } from './x509/path.ts';
import type { RevocationSource } from './x509/revocation.ts';

export type TokenReason =
  | IntegrityReason
  | 'token-malformed'
  | 'digest-not-allowed'
  | 'imprint-mismatch'
  | 'nonce-mismatch'
  | 'policy-not-allowed'
  | 'time-in-future'
  | 'no-anchor'
  | 'signer-usage'
  | 'timestamp-ended'
  | 'algorithm-ended'
  | `signer-${Exclude<SignerVerdict['status'], 'trusted'>}`;

export interface TimestampVerdict {
  /**
   * `valid`: genTime is proved. `notChecked`: nothing is wrong, but the authority could not be judged (no anchors, or no
   * revocation status). `absent` occurs only where a signature carries no token.
   */
  readonly status: 'valid' | 'invalid' | 'absent' | 'notChecked';
  /** What the token says; a fact only when `status` is `valid`. */
  readonly genTime: Date | null;
  readonly accuracyMilliseconds: number | null;
  readonly policy: string | null;
  /** Hexadecimal. */
  readonly serial: string | null;
  readonly signer: SignerVerdict | null;
  readonly reasons: readonly TokenReason[];
}

export interface TokenToVerify {
  /** The ContentInfo as DER. */
  readonly token: Uint8Array;
  /** What was stamped: its SHA-256, or the data itself (then any of SHA-256, -384, -512 will do). */
  readonly stamped: { readonly imprint: Uint8Array } | { readonly data: Uint8Array };
  readonly anchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  /** Now: a token from the future is refused. The path is verified at genTime. */
  readonly at: Date;
  /** Certificates for tokens that carry none. */
  readonly pool?: readonly X509Certificate[];
  readonly policies?: readonly string[];
  /** The nonce's INTEGER as DER; only a client that asked knows it. */
  readonly nonce?: Uint8Array;
}

export const absentTimestamp: TimestampVerdict = {
  status: 'absent',
  genTime: null,
  accuracyMilliseconds: null,
  policy: null,
  serial: null,
  signer: null,
  reasons: [],
};

const maxSkewMilliseconds = 5 * 60 * 1000;

const timeStamping: Purpose = {
  keyUsage: ['digitalSignature', 'nonRepudiation'],
  extendedKeyUsage: oids.timeStamping,
};

/** Verifies an RFC 3161 token: form, imprint, ESS binding, signature, usage of the certificate, its path at genTime. */
export async function verifyToken(input: TokenToVerify): Promise<TimestampVerdict> {
  const signedData = parseSignedData(input.token);
  if (!signedData.ok) return { ...absentTimestamp, status: 'invalid', reasons: ['token-malformed'] };
  const { content } = signedData.value;
  const info: Result<TstInfo, 'malformed'> | null = content === null ? null : parseTstInfo(content);
  if (content === null || info === null || !info.ok) {
    return { ...absentTimestamp, status: 'invalid', reasons: ['token-malformed'] };
  }
  const checked = await verifySignedData({
    signedData: signedData.value,
    contentType: oids.tstInfo,
    contentDigest: (algorithm) => digest(algorithm, content),
    pool: input.pool ?? [],
  });
  const usage = checked.certificate === null || isOnlyForStamping(checked.certificate) ? [] : ['signer-usage' as const];
  const reasons = [...checked.reasons, ...usage, ...(await infoReasons(info.value, input))];
  const judged = await judgeSigner(input, { ...checked, info: info.value, signedData: signedData.value });
  return summary(info.value, reasons, judged);
}

/**
 * What a token that was good proves as of a moment: its authority's certificate or its algorithm may have ended since, and a
 * key that nobody guards any more could have dated anything back. Who has renewed the evidence asks as of the renewal.
 */
export function standingAt(verdict: TimestampVerdict, at: Date): TimestampVerdict {
  const reason = verdict.status === 'valid' && verdict.signer !== null ? endedBy(verdict.signer, at) : null;
  return reason === null ? verdict : { ...verdict, status: 'notChecked', reasons: [reason] };
}

/** Why what was signed under a path does not stand by itself at a moment; null when it does. */
export function endedBy({ path }: SignerVerdict, at: Date): 'timestamp-ended' | 'algorithm-ended' | null {
  const end = endOfEvidence(path.path);
  if (end.at >= at) return null;
  return end.because === 'certificate' ? 'timestamp-ended' : 'algorithm-ended';
}

function summary(info: TstInfo, reasons: readonly TokenReason[], judged: SignerVerdict | null): TimestampVerdict {
  const { genTime, accuracyMilliseconds, policy, serial } = info;
  const facts = { genTime, accuracyMilliseconds, policy, serial, signer: judged };
  if (reasons.length > 0) return { ...facts, status: 'invalid', reasons: [...reasons, ...signerReasons(judged)] };
  if (judged === null) return { ...facts, status: 'notChecked', reasons: ['no-anchor'] };
  if (judged.status === 'trusted') return { ...facts, status: 'valid', reasons };
  return {
    ...facts,
    status: judged.status === 'notChecked' ? 'notChecked' : 'invalid',
    reasons: signerReasons(judged),
  };
}

function signerReasons(judged: SignerVerdict | null): readonly TokenReason[] {
  return judged === null || judged.status === 'trusted' ? [] : [`signer-${judged.status}`];
}

/** Null when there is nothing to judge by: no certificate was found, or the caller trusts no authority at all. */
async function judgeSigner(
  input: TokenToVerify,
  found: {
    readonly certificate: X509Certificate | null;
    readonly pool: readonly X509Certificate[];
    readonly info: TstInfo;
    readonly signedData: SignedData;
  },
): Promise<SignerVerdict | null> {
  if (found.certificate === null || input.anchors.length === 0) return null;
  return verifySigner({
    certificate: found.certificate,
    algorithm: found.signedData.signatureAlgorithm,
    pool: found.pool,
    anchors: input.anchors,
    at: found.info.genTime,
    purpose: timeStamping,
    revocation: input.revocation,
  });
}

/** RFC 3161 §2.3: the extended key usage is critical, and time stamping its only purpose. */
function isOnlyForStamping({ extensions }: X509Certificate): boolean {
  const usage = extensions.extendedKeyUsage;
  return usage?.critical === true && usage.purposes.length === 1 && usage.purposes[0] === oids.timeStamping;
}

async function infoReasons(info: TstInfo, input: TokenToVerify): Promise<readonly TokenReason[]> {
  const reasons: TokenReason[] = [];
  if (info.digest === null) reasons.push('digest-not-allowed');
  else if (!sameBytes(info.imprint, await expectedImprint(info.digest, input.stamped)))
    reasons.push('imprint-mismatch');
  if (input.nonce !== undefined && (info.nonce === null || !sameBytes(info.nonce, input.nonce))) {
    reasons.push('nonce-mismatch');
  }
  if (input.policies !== undefined && !input.policies.includes(info.policy)) reasons.push('policy-not-allowed');
  const slack = maxSkewMilliseconds + (info.accuracyMilliseconds ?? 0);
  if (info.genTime.getTime() > input.at.getTime() + slack) reasons.push('time-in-future');
  return reasons;
}

async function expectedImprint(algorithm: DigestAlgorithm, stamped: TokenToVerify['stamped']): Promise<Uint8Array> {
  if ('data' in stamped) return digest(algorithm, stamped.data);
  // An imprint is known by SHA-256 only; another hash cannot match it.
  return algorithm === 'SHA-256' ? stamped.imprint : new Uint8Array();
}

async function digest(algorithm: DigestAlgorithm, data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, new Uint8Array(data)));
}
