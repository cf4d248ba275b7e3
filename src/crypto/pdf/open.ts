import { ok, type Result, refuse } from '../../result.ts';
import { type HistoryReason, type PdfRevision, readHistory } from './history.ts';
import { readPdf } from './read-file.ts';
import { newBudget, PdfRefused } from './values.ts';
import type { PdfView } from './view.ts';

/** Why a file is not read at all; never what is wrong with a signature. */
export type PdfReason = 'pdf-too-large' | 'pdf-damaged' | 'pdf-encrypted' | 'pdf-too-complex' | HistoryReason;

/** The reader works in memory. */
const maxPdfBytes = 64 * 1024 * 1024;

/** Reads a PDF strictly and gives its newest view: never of a file whose revisions nobody could judge later. */
export async function openPdf(bytes: Uint8Array): Promise<Result<PdfView, PdfReason>> {
  const history = await openHistory(bytes);
  if (!history.ok) return history;
  const newest = history.value.at(-1);
  return newest === undefined ? refuse('pdf-damaged') : ok(newest.view);
}

/** Reads a PDF strictly and gives all its revisions, oldest first. */
export async function openHistory(bytes: Uint8Array): Promise<Result<readonly PdfRevision[], PdfReason>> {
  if (bytes.length > maxPdfBytes) return refuse('pdf-too-large');
  try {
    const file = await readPdf(bytes, newBudget());
    const isEncrypted = file.trailers.some(({ entries }) => entries.has('Encrypt'));
    return isEncrypted ? refuse('pdf-encrypted') : readHistory(file);
  } catch (error) {
    if (!(error instanceof PdfRefused)) throw error;
    return refuse(error.fault.code === 'document.too-complex' ? 'pdf-too-complex' : 'pdf-damaged');
  }
}
