import { readFile } from 'node:fs/promises';
import * as fontkit from '@cantoo/fontkit';
import { AFRelationship, PDFDict, PDFDocument, PDFName, PDFRef } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawCertificate } from '../../src/certificates/drawing/draw-certificate.ts';
import { codeOf } from '../../src/certificates/drawing/draw-code.ts';
import type { CertificateFont } from '../../src/certificates/drawing/font.ts';
import { drawable } from '../../src/certificates/drawing/font-coverage.ts';
import { innerWidth } from '../../src/certificates/drawing/sheet.ts';
import { wrapText } from '../../src/certificates/drawing/wrap.ts';
import { canonicalJson } from '../../src/crypto/jcs.ts';
import { openPdf } from '../../src/crypto/pdf/open.ts';
import { personKinds } from '../../src/records/certificate-kinds.ts';
import { type CertificateStatement, certificateStatement } from '../../src/records/certificate-statement.ts';
import { hasTool, runTool } from '../crypto/support/tools.ts';
import { drawnText, readPages, streamIn } from './support/drawn-text.ts';
import { graduate, statementFor, testFont } from './support/statement.ts';

const at = new Date('2023-06-01T03:04:05Z');
const withMutool = it.skipIf(!hasTool('mutool', '-v'));

describe('a certificate as it is drawn', { timeout: 60_000 }, () => {
  let font: CertificateFont;
  beforeAll(async () => {
    font = await testFont();
  });

  async function drawn(statement: CertificateStatement, offlineProof: string | null = null): Promise<Uint8Array> {
    const result = await drawCertificate({ statement, font, sealImage: null, offlineProof, at });
    if (!result.ok) throw new Error(JSON.stringify(result.fault));
    return result.value;
  }

  const enrolled = { ...graduate, leftOn: null, leaving: null, grade: '3' };
  const factsFor = (kind: (typeof personKinds)[number]) =>
    kind === 'completionCertificate'
      ? { ...graduate, leaving: 'completed' as const }
      : kind === 'enrolmentCertificate' || kind === 'studentFareCertificate'
        ? enrolled
        : graduate;

  it.each(personKinds)('says what it certifies in both languages, every glyph in ink: %s', async (kind) => {
    for (const language of ['ja', 'en'] as const) {
      const statement = statementFor(kind, { language, facts: factsFor(kind) });
      const text = await drawnText(await drawn(statement));
      for (const part of [statement.number, statement.wording.title, statement.person.officialName]) {
        expect(text).toContain(part);
      }
      expect(text).toContain(language === 'ja' ? '2002年4月2日（平成14年）' : '2 April 2002');
      expect(text.includes(graduate.nameEnglish ?? '')).toBe(language === 'en');
    }
  });

  it('keeps what this kind does not certify out of the paper and out of the attachment', async () => {
    const statement = statementFor('graduationCertificate');
    expect(statement).toMatchObject({ subjects: [], grade: null, enrolledOn: null });
    expect(statementFor('creditCertificate').subjects).toEqual([
      { schoolYear: 2019, name: '国語総合', credits: 4, grade: null },
    ]);
    expect(await drawnText(await drawn(statement))).not.toContain('国語総合');
  });

  it('says, after the term, only that it can no longer be certified', async () => {
    const statement = statementFor('transcript', { issuedOn: '2030-04-01' });
    expect(statement).toMatchObject({ kind: 'inabilityCertificate', asked: 'transcript', subjects: [], course: null });
    const text = await drawnText(await drawn(statement));
    expect(text).toContain('証明できない旨の証明書');
    expect(text).toContain('成績証明書');
  });

  it('says by which log-in it was asked for', async () => {
    const statement = { ...statementFor('graduationCertificate'), assurance: 'schoolCode' as const };
    expect(await drawnText(await drawn(statement))).toContain('請求を受け付けたログイン：学校が渡した用紙と確認番号');
    const english = statementFor('graduationCertificate', { language: 'en' });
    expect(await drawnText(await drawn(english))).toContain('asked for after a log-in by: certificate');
  });

  it('does not certify a day of leaving that has not come', () => {
    const facts = { ...graduate, leftOn: '2023-07-01', leaving: 'left' as const };
    expect(statementFor('enrolmentPeriodCertificate', { facts, issuedOn: '2023-06-01' }).leftOn).toBeNull();
  });

  it.each([
    ['\uE000', 'U+E000'],
    ['\u{2B820}', 'U+2B820'],
  ])('refuses a character that the font lacks, and names it: %s', async (character, codePoint) => {
    const statement = statementFor('graduationCertificate', { facts: { ...graduate, officialName: `見${character}` } });
    const result = await drawCertificate({ statement, font, sealImage: null, offlineProof: null, at });
    expect(result).toEqual({ ok: false, fault: { character, codePoint } });
  });

  it('prints a variant that the font has, and says so where it prints the base form', async () => {
    const officialName = '葛\u{E0100}城　邉\u{E0101}';
    const bytes = await drawn(statementFor('graduationCertificate', { facts: { ...graduate, officialName } }));
    const text = await drawnText(bytes);
    expect(text).toContain('「邉」は基本の字形で印字しています（正：U+9089 U+E0101）');
    const other = await drawn(
      statementFor('graduationCertificate', { facts: { ...graduate, officialName: '葛城　邉' } }),
    );
    // The variant is another glyph than the base form: the shapes that are embedded differ.
    expect(await readPages(bytes).then(({ outlines }) => outlines)).not.toEqual(
      await readPages(other).then(({ outlines }) => outlines),
    );
  });

  it('attaches the statement as canonical JSON, which is the published vector', async () => {
    const officialName = '葛\u{E0100}城　さくら';
    const statement = statementFor('transcript', { facts: { ...graduate, officialName } });
    const document = await PDFDocument.load(await drawn(statement));
    const [file] = document.getAttachments();
    expect(file).toMatchObject({
      name: 'certificate.json',
      mimeType: 'application/json',
      afRelationship: AFRelationship.Data,
    });
    const vector = new Uint8Array(await readFile('test/vectors/certificate/transcript.json'));
    expect(Buffer.from(file?.data ?? []).toString()).toBe(Buffer.from(vector).toString());
    expect(Buffer.from(canonicalJson(JSON.parse(Buffer.from(vector).toString()))).equals(vector)).toBe(true);
    expect(certificateStatement.parse(JSON.parse(Buffer.from(vector).toString()))).toEqual(statement);
  });

  it('carries title, language and the given time in both kinds of metadata', async () => {
    const bytes = await drawn(statementFor('graduationCertificate', { language: 'en' }));
    const document = await PDFDocument.load(bytes, { updateMetadata: false });
    expect(document.getTitle()).toBe('Certificate of Graduation');
    expect(document.getAuthor()).toBe('Yamabuki Junior High School');
    expect([document.getCreationDate(), document.getModificationDate()]).toEqual([at, at]);
    expect(String(document.catalog.get(PDFName.of('Lang')))).toBe('(en)');
    const xmp = Buffer.from(streamIn(document.catalog, 'Metadata')).toString();
    expect(xmp).toContain('<rdf:li xml:lang="x-default">Certificate of Graduation</rdf:li>');
    expect(xmp).toContain('<xmp:CreateDate>2023-06-01T03:04:05Z</xmp:CreateDate>');
    expect(xmp).not.toContain('pdfaid');
  });

  it('is tagged: one heading, the table with its headers, the codes with their words', async () => {
    const document = await PDFDocument.load(await drawn(statementFor('transcript')));
    expect(document.catalog.lookup(PDFName.of('MarkInfo'), PDFDict).toString()).toContain('/Marked true');
    const tags: string[] = [];
    for (const [, object] of document.context.enumerateIndirectObjects()) {
      const tag =
        object instanceof PDFDict && object.get(PDFName.of('P')) instanceof PDFRef ? object.get(PDFName.of('S')) : null;
      if (object instanceof PDFDict && tag instanceof PDFName) tags.push(tag.decodeText());
      if (tag === PDFName.of('Figure'))
        expect(String((object as PDFDict).get(PDFName.of('Alt')))).not.toBe('undefined');
    }
    const count = (tag: string) => tags.filter((one) => one === tag).length;
    expect([count('H1'), count('Table'), count('TR'), count('TH'), count('TD'), count('Figure')]).toEqual([
      1, 1, 3, 4, 8, 1,
    ]);
  });

  it('goes on to a second page when the subjects need it, with number and page on each', async () => {
    const subjects = Array.from({ length: 60 }, (_, index) => ({
      schoolYear: 2019,
      name: `科目${index}`,
      credits: 2,
      grade: 4,
    }));
    const bytes = await drawn(statementFor('transcript', { facts: { ...graduate, subjects } }));
    const { texts } = await readPages(bytes);
    expect(texts.map((text) => /2023-000017 {2}\d \/ \d/.exec(text)?.[0])).toEqual([
      '2023-000017  1 / 2',
      '2023-000017  2 / 2',
    ]);
  });

  it('has no active content, and is a file that our strict reader can sign behind', async () => {
    const bytes = await drawn(
      statementFor('graduationCertificate'),
      `https://gateway.example/verify#${'x'.repeat(700)}`,
    );
    expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/\/(JavaScript|OpenAction|Launch|AA|Encrypt|ObjStm)\b/);
    expect((await openPdf(bytes)).ok).toBe(true);
    expect(bytes.length).toBeLessThan(150_000);
  });

  it('leaves room beside each other for both codes, the proof of an RSA key too', () => {
    expect(codeOf('https://gateway.example/c/ABCDEFGHJKMNPQRS').side).toBeGreaterThan(57);
    expect(codeOf('x'.repeat(900)).side).toBeLessThan(innerWidth / 2);
  });

  withMutool('renders in another program without a missing glyph', async () => {
    const bytes = await drawn(
      statementFor('transcript', { facts: { ...graduate, officialName: '葛\u{E0100}城　𠮷子' } }),
    );
    const { status, output } = runTool('mutool', ['draw', '-q', '-o', 'page.png', 'file.pdf'], { 'file.pdf': bytes });
    expect(status).toBe(0);
    expect(output).not.toMatch(/error|glyph/);
  });
});

