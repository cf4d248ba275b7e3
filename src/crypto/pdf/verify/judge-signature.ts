import { oids } from '../../cms/oids.ts';
import { parseSignedData, type SignedData } from '../../cms/parse.ts';
import { type SignedDataVerdict, verifySignedData } from '../../cms/verify.ts';
import { timestampTokens } from '../../cms.ts';
import { type SignerVerdict, verifySigner } from '../../signer-verdict.ts';
import { absentTimestamp, type TimestampVerdict, verifyToken } from '../../timestamp-token.ts';
import type { Purpose } from '../../x509/path.ts';
import type { RevocationSource } from '../../x509/revocation.ts';
import { claimedTime, type Evidence, finding, pathOf, revocationFinding, revocationOf, timeOf } from './evidence.ts';
import type { PlacedSignature } from './find-signatures.ts';
import type { Judged } from './judge-timestamp.ts';
import type { PdfTime } from './report.ts';

/** RFC 9336, or what came before it; a certificate that names no purpose will do. */
const signingDocuments: Purpose = {
  keyUsage: ['digitalSignature', 'nonRepudiation'],
  extendedKeyUsage: [oids.documentSigning, oids.emailProtection],
  allowWithoutExtendedKeyUsage: true,
};

/** A signature of somebody, judged at the earliest time that is proved for it; and what its level is found out with. */
export async function judgeSignature(
  placed: PlacedSignature,
  data: Uint8Array,
  evidence: Evidence,
): Promise<{ readonly judged: Judged; readonly opened: OpenedSignature | null }> {
  const { value, dictionary } = placed;
  const parsed = parseSignedData(value.der);
  const fault = parsed.ok ? (parsed.value.content === null ? null : 'content-inside') : parsed.fault;
  if (fault !== null || !parsed.ok) {
    return { judged: unreadable(placed, fault ?? 'malformed', evidence), opened: null };
  }
  const signedData = parsed.value;
  const checked = await verifySignedData({
    signedData,
    contentType: oids.data,
    contentDigest: async (algorithm) => new Uint8Array(await crypto.subtle.digest(algorithm, new Uint8Array(data))),
    pool: evidence.embedded.pool,
  });
  // What is no PAdES need not bind its certificate; then the issuer's name and the serial number alone do.
  const isPades = value.subFilter === 'ETSI.CAdES.detached';
  const reasons = checked.reasons.filter((reason) => isPades || reason !== 'ess-missing');
  const { time, token } = await judgeTime(signedData, dictionary, evidence);
  const opened: OpenedSignature = { signedData, checked, token, at: time.judgedAt };
  const signer = await signerOf(opened, evidence.trust, revocationOf(evidence));
  const judged: Judged = {
    kind: 'signature',
    subFilter: value.subFilter,
    integrity: finding(['valid', 'invalid'], reasons),
    signer: signer === null ? null : { name: signer.name, certificate: signer.certificate },
    path: pathOf(signer),
    revocation: revocationFinding(signer),
    time,
    level: { status: 'none', reasons: isPades ? [] : ['not-pades'] },
  };
  return { judged, opened };
}

/** What was read of a signature, for judging it again by the document's own evidence alone. */
export interface OpenedSignature {
  readonly signedData: SignedData;
  readonly checked: SignedDataVerdict;
  /** The signature time stamp that proved its time; null when none did. */
  readonly token: Uint8Array | null;
  readonly at: Date;
}

export async function signerOf(
  { signedData, checked, at }: OpenedSignature,
  trust: Evidence['trust'],
  revocation: RevocationSource,
): Promise<SignerVerdict | null> {
  if (checked.certificate === null) return null;
  return verifySigner({
    certificate: checked.certificate,
    algorithm: signedData.signatureAlgorithm,
    pool: checked.pool,
    anchors: trust.anchors,
    at,
    purpose: trust.purpose ?? signingDocuments,
    revocation,
  });
}

const maxTimestamps = 4;

/** The earliest of the signature time stamps that prove their time (RFC 5126 §6.1.1); else when the signature existed at all. */
async function judgeTime(
  { unsignedAttributes, signature }: SignedData,
  dictionary: PlacedSignature['dictionary'],
  evidence: Evidence,
): Promise<{ readonly time: PdfTime; readonly token: Uint8Array | null }> {
  const { trust, existedAt, embedded } = evidence;
  const claimed = claimedTime(dictionary);
  const stamps: { readonly token: Uint8Array; readonly verdict: TimestampVerdict }[] = [];
  for (const token of timestampTokens(unsignedAttributes).slice(0, maxTimestamps)) {
    const verdict = await verifyToken({
      token,
      stamped: { data: signature },
      anchors: trust.timestampAnchors,
      revocation: revocationOf(evidence),
      at: trust.at,
      pool: embedded.pool,
    });
    stamps.push({ token, verdict });
  }
  const [proved] = stamps
    .filter(({ verdict }) => timeOf(verdict, existedAt).status === 'proved')
    .toSorted((left, right) => Number(left.verdict.genTime) - Number(right.verdict.genTime));
  if (proved !== undefined) {
    const judgedAt = proved.verdict.genTime ?? existedAt;
    return {
      time: { ...timeOf(proved.verdict, existedAt), by: 'signature-timestamp', judgedAt, claimed },
      token: proved.token,
    };
  }
  const first = timeOf(stamps[0]?.verdict ?? absentTimestamp, existedAt);
  const isStamped = first.status === 'absent' && evidence.existedBy === 'document-timestamp';
  const found = isStamped
    ? { status: 'proved' as const, reasons: [], countsUntil: null, by: 'document-timestamp' as const }
    : { ...first, by: null };
  return { time: { ...found, judgedAt: existedAt, claimed }, token: null };
}

function unreadable(
  { value, dictionary }: PlacedSignature,
  reason: Judged['integrity']['reasons'][number],
  { existedAt }: Evidence,
): Judged {
  return {
    kind: 'signature',
    subFilter: value.subFilter,
    integrity: { status: 'invalid', reasons: [reason] },
    signer: null,
    path: { status: 'notChecked', reasons: [] },
    revocation: { status: 'notChecked', reasons: [] },
    time: {
      status: 'absent',
      reasons: [],
      by: null,
      judgedAt: existedAt,
      countsUntil: null,
      claimed: claimedTime(dictionary),
    },
    level: { status: 'none', reasons: [] },
  };
}
