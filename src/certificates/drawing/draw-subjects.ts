import { drawRow, ink, innerWidth, margin, type Sheet } from './sheet.ts';
import { drawArtifact, newElement } from './structure.ts';

/** Shares of the width: year, subject, credits, grade. */
const shares = [16, 54, 15, 15];

/** A table of what was learned; its first row are the headers. */
export function drawSubjects(sheet: Sheet, rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) return;
  sheet.y -= 10;
  const table = newElement('Table');
  sheet.structure.root.kids.push(table);
  for (const [index, row] of rows.entries()) {
    const within = newElement('TR');
    table.kids.push(within);
    const tag = index === 0 ? 'TH' : 'TD';
    drawRow(
      sheet,
      row.map((text, column) => ({ text, style: { size: 9, tag, within, ...placeOf(column) } })),
    );
    drawRule(sheet);
  }
}

function placeOf(column: number): { readonly x: number; readonly width: number } {
  const before = shares.slice(0, column).reduce((sum, share) => sum + share, 0);
  return { x: margin + (innerWidth * before) / 100, width: (innerWidth * (shares[column] ?? 0)) / 100 - 6 };
}

function drawRule({ page, y }: Sheet): void {
  drawArtifact(page, () => {
    page.drawLine({ start: { x: margin, y }, end: { x: margin + innerWidth, y }, thickness: 0.4, color: ink });
  });
}
