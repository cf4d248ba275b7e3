import { fill, popGraphicsState, pushGraphicsState, rectangle, setFillingRgbColor } from 'pdf-lib';
import { type QrModules, qrModules, quietZone } from '../../web/qr-modules.ts';
import { type Sheet } from './sheet.ts';
import { drawMarked, newElement } from './structure.ts';

/** Readers want 0.4 mm for each square, and a code that is seen on paper is no smaller than 2 cm. */
const squarePoints = (0.4 * 72) / 25.4;
const minSidePoints = (22 * 72) / 25.4;

/** A QR code, and its side with its quiet zone in points. */
export interface Code extends QrModules {
  readonly side: number;
}

export function codeOf(text: string): Code {
  const modules = qrModules(text);
  return { ...modules, side: Math.max(squarePoints * (modules.size + 2 * quietZone), minSidePoints) };
}

/** Draws a QR code as rectangles, dark squares in a row as one: sharp at every size. */
export function drawCode(
  sheet: Sheet,
  { size, dark, side }: Code,
  at: { readonly x: number; readonly bottom: number; readonly label: string },
): void {
  const square = side / (size + 2 * quietZone);
  const element = newElement('Figure', at.label);
  sheet.structure.root.kids.push(element);
  const runs = Array.from({ length: size }, (_, row) => runsOf(dark.slice(row * size, (row + 1) * size), row)).flat();
  drawMarked(sheet.structure, { page: sheet.page, element }, () => {
    sheet.page.pushOperators(
      pushGraphicsState(),
      setFillingRgbColor(0, 0, 0),
      ...runs.map(({ row, from, length }) =>
        rectangle(
          at.x + (quietZone + from) * square,
          at.bottom + (quietZone + size - row - 1) * square,
          length * square,
          square,
        ),
      ),
      fill(),
      popGraphicsState(),
    );
  });
}

function runsOf(dark: readonly boolean[], row: number) {
  const runs: { row: number; from: number; length: number }[] = [];
  for (const [column, isDark] of dark.entries()) {
    const last = runs.at(-1);
    if (!isDark) continue;
    if (last !== undefined && last.from + last.length === column) last.length += 1;
    else runs.push({ row, from: column, length: 1 });
  }
  return runs;
}
