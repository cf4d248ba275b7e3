import { integerOf, type PdfDictionary } from './values.ts';
import type { PdfView } from './view.ts';
import { bytesText, dictionaryOf, textBytes, valueText } from './write-value.ts';

/** An object for a new revision: one more, or one in place of another. */
export interface NewObject {
  readonly number: number;
  readonly generation?: number;
  /** What stands between `obj` and `endobj`. */
  readonly body: Uint8Array | string;
}

export interface Appended {
  readonly bytes: Uint8Array;
  /** Where the body of each object begins, by number. */
  readonly bodies: ReadonlyMap<number, number>;
}

/** The number that the first new object may have. */
export function nextNumber({ trailer, places }: PdfView): number {
  const size = integerOf(trailer.entries.get('Size')) ?? 0;
  return [...places.keys()].reduce((next, number) => Math.max(next, number + 1), size);
}

/** A stream object's body, its content as it is. */
export function streamBody(content: Uint8Array): Uint8Array {
  return joined([`<< /Length ${content.length} >>\nstream\n`, content, '\nendstream']);
}

/**
 * The file with one more revision behind it; what was there stays, byte for byte (ISO 32000-2 §7.5.6). The
 * cross-references take the form of those before, a table or a stream.
 */
export function appendRevision(view: PdfView, objects: readonly NewObject[]): Appended {
  const { bytes, revisions } = view.file;
  const parts: (Uint8Array | string)[] = [bytes];
  let length = bytes.length;
  function put(part: Uint8Array | string): void {
    parts.push(part);
    length += part.length;
  }
  if (bytes.at(-1) !== 0x0a) put('\n');
  const rows = new Map<number, Row>();
  const bodies = new Map<number, number>();
  for (const { number, generation = 0, body } of objects) {
    rows.set(number, { offset: length, generation });
    put(`${number} ${generation} obj\n`);
    bodies.set(number, length);
    put(body);
    put('\nendobj\n');
  }
  const next = Math.max(nextNumber(view), ...[...rows.keys()].map((number) => number + 1));
  const start = length;
  put(view.trailer.data === null ? tableText(rows, trailerOf(view, next)) : streamSection(view, rows, { next, start }));
  put(`startxref\n${start}\n%%EOF\n`);
  if (revisions.start >= start) throw new Error('a revision cannot precede the one before it');
  return { bytes: joined(parts), bodies };
}

interface Row {
  readonly offset: number;
  readonly generation: number;
}

/** The entries that stay from one revision to the next; /ID too, whose second half is only advice (§14.4). */
function trailerOf({ trailer, file }: PdfView, size: number): PdfDictionary {
  const kept = [...trailer.entries].filter(([key]) => key === 'Root' || key === 'Info' || key === 'ID');
  return dictionaryOf({ ...Object.fromEntries(kept), Size: size, Prev: file.revisions.start });
}

function tableText(rows: ReadonlyMap<number, Row>, trailer: PdfDictionary): string {
  const sections = [...rows]
    .sort(([left], [right]) => left - right)
    .map(([number, { offset, generation }]) => `${number} 1\n${digits(offset, 10)} ${digits(generation, 5)} n \n`);
  return `xref\n${sections.join('')}trailer\n${valueText(trailer)}\n`;
}

/** A cross-reference stream (§7.5.8), which lists itself too. */
function streamSection(view: PdfView, rows: ReadonlyMap<number, Row>, at: { next: number; start: number }): string {
  const all = [...rows, [at.next, { offset: at.start, generation: 0 }] as const];
  const content = all.map(([, row]) => `\u0001${bigEndian(row.offset, 5)}${bigEndian(row.generation, 2)}`).join('');
  const trailer = trailerOf(view, at.next + 1);
  const dictionary = dictionaryOf({
    Type: 'XRef',
    W: [1, 5, 2],
    Index: all.flatMap(([number]) => [number, 1]),
    ...Object.fromEntries(trailer.entries),
    Length: content.length,
  });
  return `${at.next} 0 obj\n${valueText(dictionary)}\nstream\n${content}\nendstream\nendobj\n`;
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function bigEndian(value: number, width: number): string {
  const octets = Array.from({ length: width }, (_, index) => Math.floor(value / 256 ** (width - 1 - index)) % 256);
  return bytesText(Uint8Array.from(octets));
}

function joined(parts: readonly (Uint8Array | string)[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(typeof part === 'string' ? textBytes(part) : part, at);
    at += part.length;
  }
  return whole;
}
