import { Unzlib } from 'fflate';
import {
  type Budget,
  damaged,
  integerOf,
  isArray,
  isDictionary,
  type PdfDictionary,
  PdfRefused,
  type PdfValue,
  spendInflated,
} from './values.ts';

const sliceBytes = 1024;

/**
 * The content of an object or cross-reference stream. Other filters than Flate are not used there in practice and are
 * refused, so that there is no second way to hide an object.
 */
export function decodeStream(bytes: Uint8Array, stream: PdfDictionary, budget: Budget): Uint8Array {
  if (stream.data === null) throw damaged('no-stream');
  const raw = bytes.subarray(stream.data.start, stream.data.end);
  const filter = onlyOf(stream.entries.get('Filter'));
  if (filter === null) return raw;
  if (filter !== 'FlateDecode') throw damaged('filter');
  const inflated = inflate(raw, budget);
  const parameters = onlyOf(stream.entries.get('DecodeParms'));
  if (parameters === null) return inflated;
  if (!isDictionary(parameters)) throw damaged('filter-parameters');
  return undoPredictor(inflated, parameters.entries);
}

/** Filters and their parameters come alone or as an array of one. */
function onlyOf(value: PdfValue | undefined): PdfValue {
  if (value === undefined) return null;
  if (!isArray(value)) return value;
  if (value.length > 1) throw damaged('filters');
  return value[0] ?? null;
}

function inflate(raw: Uint8Array, budget: Budget): Uint8Array {
  const pieces: Uint8Array[] = [];
  const stream = new Unzlib((piece) => {
    spendInflated(budget, piece.length);
    pieces.push(piece);
  });
  // In slices, so that a bomb is noticed after at most a thousand times one slice.
  for (let at = 0; at < raw.length; at += sliceBytes) {
    pushSlice(stream, raw.subarray(at, at + sliceBytes), at + sliceBytes >= raw.length);
  }
  const content = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let filled = 0;
  for (const piece of pieces) {
    content.set(piece, filled);
    filled += piece.length;
  }
  return content;
}

function pushSlice(stream: Unzlib, slice: Uint8Array, last: boolean): void {
  try {
    stream.push(slice, last);
  } catch (error) {
    // The library throws errors with a code of its own; a spent budget goes on as it is.
    if (error instanceof PdfRefused) throw error;
    throw damaged('deflate');
  }
}

/** ISO 32000-2 §7.4.4.4; the PNG kind only, one byte per sample: what writers use for cross-reference streams. */
function undoPredictor(data: Uint8Array, parameters: ReadonlyMap<string, PdfValue>): Uint8Array {
  const predictor = integerOf(parameters.get('Predictor') ?? 1);
  if (predictor === 1) return data;
  const columns = integerOf(parameters.get('Columns') ?? 1);
  const plain = [parameters.get('Colors') ?? 1, parameters.get('BitsPerComponent') ?? 8];
  if (predictor === null || predictor < 10 || columns === null || columns === 0 || columns > 65_536)
    throw damaged('predictor');
  if (plain[0] !== 1 || plain[1] !== 8) throw damaged('predictor');
  const rows = Math.ceil(data.length / (columns + 1));
  const output = new Uint8Array(rows * columns);
  let above = new Uint8Array(columns);
  for (let row = 0; row < rows; row++) {
    const from = row * (columns + 1);
    const into = output.subarray(row * columns, (row + 1) * columns);
    undoRow(data[from] ?? 0, { line: data.subarray(from + 1, from + 1 + columns), above, into });
    above = into;
  }
  return output;
}

interface Row {
  readonly line: Uint8Array;
  readonly above: Uint8Array;
  readonly into: Uint8Array;
}

/** PNG (ISO 15948) §9.2 */
function undoRow(type: number, { line, above, into }: Row): void {
  for (let at = 0; at < line.length; at++) {
    const left = at === 0 ? 0 : (into[at - 1] ?? 0);
    const up = above[at] ?? 0;
    const upLeft = at === 0 ? 0 : (above[at - 1] ?? 0);
    into[at] = (line[at] ?? 0) + predicted(type, { left, up, upLeft });
  }
}

function predicted(type: number, { left, up, upLeft }: { left: number; up: number; upLeft: number }): number {
  if (type === 0) return 0;
  if (type === 1) return left;
  if (type === 2) return up;
  if (type === 3) return (left + up) >> 1;
  if (type !== 4) throw damaged('predictor-row');
  const guess = left + up - upLeft;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - upLeft)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : upLeft;
}
