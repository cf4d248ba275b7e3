import { ok, type Result, refuse } from '../../result.ts';
import { type HistoryReason, type PdfRevision, readHistory } from './history.ts';
import { type PdfFile, readPdf } from './read-file.ts';
import { newBudget, PdfRefused } from './values.ts';
import { type PdfView, viewFrom } from './view.ts';

/** Why a file is not read at all; never what is wrong with a signature. */
export type PdfReason = 'pdf-too-large' | 'pdf-damaged' | 'pdf-encrypted' | 'pdf-too-complex';

/** The reader works in memory. */
const maxPdfBytes = 64 * 1024 * 1024;

/** Reads a PDF strictly and gives its newest view. */
export async function openPdf(bytes: Uint8Array): Promise<Result<PdfView, PdfReason>> {
  return openWith(bytes, (file) => ok(viewFrom(file, file.revisions.start)));
}

/** Reads a PDF strictly and gives all its revisions, oldest first. */
export async function openHistory(
  bytes: Uint8Array,
): Promise<Result<readonly PdfRevision[], PdfReason | HistoryReason>> {
  return openWith(bytes, readHistory);
}

async function openWith<T, F>(
  bytes: Uint8Array,
  read: (file: PdfFile) => Result<T, F>,
): Promise<Result<T, F | PdfReason>> {
  if (bytes.length > maxPdfBytes) return refuse('pdf-too-large');
  try {
    const file = await readPdf(bytes, newBudget());
    return file.trailers.some(({ entries }) => entries.has('Encrypt')) ? refuse('pdf-encrypted') : read(file);
  } catch (error) {
    if (!(error instanceof PdfRefused)) throw error;
    return refuse(error.fault.code === 'document.too-complex' ? 'pdf-too-complex' : 'pdf-damaged');
  }
}
