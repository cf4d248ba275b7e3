import * as fontkit from '@cantoo/fontkit';
import { AFRelationship } from 'pdf-lib';
import { canonicalJson } from '../../crypto/jcs.ts';
import { type CertificateStatement, statementFile } from '../../records/certificate-statement.ts';
import { ok, type Result } from '../../result.ts';
import { checkCharacters } from './check-characters.ts';
import { type Composition, composeCertificate } from './compose.ts';
import { codeOf, drawCode } from './draw-code.ts';
import { drawSubjects } from './draw-subjects.ts';
import type { CertificateFont } from './font.ts';
import type { MissingCharacter } from './font-coverage.ts';
import { writeMetadata } from './metadata.ts';
import {
  drawParagraph,
  drawRow,
  ensureRoom,
  ink,
  innerWidth,
  margin,
  newDocument,
  newSheet,
  type Sheet,
} from './sheet.ts';
import { drawArtifact, drawMarked, newElement, writeStructure } from './structure.ts';

export interface DrawingInput {
  readonly statement: CertificateStatement;
  readonly font: CertificateFont;
  /** The school's stamp as PNG, for the eye. */
  readonly sealImage: Uint8Array | null;
  /** What the second QR code holds: the address of the verifier with the proof behind `#`; null without one. */
  readonly offlineProof: string | null;
  readonly at: Date;
}

/**
 * Draws a certificate: tagged, its font embedded as far as it is used, its statement attached, ready to be signed. Time,
 * number and codes are given. Refused when the font lacks a character, which is named.
 */
export async function drawCertificate(input: DrawingInput): Promise<Result<Uint8Array, MissingCharacter>> {
  const { statement, font, at } = input;
  const { language: locale, wording, school, number } = statement;
  const checked = checkCharacters(composeCertificate(statement), { coverage: font.coverage, locale });
  if (!checked.ok) return checked;
  const document = await newDocument();
  document.registerFontkit(fontkit);
  const embedded = await document.embedFont(font.bytes, { subset: true });
  const sheet = newSheet(document, embedded);
  await drawAll(sheet, checked.value, input);
  drawFooters(sheet, number);
  writeStructure(document, sheet.structure);
  const author = locale === 'ja' ? school.name : school.nameEnglish;
  writeMetadata(document, { title: wording.title, author, language: locale, at });
  await document.attach(canonicalJson(statement), statementFile, {
    mimeType: 'application/json',
    description: wording.title,
    creationDate: at,
    modificationDate: at,
    afRelationship: AFRelationship.Data,
  });
  // Signing appends to the file, and needs its objects where they can be found.
  return ok(await document.save({ useObjectStreams: false, updateFieldAppearances: false }));
}

async function drawAll(sheet: Sheet, text: Composition, input: DrawingInput): Promise<void> {
  drawParagraph(sheet, text.number, { size: 9, tag: 'P', align: 'right' });
  sheet.y -= 24;
  drawParagraph(sheet, text.title, { size: 22, tag: 'H1', align: 'centre' });
  sheet.y -= 20;
  for (const [index, [label, value]] of text.rows.entries()) {
    drawRow(sheet, [
      { text: label, style: { size: 10, tag: 'P', x: margin, width: 120 } },
      { text: value, style: { size: index === 0 ? 16 : 12, tag: 'P', x: margin + 130, width: innerWidth - 130 } },
    ]);
    sheet.y -= 3;
  }
  drawSubjects(sheet, text.subjects);
  sheet.y -= 16;
  drawParagraph(sheet, text.body, { size: 13, tag: 'P' });
  sheet.y -= 16;
  await drawSignature(sheet, text.signature, input);
  drawProofs(sheet, text, input);
}

const stampSide = 68;

/** Day, school and principal stay together, with the stamp over the end of the last line, as on paper. */
async function drawSignature(
  sheet: Sheet,
  lines: Composition['signature'],
  { sealImage, statement }: DrawingInput,
): Promise<void> {
  ensureRoom(sheet, 110);
  for (const line of lines) {
    drawParagraph(sheet, line, { size: 13, tag: 'P', align: 'right', width: innerWidth - stampSide });
  }
  if (sealImage === null) return;
  const image = await sheet.document.embedPng(sealImage);
  const { width, height } = image.scaleToFit(stampSide, stampSide);
  const element = newElement('Figure', statement.wording.principal);
  sheet.structure.root.kids.push(element);
  const { page, y } = sheet;
  drawMarked(sheet.structure, { page, element }, () => {
    page.drawImage(image, { x: margin + innerWidth - width, y: y - 4, width, height });
  });
}

/** Notes, and the codes at the foot of the last page: where to look it up, and the proof that needs no network. */
function drawProofs(sheet: Sheet, { captions, notes }: Composition, { statement, offlineProof }: DrawingInput): void {
  const codes = [
    { code: codeOf(statement.verifyAt), caption: captions.state },
    ...(offlineProof === null ? [] : [{ code: codeOf(offlineProof), caption: captions.offline }]),
  ];
  const height = Math.max(...codes.map(({ code }) => code.side));
  ensureRoom(sheet, height + 60 + notes.length * 26);
  sheet.y = margin + height + 48 + notes.length * 26;
  for (const note of notes) drawParagraph(sheet, note, { size: 8, tag: 'P' });
  const bottom = margin + 40;
  const half = innerWidth / 2;
  for (const [index, { code, caption }] of codes.entries()) {
    const x = margin + index * half;
    drawCode(sheet, code, { x, bottom, label: caption });
    sheet.y = bottom;
    drawParagraph(sheet, caption, { size: 7, tag: 'P', x, width: half - 16 });
  }
}

/** Number and page on every page: whoever takes a page away leaves a gap. */
function drawFooters({ document, font }: Sheet, number: string): void {
  const pages = document.getPages();
  for (const [index, page] of pages.entries()) {
    const text = `${number}  ${index + 1} / ${pages.length}`;
    drawArtifact(page, () => {
      page.drawText(text, { x: margin, y: margin / 2, size: 8, font, color: ink });
    });
  }
}
