import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { openFormFont } from '../../src/demo/form-pages.node.ts';
import { demoPupils } from '../../src/demo/pupils.ts';
import { makeSampleDocuments } from '../../src/demo/sample-documents.node.ts';
import { makeSampleScan } from '../../src/demo/sample-scan.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';

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
