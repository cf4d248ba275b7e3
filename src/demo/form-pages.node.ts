import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as fontkit from '@cantoo/fontkit';
import { PDFDocument, type PDFFont, type PDFPage, rgb } from 'pdf-lib';
import { openCertificateFont } from '../certificates/drawing/font.ts';
import { type DrawingRemark, drawable, type FontCoverage } from '../certificates/drawing/font-coverage.ts';

/** The font of the demonstration's documents, read once. */
export interface FormFont {
  readonly bytes: Uint8Array;
  readonly coverage: FontCoverage;
}

/** A form in the making: what is drawn goes downwards. Lengths in points. */
export interface Form {
  readonly document: PDFDocument;
  readonly font: PDFFont;
  readonly coverage: FontCoverage;
  readonly glyphs: readonly { readonly codePoint: string; readonly glyph: string }[];
  readonly remarks: Set<string>;
  page: PDFPage;
  y: number;
}

const margin = 40;
const pageSize: [number, number] = [595.28, 841.89]; // A4
const black = rgb(0.1, 0.1, 0.11);

export async function openFormFont(): Promise<FormFont> {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf');
  const bytes = new Uint8Array(await readFile(path));
  return openCertificateFont(bytes);
}

export async function beginForm(font: FormFont, glyphs: Form['glyphs'], title: string): Promise<Form> {
  const document = await PDFDocument.create();
  document.registerFontkit(fontkit);
  document.setTitle(title, { showInWindowTitleBar: true });
  document.setLanguage('ja-JP');
  document.setProducer('Hikitsugi demonstration');
  const embedded = await document.embedFont(font.bytes, { subset: true });
  const page = document.addPage(pageSize);
  return {
    document,
    font: embedded,
    coverage: font.coverage,
    glyphs,
    remarks: new Set(),
    page,
    y: pageSize[1] - margin,
  };
}

export function newPage(form: Form): void {
  form.page = form.document.addPage(pageSize);
  form.y = pageSize[1] - margin;
}

export function heading(form: Form, text: string, size = 16): void {
  const shown = show(form, text);
  const width = form.font.widthOfTextAtSize(shown, size);
  form.y -= size + 6;
  form.page.drawText(shown, { x: (pageSize[0] - width) / 2, y: form.y, size, font: form.font, color: black });
  form.y -= 8;
}

export function line(form: Form, text: string, size = 10): void {
  form.y -= size + 5;
  form.page.drawText(show(form, text), { x: margin, y: form.y, size, font: form.font, color: black });
}

/** A ruled table; a cell that is too long for its column is printed smaller. `widths` are shares of the page. */
export function table(form: Form, widths: readonly number[], rows: readonly (readonly string[])[], height = 20): void {
  const whole = pageSize[0] - 2 * margin;
  const sum = widths.reduce((total, width) => total + width, 0);
  for (const row of rows) {
    let x = margin;
    form.y -= height;
    for (const [index, width] of widths.entries()) {
      const cell = (whole * width) / sum;
      form.page.drawRectangle({ x, y: form.y, width: cell, height, borderColor: black, borderWidth: 0.6 });
      drawCell(form, row[index] ?? '', { x, width: cell, height });
      x += cell;
    }
  }
  form.y -= 8;
}

/** Prints what had to be replaced, and gives the bytes: no object streams, so that signing by increments stays possible. */
export async function endForm(form: Form): Promise<Uint8Array> {
  for (const remark of form.remarks) line(form, `※ ${remark}`, 8);
  line(form, '見本：架空の人物です。 Sample of an invented person.', 8);
  return form.document.save({ useObjectStreams: false });
}

function drawCell(form: Form, text: string, cell: { x: number; width: number; height: number }): void {
  const shown = show(form, text);
  const natural = form.font.widthOfTextAtSize(shown, 9);
  const size = natural > cell.width - 6 ? Math.max(4, (9 * (cell.width - 6)) / natural) : 9;
  const y = form.y + (cell.height - size) / 2 + 1;
  form.page.drawText(shown, { x: cell.x + 3, y, size, font: form.font, color: black });
}

function show(form: Form, text: string): string {
  const shown = drawable(text, form.coverage, form.glyphs);
  if (!shown.ok) throw new Error(`The font cannot draw ${shown.fault.character} (${shown.fault.codePoint})`);
  for (const remark of shown.value.remarks) form.remarks.add(remarkText(remark));
  return shown.value.text;
}

function remarkText(remark: DrawingRemark): string {
  if (remark.kind === 'private') return `「〓」は外字（文字情報基盤 ${remark.glyph}）`;
  return `「${remark.character}」は基本の字形で印字（正：${remark.codePoints}）`;
}
