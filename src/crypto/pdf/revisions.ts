import { fault } from '../../faults.ts';
import { type CrossReference, parseTable, readSectionStream, type Section } from './cross-references.ts';
import { type Cursor, isWhite, peek, skipFew, skipSpace, takeInteger, takeKeyword } from './cursor.ts';
import { lastIndexOf } from './find-bytes.ts';
import { parseValue } from './parse-value.ts';
import {
  type Budget,
  damaged,
  integerOf,
  isDictionary,
  type PdfDictionary,
  PdfRefused,
  type PdfValue,
  tooComplex,
} from './values.ts';

const maxSections = 256;

/** All cross-reference sections that a reader follows from the end of the file, newest first. */
export interface Revisions {
  readonly sections: readonly Section[];
  /** The same sections by where `startxref`, /Prev or /XRefStm says they begin. */
  readonly byOffset: ReadonlyMap<number, Section>;
  /** Where the newest begins. */
  readonly start: number;
  /** By object number: where it lies or lay, newest first. */
  readonly offsets: ReadonlyMap<number, readonly number[]>;
}

/** Follows `startxref`, /Prev and, in hybrid files, /XRefStm. ISO 32000-2 §7.5.5, §7.5.8.4. */
export function readRevisions(bytes: Uint8Array, budget: Budget): Revisions {
  const byOffset = new Map<number, Section>();
  const start = findStart(bytes);
  const waiting = [start];
  for (let offset = waiting.shift(); offset !== undefined; offset = waiting.shift()) {
    // A chain that comes back to itself is a trick or broken.
    if (byOffset.has(offset)) throw damaged('xref-circle');
    const section = readSection(bytes, offset, budget);
    byOffset.set(offset, section);
    if (byOffset.size > maxSections) throw tooComplex('revisions');
    for (const key of ['XRefStm', 'Prev']) {
      const next = section.trailer.entries.get(key);
      if (next === undefined) continue;
      const at = integerOf(next);
      if (at === null || at >= bytes.length) throw damaged('xref-chain');
      waiting.push(at);
    }
  }
  const sections = [...byOffset.values()];
  return { sections, byOffset, start, offsets: offsetsOf(sections.flatMap(({ references }) => references)) };
}

function offsetsOf(references: readonly CrossReference[]): ReadonlyMap<number, readonly number[]> {
  const offsets = new Map<number, number[]>();
  for (const reference of references) {
    if (reference.kind !== 'offset') continue;
    const known = offsets.get(reference.number);
    if (known === undefined) offsets.set(reference.number, [reference.offset]);
    else known.push(reference.offset);
  }
  return offsets;
}

/** Where the newest section begins. Nothing but white space may follow the last `%%EOF`. */
function findStart(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && isWhite(bytes[end - 1])) end -= 1;
  const tail = String.fromCharCode(...bytes.subarray(Math.max(0, end - 128), end));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: white space of a PDF
  // oxlint-disable-next-line no-control-regex -- NUL is white space in a PDF
  const found = /startxref[\0\t\n\f\r ]+(\d{1,10})[\0\t\n\f\r ]+%%EOF$/.exec(tail);
  if (found !== null) return Number(found[1]);
  const lastMark = lastIndexOf(bytes, '%%EOF');
  if (lastMark === -1 || lastMark + 5 === end) throw damaged('startxref');
  throw new PdfRefused(fault('document.extra-content', { detail: 'pdf:after-eof' }));
}

function readSection(bytes: Uint8Array, offset: number, budget: Budget): Section {
  const cursor: Cursor = { bytes, at: offset, end: bytes.length, budget };
  skipFew(cursor);
  if (takeKeyword(cursor, 'xref')) return parseTable(cursor);
  takeObjectHeader(cursor);
  const stream = openStream(cursor, parseValue(cursor), integerOf);
  if (stream === null || stream.entries.get('Type') !== 'XRef') throw damaged('xref');
  return readSectionStream(bytes, stream, budget);
}

/** `12 0 obj` */
export function takeObjectHeader(cursor: Cursor): { readonly number: number; readonly generation: number } {
  const number = takeInteger(cursor);
  skipFew(cursor);
  const generation = takeInteger(cursor);
  skipFew(cursor);
  if (number === null || generation === null || !takeKeyword(cursor, 'obj')) throw damaged('object-header');
  return { number, generation };
}

/**
 * Behind a dictionary: its stream, if it has one, with the cursor moved behind `endstream`; null if it has none.
 * The length has to be right: a reader that corrects it may see other objects than we do. ISO 32000-2 §7.3.8.
 */
export function openStream(
  cursor: Cursor,
  value: PdfValue,
  lengthOf: (length: PdfValue, start: number) => number | null,
): PdfDictionary | null {
  if (!isDictionary(value)) return null;
  skipSpace(cursor);
  if (!takeKeyword(cursor, 'stream')) return null;
  if (peek(cursor) === 0x0d) cursor.at += 1;
  if (peek(cursor) !== 0x0a) throw damaged('stream');
  const start = cursor.at + 1;
  const length = lengthOf(value.entries.get('Length') ?? null, start);
  if (length === null) throw damaged('stream-length');
  cursor.at = start + length;
  if (!takeEndOfStream(cursor)) throw damaged('stream-length');
  return { ...value, data: { start, end: start + length } };
}

export function takeEndOfStream(cursor: Cursor): boolean {
  skipFew(cursor);
  return takeKeyword(cursor, 'endstream');
}
