import { type Report, verdict } from './report.ts';

/** Whether a file is a PDF that carries a signature; judging that signature is another matter. */
export function pdfSignature(bytes: Uint8Array): 'present' | 'absent' {
  return isPdf(bytes) && latin1(bytes).includes('/ByteRange') ? 'present' : 'absent';
}

/** A PDF by itself: its outer form is looked at, its signature only reported. */
export function inspectPdf(bytes: Uint8Array): Report {
  const text = latin1(bytes);
  const isWhole = /startxref\s+\d+\s+%%EOF\s*$/.test(text.slice(-1024));
  const signature = pdfSignature(bytes);
  return {
    kind: 'pdf',
    verdicts: [
      verdict('structure', isWhole ? 'valid' : 'invalid', { reasons: isWhole ? [] : ['pdf-cut'] }),
      // Never "valid": nobody has looked whose signature it is, and without one nobody answers for the content.
      verdict('innerSignature', 'notChecked', {
        reasons: [signature === 'present' ? 'pdf-signature-not-checked' : 'pdf-signature-absent'],
      }),
    ],
    facts: { bytes: bytes.length, signature },
    remarks: [],
  };
}

export function isPdf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 5)) === '%PDF-';
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
