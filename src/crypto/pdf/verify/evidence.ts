import { endOfEvidence } from '../../algorithm-suites.ts';
import type { SignerVerdict } from '../../signer-verdict.ts';
import { endedBy, type TimestampVerdict } from '../../timestamp-token.ts';
import { type PathReason } from '../../x509/path.ts';
import { combineSources, type RevocationReason, type RevocationSource } from '../../x509/revocation.ts';
import { textOf } from '../form.ts';
import type { PdfDictionary } from '../values.ts';
import { type Embedded } from './embedded.ts';
import type { Finding, PdfSignatureReport, PdfTime, PdfTrust } from './report.ts';

/** What one signature is judged by. */
export interface Evidence {
  readonly trust: PdfTrust;
  readonly embedded: Embedded;
  /** When the signature certainly existed: now, or when a document time stamp was put on top of it. */
  readonly existedAt: Date;
  readonly existedBy: 'now' | 'document-timestamp';
}

/** What the document brings along, and what the caller knows: one "revoked" wins. */
export function revocationOf({ trust, embedded }: Evidence): RevocationSource {
  return embedded.statements === 0 ? trust.revocation : combineSources([embedded.revocation, trust.revocation]);
}

const maxSkewMilliseconds = 5 * 60 * 1000;

/**
 * Whether a time stamp proves its time now. Neither its authority's certificate nor its algorithm must have ended before
 * somebody else's time stamp was put on top of it: a key that is no longer guarded, or can be found out, could have dated
 * anything back.
 */
export function timeOf(
  verdict: TimestampVerdict,
  existedAt: Date,
): Pick<PdfTime, 'status' | 'reasons' | 'countsUntil'> {
  const { genTime, signer } = verdict;
  if (verdict.status !== 'valid' || genTime === null || signer === null) {
    const status = verdict.status === 'valid' ? 'invalid' : verdict.status;
    return { status, reasons: verdict.reasons, countsUntil: null };
  }
  if (genTime.getTime() > existedAt.getTime() + maxSkewMilliseconds)
    return { status: 'invalid', reasons: ['time-order'], countsUntil: null };
  const countsUntil = endOfEvidence(signer.path.path).at;
  const ended = endedBy(signer, existedAt);
  if (ended !== null) return { status: 'notChecked', reasons: [ended], countsUntil };
  return { status: 'proved', reasons: [], countsUntil };
}

/** The path by itself: what is wrong with it, revocation aside. */
export function pathOf(signer: SignerVerdict | null): PdfSignatureReport['path'] {
  if (signer === null) return { status: 'notChecked', reasons: [] };
  const reasons: PdfSignatureReport['path']['reasons'][number][] = signer.path.reasons
    .map(({ code }) => code)
    .filter((code) => !isOfRevocation(code));
  if (signer.status === 'algorithmNotAllowed' && reasons.length === 0) reasons.push('algorithm-not-allowed');
  const end = endOfEvidence(signer.path.path);
  if (end.because === 'algorithm' && end.at < signer.path.at) reasons.push('algorithm-ended');
  return { status: reasons.length === 0 ? 'trusted' : 'notTrusted', reasons: [...new Set(reasons)] };
}

export function revocationFinding(signer: SignerVerdict | null): PdfSignatureReport['revocation'] {
  if (signer === null) return { status: 'notChecked', reasons: [] };
  const faults = signer.path.reasons.filter(({ code }) => isOfRevocation(code));
  // Sound: for these two codes the path's detail is the source's reason.
  const reasons = faults.flatMap(({ detail }) => (detail === undefined ? [] : [detail as RevocationReason]));
  return { status: signer.path.revocation, reasons: [...new Set(reasons)] };
}

/** What the signature dictionary says of the time. */
export function claimedTime({ entries }: PdfDictionary): string | null {
  return textOf(entries.get('M') ?? null);
}

export function finding<Status, Reason>(
  statuses: readonly [best: Status, worst: Status],
  reasons: readonly Reason[],
): Finding<Status, Reason> {
  return { status: reasons.length === 0 ? statuses[0] : statuses[1], reasons };
}

function isOfRevocation(code: PathReason): boolean {
  return code === 'revoked' || code === 'revocation-unknown';
}
