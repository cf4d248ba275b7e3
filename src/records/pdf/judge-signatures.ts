import type { PdfReport, PdfSignatureReport, PdfTrust } from '../../crypto/pdf/verify/report.ts';
import { verifyPdf } from '../../crypto/pdf/verify/verify-pdf.ts';

/** What became of the signatures inside a PDF, the worst of them; codes that stay. */
export const signatureFindings = [
  /** Whole, unchanged, by somebody on the trust list. */
  'pdf.signature-valid',
  /** Good for what was signed, and something else is shown now; or a signature was taken out or hidden. */
  'pdf.signature-changed',
  /** No signature over this content, or none whose content can be told. */
  'pdf.signature-broken',
  /** Whole, by somebody whom the trust list does not know, whose certificate had ended, or was revoked. */
  'pdf.signature-untrusted',
  /** Nothing is wrong, and not everything could be asked: revocation, time, or it would have taken too long. */
  'pdf.signature-not-checked',
] as const;
export type SignatureFinding = (typeof signatureFindings)[number];

/** Counts bound the work; this bounds how long an uploader waits for a responder that somebody else runs. */
const maxMilliseconds = 10_000;

/** Verifies what is signed inside a PDF, as whoever receives it would. Never throws for what a file holds. */
export async function judgeSignatures(bytes: Uint8Array, trust: PdfTrust): Promise<SignatureFinding> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), maxMilliseconds);
  });
  const report = await Promise.race([verifyPdf(bytes, trust), late]).finally(() => clearTimeout(timer));
  return report === null ? 'pdf.signature-not-checked' : findingOf(report);
}

function findingOf({ document, signatures }: PdfReport): SignatureFinding {
  if (document.reasons.includes('signature-hidden')) return 'pdf.signature-changed';
  if (document.reasons.some(isOfSize)) return 'pdf.signature-not-checked';
  if (document.status === 'refused' || signatures.length === 0) return 'pdf.signature-broken';
  const found = signatures.map(oneOf);
  return worstFirst.find((finding) => found.includes(finding)) ?? 'pdf.signature-valid';
}

const worstFirst: readonly SignatureFinding[] = [
  'pdf.signature-changed',
  'pdf.signature-broken',
  'pdf.signature-untrusted',
  'pdf.signature-not-checked',
];

function oneOf({ integrity, modifications, path, revocation, time }: PdfSignatureReport): SignatureFinding {
  if (modifications?.status === 'notAllowed') return 'pdf.signature-changed';
  if (integrity.status === 'invalid' || modifications === null) return 'pdf.signature-broken';
  if (revocation.status === 'revoked') return 'pdf.signature-untrusted';
  // Nobody is asked about a time stamp that proves nothing: the signer may have been good when it was made.
  if (time.status === 'notChecked' || time.status === 'invalid') return 'pdf.signature-not-checked';
  if (path.status === 'notTrusted') return 'pdf.signature-untrusted';
  return path.status === 'trusted' && revocation.status === 'good'
    ? 'pdf.signature-valid'
    : 'pdf.signature-not-checked';
}

function isOfSize(reason: PdfReport['document']['reasons'][number]): boolean {
  return reason === 'pdf-too-large' || reason === 'pdf-too-complex' || reason === 'too-many-signatures';
}
