import { ok, type Result, refuse } from '../../result.ts';
import type { EndMark, PdfFile } from './read-file.ts';
import { integerOf, tooComplex } from './values.ts';
import { type PdfView, startOf, viewFrom } from './view.ts';

/** One revision: the bytes it added, and the document as it stood then. */
export interface PdfRevision {
  /** Behind the end of the one before; 0 for the first. */
  readonly start: number;
  /** Behind its `%%EOF`. */
  readonly end: number;
  readonly view: PdfView;
}

/** Why nobody can say what an older revision was. */
export type HistoryReason = 'pdf-hybrid' | 'xref-off-chain' | 'revisions-tangled' | 'reference-ahead';

const maxPlaces = 2_000_000;

/**
 * The revisions of a file, oldest first. Each ends with a mark whose cross-references lead on to those of the mark before;
 * there are no others in the file, and none names what only came later: so each revision is what its readers saw.
 * @throws {PdfRefused}
 */
export function readHistory(file: PdfFile): Result<readonly PdfRevision[], HistoryReason> {
  // Readers that do not know streams see another document in such a file (ISO 32000-2 §7.5.8.4).
  if (file.trailers.some(({ entries }) => entries.has('XRefStm'))) return refuse('pdf-hybrid');
  const { byOffset, start: newest } = file.revisions;
  const chain = new Set([...byOffset.keys()].map((offset) => startOf(file, offset)));
  if (file.sectionOffsets.some((offset) => !chain.has(offset))) return refuse('xref-off-chain');
  const revisions: PdfRevision[] = [];
  let sections = 0;
  let places = 0;
  for (const mark of marksOf(file)) {
    const last = revisions.at(-1);
    const own = ownSections(file, mark, last);
    if (own === null) return refuse('revisions-tangled');
    sections += own.length;
    const view = viewFrom(file, mark.start);
    places += view.places.size;
    if (places > maxPlaces) throw tooComplex('revisions');
    if ([...view.places.values()].some(({ offset }) => offset >= mark.end)) return refuse('reference-ahead');
    revisions.push({ start: last?.end ?? 0, end: mark.end, view });
  }
  const isWhole = sections === byOffset.size && revisions.at(-1)?.view.start === newest;
  return isWhole ? ok(revisions) : refuse('revisions-tangled');
}

/** A linearised file says `startxref 0` behind its first part, which ends nothing (Annex F). */
function marksOf({ ends }: PdfFile): readonly EndMark[] {
  return ends[0]?.start === 0 ? ends.slice(1) : ends;
}

/** The sections from a mark to those of the revision before, newest first; null when they are not just its own. */
function ownSections({ revisions }: PdfFile, mark: EndMark, last: PdfRevision | undefined): readonly number[] | null {
  const own: number[] = [];
  for (let at: number | null = mark.start; at !== (last?.view.start ?? null); ) {
    const section = at === null ? undefined : revisions.byOffset.get(at);
    if (at === null || section === undefined) return null;
    own.push(at);
    at = integerOf(section.trailer.entries.get('Prev'));
  }
  const isInside = own.every((offset) => offset >= (last?.end ?? 0) && offset < mark.end);
  // Only a linearised file has two sections in one revision, its first.
  return isInside && own.length > 0 && (last === undefined || own.length === 1) ? own : null;
}
