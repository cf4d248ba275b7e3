/** Characters that do not begin a line (JIS X 4051). */
const notFirst = '、。，．・：；？！）］｝」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:?!)]}';

/**
 * Breaks a text into lines that fit: between words, and between any two characters of Japanese but before 、 and 」.
 *
 * @param widthOf - of a piece; a line is as wide as its pieces, since they are drawn by the widths of glyphs, without kerning
 */
export function wrapText(text: string, maxWidth: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n/)) {
    let [line, width] = ['', 0];
    for (const piece of piecesOf(paragraph)) {
      if (line !== '' && width + widthOf(piece.trimEnd()) > maxWidth) {
        lines.push(line.trimEnd());
        line = piece.trimStart();
        width = widthOf(line);
      } else {
        line += piece;
        width += widthOf(piece);
      }
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** What is never broken: a word with the blank behind it, a character with its variation selector and what may not begin a line. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const last = pieces.at(-1);
    const joins = last !== undefined && (notFirst.includes(segment) || (isWord(segment) && isWord(last.at(-1) ?? '')));
    if (joins || (segment === ' ' && last !== undefined)) pieces[pieces.length - 1] = `${last}${segment}`;
    else pieces.push(segment);
  }
  return pieces;
}

const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });

function isWord(text: string): boolean {
  return /^[\p{Script=Latin}\p{N}'’\-/]$/u.test(text);
}
