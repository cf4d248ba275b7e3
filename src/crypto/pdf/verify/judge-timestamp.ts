import { type TokenReason, verifyToken } from '../../timestamp-token.ts';
import { claimedTime, type Evidence, finding, pathOf, revocationFinding, revocationOf, timeOf } from './evidence.ts';
import type { PlacedSignature } from './find-signatures.ts';
import type { PdfSignatureReport } from './report.ts';

export type Judged = Omit<PdfSignatureReport, 'field' | 'coverage' | 'modifications'>;

/** A document time stamp (ISO 32000-2 §12.8.5): a token over everything up to here. */
export async function judgeTimestamp(
  { value, dictionary }: PlacedSignature,
  data: Uint8Array,
  evidence: Evidence,
): Promise<Judged> {
  const verdict = await verifyToken({
    token: value.der,
    stamped: { data },
    anchors: evidence.trust.timestampAnchors,
    revocation: revocationOf(evidence),
    at: evidence.trust.at,
    pool: evidence.embedded.pool,
  });
  const { signer, genTime, reasons } = verdict;
  const time = timeOf(verdict, evidence.existedAt);
  const path = pathOf(signer);
  const usage = reasons.filter((reason) => reason === 'signer-usage' || reason === 'no-anchor');
  return {
    kind: 'document-timestamp',
    subFilter: value.subFilter,
    integrity: finding(['valid', 'invalid'], reasons.filter(isOfIntegrity)),
    signer: signer === null ? null : { name: signer.name, certificate: signer.certificate },
    path: {
      status: usage.includes('signer-usage') ? 'notTrusted' : path.status,
      reasons: [...path.reasons, ...usage],
    },
    revocation: revocationFinding(signer),
    time: {
      ...time,
      by: time.status === 'proved' ? 'document-timestamp' : null,
      judgedAt: genTime ?? evidence.existedAt,
      claimed: claimedTime(dictionary),
    },
    level: { status: 'none', reasons: ['document-timestamp'] },
  };
}

/** Whose token it is, and when, are other questions. */
function isOfIntegrity(reason: TokenReason): boolean {
  return !reason.startsWith('signer-') && reason !== 'no-anchor' && reason !== 'time-in-future';
}
