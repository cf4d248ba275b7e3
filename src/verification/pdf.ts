import type { PdfReport, PdfSignatureReport } from '../crypto/pdf/verify/report.ts';
import { verifyPdf } from '../crypto/pdf/verify/verify-pdf.ts';
import { closureRemarks, stateVerdict } from './certificate-state.ts';
import { type PaperCompanions, paperIn } from './paper.ts';
import { outcomeOf, type Report, type Verdict, verdict, type Word } from './report.ts';
import { timeText } from './time-text.ts';
import type { TrustMaterial } from './trust-material.ts';

/** Every signature and time stamp in a PDF, each with its own answers; without any, nobody answers for the content. */
export async function verifyPdfFile(bytes: Uint8Array, trust: TrustMaterial, paper: PaperCompanions): Promise<Report> {
  const report = await verifyPdf(bytes, {
    anchors: trust.seal,
    timestampAnchors: trust.time,
    revocation: trust.revocation,
    at: trust.at,
  });
  const { document, signatures } = report;
  const isWhole = document.status === 'read' && document.reasons.length === 0;
  const verdicts = [
    verdict('structure', isWhole ? 'valid' : 'invalid', { reasons: document.reasons }),
    ...(signatures.length === 0 && isWhole ? [unsigned] : signatures.flatMap(verdictsOn)),
  ];
  const state = await askState(bytes, verdicts, paper);
  return {
    kind: 'pdf',
    verdicts: [...verdicts, ...state.verdicts],
    facts: { bytes: bytes.length, revisions: report.revisions, signatures: signatures.map(factsOf) },
    remarks: [...signatures.filter(({ kind }) => kind === 'signature').map(levelOf), ...state.remarks],
  };
}

/** Of a certificate that is as a trusted school sealed it: whether it still counts. Of any other PDF nobody is asked. */
async function askState(
  bytes: Uint8Array,
  verdicts: readonly Verdict[],
  paper: PaperCompanions,
): Promise<Pick<Report, 'verdicts' | 'remarks'>> {
  const proof = outcomeOf(verdicts) === 'invalid' ? null : await paperIn(bytes);
  if (proof === null) return { verdicts: [], remarks: [] };
  // The PDF proves its content for good; where nobody can be asked that is told as a remark.
  if (paper.askState === null) return { verdicts: [], remarks: [`state-not-asked:/c/${proof.code}`] };
  const answered = await paper.askState(proof.code);
  return { verdicts: [stateVerdict(answered, proof)], remarks: closureRemarks(answered) };
}

/** Whether a file is a PDF that carries a signature, as far as can be seen without reading it. */
export function pdfSignature(bytes: Uint8Array): 'present' | 'absent' {
  return isPdf(bytes) && latin1(bytes).includes('/ByteRange') ? 'present' : 'absent';
}

export function isPdf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 5)) === '%PDF-';
}

const unsigned = verdict('innerSignature', 'notChecked', { reasons: ['pdf-signature-absent'] });

function verdictsOn(signature: PdfSignatureReport): readonly Verdict[] {
  const { field, kind, integrity, modifications } = signature;
  const question = kind === 'document-timestamp' ? 'documentTimestamp' : 'innerSignature';
  const signed = verdict(question, integrity.status, { about: field, reasons: integrity.reasons });
  // Of a broken signature nobody is the signer, and no time is proved.
  if (integrity.status === 'invalid' || modifications === null) return [signed];
  const isKept = modifications.status !== 'notAllowed';
  return [
    signed,
    verdict('changes', isKept ? 'valid' : 'invalid', {
      about: modifications.changes.join(' ') || null,
      reasons: modifications.reasons,
    }),
    signerVerdict(signature),
    pdfTimeVerdict(signature),
  ];
}

function signerVerdict({ signer, path, revocation }: PdfSignatureReport): Verdict {
  const isRefused = path.status === 'notTrusted' || revocation.status === 'revoked';
  const isTrusted = path.status === 'trusted' && revocation.status === 'good';
  const word: Word = isRefused ? 'invalid' : isTrusted ? 'valid' : 'notChecked';
  const status = revocation.status === 'good' || path.status !== 'trusted' ? [] : [revocation.status];
  const reasons = [...path.reasons, ...status, ...revocation.reasons.filter((reason) => reason !== 'listed')];
  return verdict('issuer', word, { about: signer?.name ?? null, reasons });
}

/** A signature without time stamp may be good; when it was made nobody knows. */
function pdfTimeVerdict({ time }: PdfSignatureReport): Verdict {
  if (time.status === 'proved') return verdict('time', 'valid', { about: timeText(time.judgedAt) });
  if (time.status === 'absent') return verdict('time', 'notChecked', { reasons: ['time-absent'] });
  return verdict('time', time.status, { reasons: time.reasons });
}

function levelOf({ field, level }: PdfSignatureReport): string {
  return `pdf-level:${field} ${level.status}`;
}

function factsOf(signature: PdfSignatureReport): Readonly<Record<string, unknown>> {
  const { field, kind, subFilter, coverage, modifications, signer, time, level }: PdfReport['signatures'][number] =
    signature;
  return {
    field,
    kind,
    subFilter,
    level: level.status,
    levelReasons: level.reasons,
    covers: coverage.status,
    changes: modifications?.changes ?? [],
    signer: signer?.name ?? null,
    claimedTime: time.claimed,
    judgedAt: time.judgedAt,
    countsUntil: time.countsUntil,
  };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