describe('what the font can draw', () => {
  let coverage: CertificateFont['coverage'];
  beforeAll(async () => {
    ({ coverage } = await testFont());
  });

  it('keeps a variation sequence that the font has', () => {
    expect(drawable('葛\u{E0100}城', coverage)).toEqual({ ok: true, value: { text: '葛\u{E0100}城', remarks: [] } });
  });

  it('reduces one that it has not to the base form, and says so', () => {
    const remarks = [{ kind: 'baseForm', character: '邉', codePoints: 'U+9089 U+E0101' }];
    expect(drawable('渡邉\u{E0101}', coverage)).toEqual({ ok: true, value: { text: '渡邉', remarks } });
  });

  it('puts a geta for a private-use character whose glyph is known, and refuses it otherwise', () => {
    const remarks = [{ kind: 'private', glyph: 'MJ030196' }];
    const glyphs = [{ codePoint: 'U+E001', glyph: 'MJ030196' }];
    expect(drawable('\uE001藤', coverage, glyphs)).toEqual({ ok: true, value: { text: '〓藤', remarks } });
    expect(drawable('\uE002', coverage)).toEqual({ ok: false, fault: { character: '\uE002', codePoint: 'U+E002' } });
  });

  it('refuses a private-use character even where the font draws something, and a selector without its character', () => {
    const draws = { ...coverage, hasCodePoint: () => true };
    expect(drawable('\uE002', draws).ok).toBe(false);
    expect(drawable('\u{E0100}', coverage).ok).toBe(false);
  });

  it('knows characters outside the basic plane', () => {
    expect(drawable('𠮷田', coverage)).toEqual({ ok: true, value: { text: '𠮷田', remarks: [] } });
  });
});

