import type { TextContent } from 'pdfjs-dist/types/src/display/api.d.ts';

/** A page of a book has two thousand; a hostile one may have millions. */
const maxCharacters = 100_000;

/** The words of a page in the order in which the file has them, for those who do not see the canvas. */
export function textOf({ items }: TextContent): HTMLElement {
  const text = document.createElement('div');
  text.className = 'text';
  let line = '';
  let rest = maxCharacters;
  for (const item of items) {
    if (!('str' in item)) continue;
    line += item.str.slice(0, Math.max(0, rest));
    rest -= item.str.length;
    if (item.hasEOL || rest <= 0) {
      appendLine(text, line);
      line = '';
    }
    if (rest <= 0) break;
  }
  appendLine(text, line);
  return text;
}

function appendLine(text: HTMLElement, line: string): void {
  if (line.trim() === '') return;
  const paragraph = document.createElement('p');
  paragraph.textContent = line;
  text.append(paragraph);
}
