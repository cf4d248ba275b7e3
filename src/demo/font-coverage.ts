/** Which characters and which variation sequences a TrueType font can draw; no library answers the second question. */
export interface FontCoverage {
  hasCodePoint(codePoint: number): boolean;
  /** Is the pair in cmap format 14, default or not? Otherwise drawing it silently gives the base glyph. */
  hasVariation(codePoint: number, selector: number): boolean;
}

/** What can be drawn of a text, and what has to be said about the rest. */
export interface Drawable {
  readonly text: string;
  readonly remarks: readonly string[];
}

/** A character that the font lacks: the document is not made, rather than made with an empty box. */
export class MissingCharacterError extends Error {
  constructor(character: string, codePoint: number) {
    super(`The font cannot draw ${character} (${codePointName(codePoint)})`);
    this.name = 'MissingCharacterError';
  }
}

function isVariationSelector(codePoint: number): boolean {
  return (codePoint >= 0xfe00 && codePoint <= 0xfe0f) || (codePoint >= 0xe0100 && codePoint <= 0xe01ef);
}

/** Reduces a text to what the font has: unknown variations become the base form with a remark, 外字 a geta with its glyph. */
export function drawable(
  text: string,
  coverage: FontCoverage,
  glyphs: readonly { readonly codePoint: string; readonly glyph: string }[] = [],
): Drawable {
  let drawn = '';
  const remarks: string[] = [];
  let base = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (isVariationSelector(codePoint)) {
      if (coverage.hasVariation(base, codePoint)) drawn += character;
      else
        remarks.push(
          `「${String.fromCodePoint(base)}」は基本の字形で印字（正：${codePointName(base)} ${codePointName(codePoint)}）`,
        );
      continue;
    }
    base = codePoint;
    const glyph = glyphs.find((candidate) => candidate.codePoint === codePointName(codePoint))?.glyph;
    if (glyph !== undefined) {
      drawn += '〓';
      remarks.push(`「〓」は外字（文字情報基盤 ${glyph}）`);
    } else if (coverage.hasCodePoint(codePoint)) drawn += character;
    else throw new MissingCharacterError(character, codePoint);
  }
  return { text: drawn, remarks };
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
