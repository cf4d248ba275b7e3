import { ok, type Result, refuse } from '../../result.ts';

/** Which characters and which variation sequences a TrueType font can draw; no library answers the second question. */
export interface FontCoverage {
  hasCodePoint(codePoint: number): boolean;
  /** Is the pair in cmap format 14, default or not? Otherwise drawing it silently gives the base glyph. */
  hasVariation(codePoint: number, selector: number): boolean;
}

/** What is printed otherwise than it is written, and has to be said on the document. */
export type DrawingRemark =
  /** The font has the character and not this shape of it. */
  | { readonly kind: 'baseForm'; readonly character: string; readonly codePoints: string }
  /** A private-use character, printed as a geta. */
  | { readonly kind: 'private'; readonly glyph: string };

/** What can be drawn of a text, and what has to be said about the rest. */
export interface Drawable {
  readonly text: string;
  readonly remarks: readonly DrawingRemark[];
}

/** A character that the font lacks: the document is not made, rather than made with an empty box. */
export interface MissingCharacter {
  readonly character: string;
  /** `U+2A700` */
  readonly codePoint: string;
}

function isVariationSelector(codePoint: number): boolean {
  return (codePoint >= 0xfe00 && codePoint <= 0xfe0f) || (codePoint >= 0xe0100 && codePoint <= 0xe01ef);
}

function isPrivate(codePoint: number): boolean {
  return (codePoint >= 0xe000 && codePoint <= 0xf8ff) || codePoint >= 0xf0000;
}

/**
 * Reduces a text to what the font has: an unknown variation becomes the base form with a remark, a private-use character
 * whose glyph is known a geta with its name. What else the font lacks refuses the text.
 */
export function drawable(
  text: string,
  coverage: FontCoverage,
  glyphs: readonly { readonly codePoint: string; readonly glyph: string }[] = [],
): Result<Drawable, MissingCharacter> {
  let drawn = '';
  const remarks: DrawingRemark[] = [];
  let base = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (isVariationSelector(codePoint) && base !== 0) {
      if (coverage.hasVariation(base, codePoint)) drawn += character;
      else {
        const codePoints = `${codePointName(base)} ${codePointName(codePoint)}`;
        remarks.push({ kind: 'baseForm', character: String.fromCodePoint(base), codePoints });
      }
      continue;
    }
    base = codePoint;
    const glyph = glyphs.find((candidate) => candidate.codePoint === codePointName(codePoint))?.glyph;
    if (glyph !== undefined) {
      drawn += '〓';
      remarks.push({ kind: 'private', glyph });
    } else if (coverage.hasCodePoint(codePoint) && !isPrivate(codePoint)) drawn += character;
    else return refuse({ character, codePoint: codePointName(codePoint) });
  }
  return ok({ text: drawn, remarks });
}

/** Reads format 14 out of the font itself. OpenType 1.9, cmap, "Subtable format 14". */
export function variationSequences(font: Uint8Array): (codePoint: number, selector: number) => boolean {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const subtable = findFormat14(view);
  const ranges = new Map<number, readonly (readonly [from: number, to: number])[]>();
  if (subtable === null) return () => false;
  for (let index = 0; index < view.getUint32(subtable + 6); index += 1) {
    const record = subtable + 10 + index * 11;
    const pairs: (readonly [number, number])[] = [];
    const defaults = view.getUint32(record + 3);
    const others = view.getUint32(record + 7);
    if (defaults !== 0) pairs.push(...readDefaults(view, subtable + defaults));
    if (others !== 0) pairs.push(...readOthers(view, subtable + others));
    ranges.set(uint24(view, record), pairs);
  }
  return (codePoint, selector) =>
    (ranges.get(selector) ?? []).some(([from, to]) => codePoint >= from && codePoint <= to);
}

function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

function findFormat14(view: DataView): number | null {
  for (let index = 0; index < view.getUint16(4); index += 1) {
    const entry = 12 + index * 16;
    if (view.getUint32(entry) !== 0x636d6170) continue; // 'cmap'
    const table = view.getUint32(entry + 8);
    for (let sub = 0; sub < view.getUint16(table + 2); sub += 1) {
      const offset = table + view.getUint32(table + 4 + sub * 8 + 4);
      if (view.getUint16(offset) === 14) return offset;
    }
  }
  return null;
}

function readDefaults(view: DataView, at: number): (readonly [number, number])[] {
  return Array.from({ length: view.getUint32(at) }, (_, index) => {
    const from = uint24(view, at + 4 + index * 4);
    return [from, from + view.getUint8(at + 4 + index * 4 + 3)] as const;
  });
}

function readOthers(view: DataView, at: number): (readonly [number, number])[] {
  return Array.from({ length: view.getUint32(at) }, (_, index) => {
    const codePoint = uint24(view, at + 4 + index * 5);
    return [codePoint, codePoint] as const;
  });
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at) * 256 + view.getUint8(at + 2);
}
