import {
  type Cursor,
  hasText,
  isDigit,
  isRegular,
  isWhite,
  peek,
  skipSpace,
  takeInteger,
  takeKeyword,
} from './cursor.ts';
import { damaged, maxDepth, type PdfText, type PdfValue, spendLength, spendValues, tooComplex } from './values.ts';

const maxNameBytes = 1_024;
const maxTextBytes = 1024 * 1024;

/** One object of ISO 32000-2 §7.3, streams aside. Strict: what readers understand in different ways is refused. */
export function parseValue(cursor: Cursor, depth = 0): PdfValue {
  if (depth > maxDepth) throw tooComplex('depth');
  spendValues(cursor.budget, 1);
  skipSpace(cursor);
  const byte = peek(cursor);
  if (byte === 0x2f) return parseName(cursor);
  if (byte === 0x28) return parseLiteral(cursor);
  if (byte === 0x5b) return parseArray(cursor, depth);
  if (byte === 0x3c) return peek(cursor, 1) === 0x3c ? parseDictionary(cursor, depth) : parseHex(cursor);
  return parseWord(cursor);
}

/** §7.3.5: `#xx` stands for a byte, so `/J#61vaScript` is JavaScript. */
function parseName(cursor: Cursor): string {
  cursor.at += 1;
  const start = cursor.at;
  let name = '';
  for (let byte = peek(cursor); isRegular(byte); byte = peek(cursor)) {
    const escaped = byte === 0x23 ? hexPair(peek(cursor, 1), peek(cursor, 2)) : null;
    name += String.fromCharCode(escaped ?? byte ?? 0);
    cursor.at += escaped === null ? 1 : 3;
    if (cursor.at - start > maxNameBytes) throw damaged('name');
  }
  return name;
}

function hexPair(high: number | undefined, low: number | undefined): number | null {
  const [first, second] = [hexDigit(high), hexDigit(low)];
  return first === null || second === null ? null : first * 16 + second;
}

function hexDigit(byte: number | undefined): number | null {
  if (byte === undefined) return null;
  if (isDigit(byte)) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : null;
}

/** §7.3.4.2: balanced parentheses, a backslash takes the next byte with it. */
function parseLiteral(cursor: Cursor): PdfText {
  const start = cursor.at;
  let open = 0;
  for (let byte = peek(cursor); byte !== undefined; byte = peek(cursor)) {
    cursor.at += byte === 0x5c ? 2 : 1;
    if (byte === 0x28) open += 1;
    if (byte === 0x29) open -= 1;
    if (open === 0) return textOf(cursor, start);
    if (cursor.at - start > maxTextBytes) break;
  }
  throw damaged('string');
}

function parseHex(cursor: Cursor): PdfText {
  const start = cursor.at;
  cursor.at += 1;
  for (let byte = peek(cursor); byte !== undefined; byte = peek(cursor)) {
    cursor.at += 1;
    if (byte === 0x3e) return textOf(cursor, start);
    if ((hexDigit(byte) === null && !isWhite(byte)) || cursor.at - start > maxTextBytes) break;
  }
  throw damaged('hex-string');
}

function textOf(cursor: Cursor, start: number): PdfText {
  spendLength(cursor.budget, cursor.at - start);
  return { kind: 'text', empty: cursor.at - start === 2, source: cursor.bytes, start, end: cursor.at };
}

function parseArray(cursor: Cursor, depth: number): readonly PdfValue[] {
  cursor.at += 1;
  const items: PdfValue[] = [];
  for (;;) {
    skipSpace(cursor);
    if (peek(cursor) === 0x5d) {
      cursor.at += 1;
      return items;
    }
    items.push(parseValue(cursor, depth + 1));
  }
}

function parseDictionary(cursor: Cursor, depth: number): PdfValue {
  cursor.at += 2;
  const entries = new Map<string, PdfValue>();
  for (;;) {
    skipSpace(cursor);
    if (hasText(cursor, '>>')) {
      cursor.at += 2;
      return { kind: 'dictionary', entries, data: null };
    }
    if (peek(cursor) !== 0x2f) throw damaged('dictionary');
    const key = parseName(cursor);
    // Readers differ in which of two equal keys counts.
    if (entries.has(key)) throw damaged('duplicate-key');
    entries.set(key, parseValue(cursor, depth + 1));
  }
}

function parseWord(cursor: Cursor): PdfValue {
  const number = takeInteger(cursor);
  if (number !== null) {
    const generation = takeRestOfReference(cursor);
    return generation === null ? number : { kind: 'reference', number, generation };
  }
  if (takeKeyword(cursor, 'true')) return true;
  if (takeKeyword(cursor, 'false')) return false;
  if (takeKeyword(cursor, 'null')) return null;
  return parseNumber(cursor);
}

/** §7.3.10: behind `12` of `12 0 R`. */
function takeRestOfReference(cursor: Cursor): number | null {
  const start = cursor.at;
  skipSpace(cursor);
  const generation = takeInteger(cursor);
  if (generation !== null) {
    skipSpace(cursor);
    if (takeKeyword(cursor, 'R')) return generation;
  }
  cursor.at = start;
  return null;
}

function parseNumber(cursor: Cursor): number {
  const start = cursor.at;
  while (isRegular(peek(cursor)) && cursor.at - start < 64) cursor.at += 1;
  const written = String.fromCharCode(...cursor.bytes.subarray(start, cursor.at));
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(written)) throw damaged('token');
  return Number(written);
}