describe('breaking lines', () => {
  const widthOf = (text: string) => Array.from(text).length;

  it('lets no line begin with a mark that closes', () => {
    expect(wrapText('あいうえお。かき', 5, widthOf)).toEqual(['あいうえ', 'お。かき']);
  });

  it('keeps words and variants whole', () => {
    expect(wrapText('ab cdef gh', 6, widthOf)).toEqual(['ab', 'cdef', 'gh']);
    expect(wrapText('葛\u{E0100}葛\u{E0100}', 3, widthOf)).toEqual(['葛\u{E0100}', '葛\u{E0100}']);
  });

  it('measures pieces, and no line is wider than its room as it is drawn', async () => {
    const document = await PDFDocument.create();
    document.registerFontkit(fontkit);
    const font = await document.embedFont((await testFont()).bytes, { subset: true });
    const widthIn = (text: string) => font.widthOfTextAtSize(text, 12);
    const sentence = 'AVATAR, Wave and office (ffi) 2026年3月31日、葛\u{E0100}城さくらは本校の課程を修了した。';
    const lines = wrapText(sentence.repeat(8), 200, widthIn);
    expect(lines.length).toBeGreaterThanOrEqual(20);
    expect(lines.filter((line) => widthIn(line) > 200.001)).toEqual([]);
    expect(lines.join('').replaceAll(' ', '')).toBe(sentence.repeat(8).replaceAll(' ', ''));
  });
});
