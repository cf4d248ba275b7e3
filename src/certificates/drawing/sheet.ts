import { type Color, PDFDocument, type PDFFont, type PDFPage, rgb } from 'pdf-lib';
import { drawMarked, newElement, newStructure, type Structure, type StructureElement, type Tag } from './structure.ts';
import { wrapText } from './wrap.ts';

/** A document in the making: what is drawn goes downwards, onto a new page when there is no room. Lengths in points. */
export interface Sheet {
  readonly document: PDFDocument;
  readonly font: PDFFont;
  readonly structure: Structure;
  page: PDFPage;
  y: number;
}

const pageSize: [number, number] = [595.28, 841.89]; // A4
export const margin = 56;
export const innerWidth = pageSize[0] - 2 * margin;
export const ink: Color = rgb(0.1, 0.1, 0.11);

export function newSheet(document: PDFDocument, font: PDFFont): Sheet {
  return { document, font, structure: newStructure(), page: document.addPage(pageSize), y: pageSize[1] - margin };
}

/** Begins a page when less than this height is left. */
export function ensureRoom(sheet: Sheet, height: number): void {
  if (sheet.y - height >= margin) return;
  sheet.page = sheet.document.addPage(pageSize);
  sheet.y = pageSize[1] - margin;
}

export interface TextStyle {
  readonly size: number;
  readonly tag: Tag;
  readonly align?: 'left' | 'centre' | 'right';
  /** From the left edge of the page. */
  readonly x?: number;
  readonly width?: number;
  readonly within?: StructureElement;
}

/** Draws a text, broken into lines, as one element of the structure. */
export function drawParagraph(sheet: Sheet, text: string, style: TextStyle): void {
  const { size, align = 'left', x = margin, width = innerWidth } = style;
  const widthOf = (part: string) => sheet.font.widthOfTextAtSize(part, size);
  const element = newElement(style.tag);
  (style.within ?? sheet.structure.root).kids.push(element);
  for (const line of wrapText(text, width, widthOf)) {
    ensureRoom(sheet, lineHeight(size));
    sheet.y -= lineHeight(size);
    const shift = align === 'left' ? 0 : (width - widthOf(line)) / (align === 'centre' ? 2 : 1);
    const { page, y } = sheet;
    drawMarked(sheet.structure, { page, element }, () => {
      page.drawText(line, { x: x + shift, y: y + size * 0.35, size, font: sheet.font, color: ink });
    });
  }
}

/** How many points a text takes at this width. */
function heightOf(sheet: Sheet, text: string, { size, width = innerWidth }: Pick<TextStyle, 'size' | 'width'>) {
  return wrapText(text, width, (part) => sheet.font.widthOfTextAtSize(part, size)).length * lineHeight(size);
}

/** Draws several texts beside each other; the row is as high as the highest. */
export function drawRow(sheet: Sheet, cells: readonly { readonly text: string; readonly style: TextStyle }[]): void {
  const height = Math.max(...cells.map(({ text, style }) => heightOf(sheet, text, style)));
  ensureRoom(sheet, height);
  const top = sheet.y;
  for (const { text, style } of cells) {
    sheet.y = top;
    drawParagraph(sheet, text, style);
  }
  sheet.y = top - height;
}

function lineHeight(size: number): number {
  return size * 1.6;
}

export async function newDocument(): Promise<PDFDocument> {
  return PDFDocument.create({ updateMetadata: false });
}
