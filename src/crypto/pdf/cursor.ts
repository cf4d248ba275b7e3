import { fault } from '../../faults.ts';
import { type Budget, damaged, PdfRefused, spendLength } from './values.ts';

/** A place in bytes; reading moves it. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  readonly budget: Budget;
}

const maxCommentBytes = 4_096;

// ISO 32000-2 §7.2.3, tables 1 and 2
const classes = new Uint8Array(256);
for (const byte of [0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]) classes[byte] = 1;
for (const mark of '()<>[]{}/%') classes[mark.charCodeAt(0)] = 2;

export function isWhite(byte: number | undefined): boolean {
  return byte !== undefined && classes[byte] === 1;
}

export function isRegular(byte: number | undefined): boolean {
  return byte !== undefined && classes[byte] === 0;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** The byte here, without moving; undefined at the end. */
export function peek({ bytes, at, end }: Cursor, ahead = 0): number | undefined {
  return at + ahead < end ? bytes[at + ahead] : undefined;
}

/** Past white space and comments. */
export function skipSpace(cursor: Cursor): void {
  const start = cursor.at;
  for (;;) {
    const byte = peek(cursor);
    if (byte === 0x25) skipComment(cursor);
    else if (isWhite(byte)) cursor.at += 1;
    else break;
  }
  spendLength(cursor.budget, cursor.at - start);
}

/** Past white space alone, and not far: for places that a file may name again and again. */
export function skipFew(cursor: Cursor): void {
  for (let count = 0; count < 16 && isWhite(peek(cursor)); count++) cursor.at += 1;
}

/** A comment is the one place where a PDF may carry another format in the open (U-07), so it must be short and plain. */
function skipComment(cursor: Cursor): void {
  const start = cursor.at;
  for (let byte = peek(cursor); byte !== undefined && byte !== 0x0a && byte !== 0x0d; byte = peek(cursor)) {
    // `<` and a letter, `!`, `?` or `/`: markup
    if (byte === 0x3c && startsMarkup(peek(cursor, 1))) throw polyglot('markup');
    cursor.at += 1;
    if (cursor.at - start > maxCommentBytes) throw damaged('comment');
  }
}

function startsMarkup(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z!?/]/.test(String.fromCharCode(byte));
}

export function polyglot(detail: string): PdfRefused {
  return new PdfRefused(
    fault('document.not-what-it-says', { params: { type: 'application/pdf' }, detail: `polyglot:${detail}` }),
  );
}

/** Moves past a keyword if it stands here and ends here. */
export function takeKeyword(cursor: Cursor, keyword: string): boolean {
  if (!hasText(cursor, keyword) || isRegular(peek(cursor, keyword.length))) return false;
  cursor.at += keyword.length;
  return true;
}

export function hasText(cursor: Cursor, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (peek(cursor, index) !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** Moves past an unsigned integer of at most ten digits; null, and unmoved, if there is none. */
export function takeInteger(cursor: Cursor): number | null {
  let value = 0;
  let length = 0;
  let byte = peek(cursor);
  while (byte !== undefined && isDigit(byte)) {
    value = value * 10 + (byte - 0x30);
    length += 1;
    if (length > 10) return null;
    byte = peek(cursor, length);
  }
  if (length === 0 || isRegular(byte)) return null;
  cursor.at += length;
  return value;
}
