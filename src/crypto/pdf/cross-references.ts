import { type Cursor, isRegular, peek, skipSpace, takeInteger, takeKeyword } from './cursor.ts';
import { decodeStream } from './decode-stream.ts';
import { parseValue } from './parse-value.ts';
import {
  type Budget,
  damaged,
  integerOf,
  isArray,
  isDictionary,
  type PdfDictionary,
  type PdfValue,
  spendValues,
} from './values.ts';

/** Where an object is said to lie: at an offset of the file, at a place in an object stream, or nowhere any more. */
export type CrossReference =
  | { readonly kind: 'free'; readonly number: number }
  | { readonly kind: 'offset'; readonly number: number; readonly generation: number; readonly offset: number }
  | { readonly kind: 'inside'; readonly number: number; readonly container: number; readonly index: number };

/** One cross-reference section: a table with its trailer, or a stream. ISO 32000-2 §7.5.4, §7.5.8. */
export interface Section {
  readonly references: readonly CrossReference[];
  readonly trailer: PdfDictionary;
}

/** A table; the cursor stands behind the keyword `xref`. */
export function parseTable(cursor: Cursor): Section {
  const references: CrossReference[] = [];
  for (;;) {
    skipSpace(cursor);
    if (takeKeyword(cursor, 'trailer')) break;
    const first = takeInteger(cursor);
    skipSpace(cursor);
    const count = takeInteger(cursor);
    if (first === null || count === null) throw damaged('xref-subsection');
    for (let index = 0; index < count; index++) {
      references.push(parseEntry(cursor, first + index));
    }
  }
  const trailer = parseValue(cursor);
  if (!isDictionary(trailer)) throw damaged('trailer');
  return { references, trailer };
}

function parseEntry(cursor: Cursor, number: number): CrossReference {
  spendValues(cursor.budget, 1);
  skipSpace(cursor);
  const offset = takeInteger(cursor);
  skipSpace(cursor);
  const generation = takeInteger(cursor);
  skipSpace(cursor);
  const type = peek(cursor);
  if (offset === null || generation === null || isRegular(peek(cursor, 1))) throw damaged('xref-entry');
  cursor.at += 1;
  if (type === 0x66) return { kind: 'free', number };
  if (type !== 0x6e) throw damaged('xref-entry');
  return { kind: 'offset', number, generation, offset };
}

/** The section that a cross-reference stream holds. */
export function readSectionStream(bytes: Uint8Array, stream: PdfDictionary, budget: Budget): Section {
  const widths = integers(stream.entries.get('W'));
  const size = integerOf(stream.entries.get('Size'));
  if (widths.length < 3 || widths.length > 8 || widths.some((width) => width > 6) || size === null)
    throw damaged('xref-stream');
  const index = stream.entries.has('Index') ? integers(stream.entries.get('Index')) : [0, size];
  if (index.length % 2 !== 0) throw damaged('xref-stream');
  const data = decodeStream(bytes, stream, budget);
  const rowBytes = widths.reduce((sum, width) => sum + width, 0);
  const references: CrossReference[] = [];
  let at = 0;
  for (let pair = 0; pair < index.length; pair += 2) {
    const [first = 0, count = 0] = index.slice(pair, pair + 2);
    for (let row = 0; row < count; row++, at += rowBytes) {
      spendValues(budget, 1);
      if (rowBytes === 0 || at + rowBytes > data.length) throw damaged('xref-stream');
      references.push(referenceOf(fieldsOf(data, { at, widths }), first + row));
    }
  }
  return { references, trailer: stream };
}

/** §7.5.8.3, table 18; unknown types stand for null. */
function referenceOf(
  [type = null, second = null, third = null]: readonly (number | null)[],
  number: number,
): CrossReference {
  const [kind, field2, field3] = [type ?? 1, second ?? 0, third ?? 0];
  if (kind === 1) return { kind: 'offset', number, offset: field2, generation: field3 };
  if (kind === 2) return { kind: 'inside', number, container: field2, index: field3 };
  return { kind: 'free', number };
}

/** Big-endian fields; null for a field of width 0. */
function fieldsOf(
  data: Uint8Array,
  row: { readonly at: number; readonly widths: readonly number[] },
): readonly (number | null)[] {
  let { at } = row;
  return row.widths.map((width) => {
    if (width === 0) return null;
    let value = 0;
    for (let byte = 0; byte < width; byte++, at++) value = value * 256 + (data[at] ?? 0);
    return value;
  });
}

function integers(value: PdfValue | undefined): readonly number[] {
  if (!isArray(value)) throw damaged('xref-stream');
  return value.map((item) => {
    const integer = integerOf(item);
    if (integer === null) throw damaged('xref-stream');
    return integer;
  });
}
