import type { DigestAlgorithm } from './cms/algorithm-identifiers.ts';
import { oids } from './cms/oids.ts';
import { type CmsAttribute, type CmsReason, parseSignedData, type SignedData } from './cms/parse.ts';
import { type IntegrityReason, verifySignedData } from './cms/verify.ts';
import { type SignerVerdict, verifySigner } from './signer-verdict.ts';
import { absentTimestamp, standingAt, type TimestampVerdict, verifyToken } from './timestamp-token.ts';
import type { X509Certificate } from './x509/certificate.ts';
import type { Purpose, TrustAnchor } from './x509/path.ts';
import type { RevocationSource } from './x509/revocation.ts';

export type CadesReason =
  | CmsReason
  | IntegrityReason
  | 'content-inside'
  | `signer-${Exclude<SignerVerdict['status'], 'trusted'>}`
  | `time-${Exclude<TimestampVerdict['status'], 'valid' | 'absent'>}`;

/** Separate answers; `reasons` is empty when the signature is whole, its signer trusted and its time, if it has one, proved. */
export interface CadesVerdict {
  /** Whether the signature is one over this content by this certificate's key. */
  readonly integrity: 'valid' | 'invalid';
  /** Null when no certificate could be judged. */
  readonly signer: SignerVerdict | null;
  readonly time: TimestampVerdict;
  /** The moment the signer was judged at: the proved time, else `at`. */
  readonly judgedAt: Date;
  readonly reasons: readonly CadesReason[];
}

export interface CadesTrust {
  readonly anchors: readonly TrustAnchor[];
  readonly timestampAnchors: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
  /** Now. */
  readonly at: Date;
  /** Certificates known from elsewhere. */
  readonly pool?: readonly X509Certificate[];
  /** digitalSignature or nonRepudiation with any extended usage, unless told. */
  readonly purpose?: Purpose;
}

const signing: Purpose = { keyUsage: ['digitalSignature', 'nonRepudiation'] };

/** Verifies a detached CAdES signature (DER) over content in memory. */
export async function verifyCades(
  input: CadesTrust & { readonly cms: Uint8Array; readonly content: Uint8Array },
): Promise<CadesVerdict> {
  return verifyCadesDigest({
    ...input,
    contentDigest: async (algorithm) =>
      new Uint8Array(await crypto.subtle.digest(algorithm, new Uint8Array(input.content))),
  });
}

/**
 * Verifies a detached CAdES signature over content that is hashed elsewhere: a byte range of a PDF, a stream.
 * The signer is judged at the time of a valid signature time stamp, else at `at`.
 */
async function verifyCadesDigest(
  input: CadesTrust & {
    readonly cms: Uint8Array;
    contentDigest(algorithm: DigestAlgorithm): Promise<Uint8Array>;
  },
): Promise<CadesVerdict> {
  const parsed = parseSignedData(input.cms);
  if (!parsed.ok) return unreadable(parsed.fault, input.at);
  // A detached signature with content inside would be about two things at once.
  if (parsed.value.content !== null) return unreadable('content-inside', input.at);
  const checked = await verifySignedData({
    signedData: parsed.value,
    contentType: oids.data,
    contentDigest: (algorithm) => input.contentDigest(algorithm),
    pool: input.pool ?? [],
  });
  const time = await verifyTime(parsed.value, input);
  const judgedAt = time.status === 'valid' && time.genTime !== null ? time.genTime : input.at;
  const signer =
    checked.certificate === null
      ? null
      : await verifySigner({
          certificate: checked.certificate,
          algorithm: parsed.value.signatureAlgorithm,
          pool: checked.pool,
          anchors: input.anchors,
          at: judgedAt,
          purpose: input.purpose ?? signing,
          revocation: input.revocation,
        });
  const integrity = checked.reasons.length === 0 ? 'valid' : 'invalid';
  return { integrity, signer, time, judgedAt, reasons: [...checked.reasons, ...trustReasons(signer, time)] };
}

function trustReasons(signer: SignerVerdict | null, time: TimestampVerdict): readonly CadesReason[] {
  const reasons: CadesReason[] = [];
  if (signer !== null && signer.status !== 'trusted') reasons.push(`signer-${signer.status}`);
  if (time.status === 'invalid' || time.status === 'notChecked') reasons.push(`time-${time.status}`);
  return reasons;
}

function unreadable(reason: CadesReason, at: Date): CadesVerdict {
  return { integrity: 'invalid', signer: null, time: absentTimestamp, judgedAt: at, reasons: [reason] };
}

/**
 * The signature time stamp (RFC 5126 §6.1.1). Of several, the earliest valid one counts (trust grows with age); when none
 * is valid, the first one's verdict is told.
 */
async function verifyTime(signedData: SignedData, input: CadesTrust): Promise<TimestampVerdict> {
  const tokens = timestampTokens(signedData.unsignedAttributes);
  const verdicts: TimestampVerdict[] = [];
  for (const token of tokens.slice(0, maxTimestamps)) {
    const verdict = await verifyToken({
      token,
      stamped: { data: signedData.signature },
      anchors: input.timestampAnchors,
      revocation: input.revocation,
      at: input.at,
      pool: input.pool ?? [],
    });
    verdicts.push(standingAt(verdict, input.at));
  }
  const valid = verdicts.filter((verdict) => verdict.status === 'valid');
  const [earliest] = valid.toSorted((a, b) => Number(a.genTime) - Number(b.genTime));
  return earliest ?? verdicts[0] ?? absentTimestamp;
}

const maxTimestamps = 4;

export function timestampTokens(attributes: readonly CmsAttribute[]): readonly Uint8Array[] {
  const stamps = attributes.filter((attribute) => attribute.type === oids.signatureTimeStamp);
  return stamps.flatMap((attribute) => attribute.values.map((value) => value.bytes));
}
