import { polyglot } from '../../crypto/pdf/cursor.ts';
import { readPdf } from '../../crypto/pdf/read-file.ts';
import { newBudget, PdfRefused } from '../../crypto/pdf/values.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { type PdfFinding, walkPdf } from './walk.ts';

/** The structure is read from memory, so a PDF may be no larger than this. */
export const maxPdfBytes = 64 * 1024 * 1024;

/**
 * Looks through a whole PDF without changing it: a rewritten one would lose its signatures.
 * Time and memory are bounded by counts, and others are let run in between, so no worker thread is needed on any runtime.
 * Faults: document.active-content, document.encrypted, document.damaged, document.too-complex, document.extra-content,
 * document.not-what-it-says.
 */
export async function inspectPdf(bytes: Uint8Array): Promise<Result<readonly PdfFinding[]>> {
  const budget = newBudget();
  try {
    if (endsAsZip(bytes)) throw polyglot('zip');
    const findings = await walkPdf(await readPdf(bytes, budget), budget);
    return ok([...findings].sort());
  } catch (error) {
    if (error instanceof PdfRefused) return refuse(error.fault);
    throw error;
  }
}

/** A ZIP is read from its end: a file whose last bytes end a ZIP directory exactly is one too (APPNOTE 4.3.16). */
function endsAsZip(bytes: Uint8Array): boolean {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(-(22 + 0xffff));
  const mark = Buffer.from('PK\u0005\u0006', 'latin1');
  for (let at = tail.indexOf(mark); at !== -1; at = tail.indexOf(mark, at + 1)) {
    if (at + 22 <= tail.length && tail.readUInt16LE(at + 20) === tail.length - at - 22) return true;
  }
  return false;
}
