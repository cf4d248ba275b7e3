import { PDFDocument } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawable, type FontCoverage, MissingCharacterError } from '../../src/demo/font-coverage.ts';
import { openFormFont } from '../../src/demo/form-pages.node.ts';
import { demoPupils } from '../../src/demo/pupils.ts';
import { makeSampleDocuments } from '../../src/demo/sample-documents.node.ts';
import { makeSampleScan } from '../../src/demo/sample-scan.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';

describe('what the font of the documents can draw', () => {
  let coverage: FontCoverage;
  beforeAll(async () => {
    ({ coverage } = await openFormFont());
  });

  it('keeps a variation sequence that the font has', () => {
    expect(drawable('葛\u{E0100}城', coverage)).toEqual({ text: '葛\u{E0100}城', remarks: [] });
  });

  it('prints the base form of one that it has not, and says so', () => {
    const shown = drawable('渡邉\u{E0101}', coverage);
    expect(shown.text).toBe('渡邉');
    expect(shown.remarks).toEqual([expect.stringContaining('U+9089 U+E0101')]);
  });

  it('names the glyph of a private-use character, and refuses one without a glyph', () => {
    const shown = drawable('\uE001藤', coverage, [{ codePoint: 'U+E001', glyph: 'MJ030196' }]);
    expect(shown).toEqual({ text: '〓藤', remarks: [expect.stringContaining('MJ030196')] });
    expect(() => drawable('\uE002', coverage)).toThrow(MissingCharacterError);
  });

  it('refuses a character that the font lacks, with its code point', () => {
    expect(() => drawable('𪜀', { ...coverage, hasCodePoint: () => false })).toThrow('U+2A700');
  });

  it('knows characters outside the basic plane', () => {
    expect(drawable('𠮷田', coverage).remarks).toEqual([]);
  });
});

describe('the sample documents', () => {
  const subject = {
    school: demoOrganisations.juniorHigh,
    principal: '山吹　武',
    homeroomTeacher: '撫子　凛',
    guardian: '葛城　健一',
    madeOn: '2026-11-20',
  };

  it('can be made for every pupil, awkward names and all', async () => {
    const font = await openFormFont();
    for (const pupil of demoPupils) {
      const documents = await makeSampleDocuments({ ...subject, pupil }, font);
      expect(documents.map((document) => document.kind)).toEqual([
        'cumulativeRecord',
        'cumulativeRecordCore',
        'healthCard',
        'dentalCard',
        'enrolmentCertificate',
      ]);
    }
  });

  it('are small, plain PDF files without active content', async () => {
    const [pupil] = demoPupils;
    if (!pupil) throw new Error('no pupils');
    for (const document of await makeSampleDocuments({ ...subject, pupil })) {
      if (document.mediaType !== 'application/pdf') continue;
      const text = Buffer.from(document.bytes).toString('latin1');
      expect(text.slice(0, 5)).toBe('%PDF-');
      expect(document.bytes.length).toBeLessThan(200_000);
      expect(text).not.toMatch(/\/(JavaScript|OpenAction|Launch|EmbeddedFile|Encrypt|ObjStm)\b/);
      expect((await PDFDocument.load(document.bytes)).getPageCount()).toBeGreaterThan(0);
    }
  });

  it('keep the exact code points of the name in the JSON core', async () => {
    const [pupil] = demoPupils;
    if (!pupil) throw new Error('no pupils');
    const core = (await makeSampleDocuments({ ...subject, pupil })).find(({ kind }) => kind === 'cumulativeRecordCore');
    expect(Buffer.from(core?.bytes ?? []).toString('utf8')).toContain('葛\u{E0100}城　さくら');
  });

  it('make a scan of the wanted size that a reader opens', async () => {
    const scan = await makeSampleScan(20_000_000);
    expect(scan.length).toBeGreaterThanOrEqual(20_000_000);
    expect(scan.length).toBeLessThan(25_000_000);
    expect((await PDFDocument.load(scan)).getPageCount()).toBe(6);
  });
});
