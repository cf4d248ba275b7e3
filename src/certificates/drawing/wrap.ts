/** Characters that do not begin a line (JIS X 4051). */
const notFirst = '、。，．・：；？！）］｝」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ,.;:?!)]}';

/** Breaks a text into lines that fit: between words, and between any two characters of Japanese but before 、 and 」. */
export function wrapText(text: string, maxWidth: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n/)) {
    let line = '';
    for (const piece of piecesOf(paragraph)) {
      if (line !== '' && widthOf((line + piece).trimEnd()) > maxWidth) {
        lines.push(line.trimEnd());
        line = piece.trimStart();
      } else line += piece;
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
