import { deflateSync } from 'node:zlib';
import { PDFDocument, PDFHexString, PDFName, PDFString } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import { makeSampleScan } from '../../src/demo/sample-scan.ts';
import { inspectPdf } from '../../src/records/pdf/inspect-pdf.ts';
import {
  addRevision,
  catalog,
  header,
  makePdf,
  type Objects,
  objectStream,
  onePage,
  startOfXref,
  stream,
  table,
  writeObjects,
  xrefStream,
} from './pdf-maker.ts';

async function codeOf(file: Uint8Array): Promise<string> {
  const result = await inspectPdf(file);
  return result.ok ? 'passes' : `${result.fault.code} ${result.fault.params?.['what'] ?? ''}`.trim();
}

async function detailOf(file: Uint8Array): Promise<string | undefined> {
  const result = await inspectPdf(file);
  return result.ok ? 'passes' : result.fault.detail;
}

const script = '<< /S /JavaScript /JS (app.alert\\(1\\)) >>';

function withCatalog(more: string, others: Objects = {}): Buffer {
  return makePdf({ ...onePage, 1: `<< /Type /Catalog /Pages 2 0 R ${more} >>`, ...others });
}

/** Objects 1–3 plain, `inner` in an object stream, all by a cross-reference stream. */
function compressed(inner: Readonly<Record<number, string>>, more = '', filter = true): Buffer {
  const { first, data } = objectStream(inner);
  const packed = filter ? deflateSync(data) : data;
  const container = stream(
    `/Type /ObjStm /N ${Object.keys(inner).length} /First ${first} ${filter ? '/Filter /FlateDecode' : ''}`,
    packed,
  );
  const { bytes, offsets } = writeObjects(header, {
    ...onePage,
    1: `<< /Type /Catalog /Pages 2 0 R ${more} >>`,
    10: container,
  });
  const entries = new Map<number, readonly [number, number, number]>();
  for (const [number, offset] of offsets) entries.set(number, [1, offset, 0]);
  for (const [index, number] of Object.keys(inner).entries()) entries.set(Number(number), [2, 10, index]);
  entries.set(11, [1, bytes.length, 0]);
  const xref = writeObjects(bytes, { 11: xrefStream(entries, '/Root 1 0 R') });
  return Buffer.concat([xref.bytes, Buffer.from(`startxref\n${bytes.length}\n%%EOF\n`)]);
}

describe('good PDFs', () => {
  it('passes what pdf-lib writes, with and without object streams, and tells of its metadata (P-09)', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    document.setAuthor('作成者');
    for (const useObjectStreams of [true, false]) {
      expect(await inspectPdf(await document.save({ useObjectStreams }))).toEqual({
        ok: true,
        value: ['pdf.metadata'],
      });
    }
  });

  it('says nothing of a PDF that tells nothing', async () => {
    expect(await inspectPdf(makePdf(onePage))).toEqual({ ok: true, value: [] });
    expect(await inspectPdf(compressed({ 5: '<< /A 1 >>' }))).toEqual({ ok: true, value: [] });
  });

  it('passes a scan of 20 MB without reading its pictures', async () => {
    const scan = await makeSampleScan(20_000_000);
    expect(scan.length).toBeGreaterThan(20_000_000);
    expect(await codeOf(scan)).toBe('passes');
  }, 60_000);

  it('passes links, going to a page at the start, and white space at the end', async () => {
    const link = '<< /Type /Annot /Subtype /Link /Rect [0 0 1 1] /A << /S /URI /URI (https://example.jp/) >> >>';
    const annotated = { 3: '<< /Type /Page /Parent 2 0 R /Annots [4 0 R] >>', 4: link };
    const file = withCatalog('/OpenAction << /S /GoTo /D [3 0 R /Fit] >>', annotated);
    expect(await codeOf(Buffer.concat([file, Buffer.from('\r\n\0 ')]))).toBe('passes');
    expect(await codeOf(withCatalog('/OpenAction [3 0 R /Fit]'))).toBe('passes');
  });

  it('takes names that the author chose for what they are', async () => {
    const page = {
      3: '<< /Type /Page /Parent 2 0 R /Resources << /Font << /AA 4 0 R /JS 4 0 R >> /XObject << /EF 5 0 R >> >> >>',
      4: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      5: stream('/Type /XObject /Subtype /Form /BBox [0 0 1 1]', 'q Q'),
    };
    expect(await codeOf(withCatalog('', page))).toBe('passes');
  });

  it('takes lengths from objects that come later, also from an object stream', async () => {
    const late = makePdf({ ...onePage, 4: '<< /Length 5 0 R >>\nstream\nq Q\nendstream', 5: '3' });
    expect(await codeOf(late)).toBe('passes');
    const { first, data } = objectStream({ 6: '3' });
    const container = stream(`/Type /ObjStm /N 1 /First ${first}`, data);
    const inside = { ...onePage, 4: '<< /Length 6 0 R >>\nstream\nq Q\nendstream', 10: container };
    expect(await codeOf(makePdf(inside))).toBe('passes');
    const lying = stream(`/Type /ObjStm /N 1 /First ${first}`, Buffer.from(data.toString().replace('3', '1')));
    expect(await detailOf(makePdf({ ...inside, 10: lying }))).toBe('pdf:stream-length');
  });

  it('passes a hybrid file and an update of two objects', async () => {
    expect(await codeOf(hybrid('<< /Type /Metadata >>'))).toBe('passes');
    const first = makePdf(onePage);
    const second = addRevision(
      first,
      { 3: '<< /Type /Page /Parent 2 0 R /Rotate 90 >>' },
      `/Root 1 0 R /Prev ${startOfXref(first)}`,
    );
    expect(await codeOf(second)).toBe('passes');
  });

  it('tells of a signature that is there, without judging it', async () => {
    const document = await PDFDocument.create();
    const page = document.addPage();
    const { context } = document;
    const value = context.obj({
      Type: 'Sig',
      Filter: 'Adobe.PPKLite',
      SubFilter: 'ETSI.CAdES.detached',
      ByteRange: [0, 1, 2, 3],
      Contents: PDFHexString.of('00'),
    });
    const field = context.obj({
      FT: 'Sig',
      T: PDFString.of('s'),
      V: context.register(value),
      Type: 'Annot',
      Subtype: 'Widget',
      Rect: [0, 0, 0, 0],
    });
    const ref = context.register(field);
    page.node.set(PDFName.of('Annots'), context.obj([ref]));
    document.catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: [ref], SigFlags: 3 }));
    expect(await inspectPdf(await document.save())).toEqual({ ok: true, value: ['pdf.metadata', 'pdf.signed'] });
  });

  it('does not take an empty signature field for a signature', async () => {
    const field = '<< /FT /Sig /T (s) /Type /Annot /Subtype /Widget /Rect [0 0 0 0] >>';
    const file = withCatalog('/AcroForm << /Fields [4 0 R] >>', { 4: field });
    expect(await inspectPdf(file)).toEqual({ ok: true, value: [] });
  });
});

/** Object 5 is named by the cross-reference stream of a table's trailer alone (ISO 32000-2 §7.5.8.4). */
function hybrid(hidden: string): Buffer {
  const { first, data } = objectStream({ 5: hidden });
  const container = stream(`/Type /ObjStm /N 1 /First ${first}`, data);
  const plain = writeObjects(header, { ...onePage, 10: container });
  const xref = writeObjects(plain.bytes, { 11: xrefStream(new Map([[5, [2, 10, 0]]]), '') });
  const trailer = `trailer\n<< /Root 1 0 R /Size 99 /XRefStm ${plain.bytes.length} >>\n`;
  return Buffer.concat([
    xref.bytes,
    Buffer.from(`${table(plain.offsets)}${trailer}startxref\n${xref.bytes.length}\n%%EOF\n`),
  ]);
}

describe('PDFs that act (U-03)', () => {
  const cases: readonly (readonly [name: string, what: string, file: () => Buffer])[] = [
    ['JavaScript on opening', 'OpenAction JavaScript', () => withCatalog(`/OpenAction ${script}`)],
    [
      'JavaScript in the name tree',
      'JavaScript',
      () => withCatalog(`/Names << /JavaScript << /Names [(a) ${script}] >> >>`),
    ],
    ['a name with #xx', 'JavaScript', () => withCatalog('/A << /S /J#61vaScript >>')],
    ['a key with #xx', 'JS', () => withCatalog('/A << /#4aS (x) >>')],
    ['a script in an object stream', 'JS', () => compressed({ 5: script }, '/A 5 0 R')],
    ['a script in an object stream that is stored plain', 'JS', () => compressed({ 5: script }, '/A 5 0 R', false)],
    [
      'the type of an action in another object',
      'Launch',
      () => withCatalog('/A << /S 4 0 R /F (cmd.exe) >>', { 4: '/Launch' }),
    ],
    ['a script that nothing leads to', 'JS', () => makePdf({ ...onePage, 4: script })],
    ['a script that only a hybrid reader sees', 'JS', () => hybrid(script)],
    [
      'a script among the fonts that is a page too',
      'AA',
      () => withCatalog('/Font 4 0 R /Kids [4 0 R]', { 4: '<< /AA << /O 5 0 R >> >>', 5: '<< >>' }),
    ],
    ['launching a program', 'Launch', () => withCatalog('/A << /S /Launch /F (cmd.exe) >>')],
    ['a link that opens', 'OpenAction URI', () => withCatalog('/OpenAction << /S /URI /URI (https://example.jp/) >>')],
    ['a named action that opens', 'OpenAction', () => withCatalog('/OpenAction /Print')],
    [
      'more after going to a page',
      'OpenAction Next',
      () => withCatalog('/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>', { 4: '<< /S /Named /N /Print >>' }),
    ],
    ['additional actions', 'AA', () => withCatalog('/AA << /WC << /S /Named /N /Print >> >>')],
    [
      'an embedded file',
      'EmbeddedFiles',
      () => withCatalog('/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>', { 4: '<< /Type /Filespec >>' }),
    ],
    [
      'an attached file',
      'EF',
      () => withCatalog('/AF [4 0 R]', { 4: '<< /Type /Filespec /EF << /F 5 0 R >> >>', 5: stream('', 'MZ') }),
    ],
    ['a stream in another file', 'external file', () => makePdf({ ...onePage, 4: stream('/F (other.pdf)', '') })],
    ['rich media', 'RichMedia', () => withCatalog('/Annots [<< /Subtype /RichMedia >>]')],
    ['an XFA form', 'XFA', () => withCatalog('/AcroForm << /XFA 4 0 R >>', { 4: stream('', '<xdp/>') })],
    ['sending a form', 'SubmitForm', () => withCatalog('/A << /S /SubmitForm /F (https://example.jp/) >>')],
    ['importing data', 'ImportData', () => withCatalog('/A << /S /ImportData /F (a.fdf) >>')],
    ['going to an embedded document', 'GoToE', () => withCatalog('/A << /S /GoToE >>')],
    ['going to another document', 'GoToR', () => withCatalog('/A << /S /GoToR /F (b.pdf) >>')],
    ['a rendition', 'Rendition', () => withCatalog('/A << /S /Rendition >>')],
  ];
  it.each(cases)('refuses %s', async (_name, what, file) => {
    expect(await codeOf(file())).toBe(`document.active-content ${what}`);
  });

  it('refuses a script of an earlier revision, which another reader could still show', async () => {
    const first = makePdf({ ...onePage, 4: script });
    const second = addRevision(first, { 4: 'null' }, `/Root 1 0 R /Prev ${startOfXref(first)}`);
    expect(await codeOf(second)).toBe('document.active-content JS');
  });

  it('refuses what pdf-lib adds as script and as attachment', async () => {
    const scripted = await PDFDocument.create();
    scripted.addPage();
    scripted.addJavaScript('main', 'app.alert(1)');
    expect(await codeOf(await scripted.save())).toMatch(/^document.active-content (JS|JavaScript)$/);
    const attached = await PDFDocument.create();
    attached.addPage();
    await attached.attach(Buffer.from('MZ'), 'a.exe');
    expect(await codeOf(await attached.save())).toMatch(/^document.active-content E/);
  });

  it('refuses encryption, before anything in the file is believed', async () => {
    const file = makePdf({ ...onePage, 4: '<< /Filter /Standard /V 5 >>' }, '/Root 1 0 R /Encrypt 4 0 R');
    expect(await codeOf(file)).toBe('document.encrypted');
  });
});

describe('PDFs that are something else too, or not quite one', () => {
  const plain = makePdf(onePage);

  it('refuses HTML, and anything before the header', async () => {
    expect(await codeOf(Buffer.from('<!doctype html><p>'))).toMatch(/^document\./);
    expect(await codeOf(Buffer.concat([Buffer.from('\n'), plain]))).toMatch(/^document\.(not-what-it-says|damaged)$/);
  });

  it('refuses what follows the last %%EOF', async () => {
    for (const more of ['<html>', 'PK\u0003\u0004', '%', 'x'.repeat(5_000)]) {
      expect(await codeOf(Buffer.concat([plain, Buffer.from(more)]))).toBe('document.extra-content');
    }
  });

  it('refuses markup and archives in comments (U-07)', async () => {
    const html = Buffer.concat([header, Buffer.from('%<script>alert(1)</script>\n')]);
    expect(await codeOf(addRevision(html, onePage, '/Root 1 0 R'))).toBe('document.not-what-it-says');
    const end = Buffer.alloc(22);
    end.write('PK\u0005\u0006', 'latin1');
    const before = makePdf({ ...onePage, 4: stream('', end) });
    const mark = before.indexOf('PK\u0005\u0006');
    before.writeUInt16LE(before.length - mark - 22, mark + 20);
    expect(await codeOf(before)).toBe('document.not-what-it-says');
  });

  it('refuses a text between the objects', async () => {
    const { bytes, offsets } = writeObjects(Buffer.concat([header, Buffer.from('hello\n')]), onePage);
    const file = `${table(offsets)}trailer\n<< /Root 1 0 R >>\nstartxref\n${bytes.length}\n%%EOF`;
    expect(await detailOf(Buffer.concat([bytes, Buffer.from(file)]))).toBe('pdf:between-objects');
  });

  it('refuses an object that hides in a stream, where the table points', async () => {
    const hidden = `5 0 obj\n${script}\nendobj\n`;
    const { bytes, offsets } = writeObjects(header, { ...onePage, 4: stream('', hidden) });
    const lies = new Map([...offsets, [5, bytes.indexOf('5 0 obj')]]);
    const end = `${table(lies)}trailer\n<< /Root 1 0 R >>\nstartxref\n${bytes.length}\n%%EOF`;
    expect(await detailOf(Buffer.concat([bytes, Buffer.from(end)]))).toBe('pdf:xref-offset');
  });

  it('refuses the same in a table at the front, where readers of linearised files begin', async () => {
    const hidden = `5 0 obj\n${script}\nendobj\n`;
    const front = writeObjects(header, { ...onePage, 4: stream('', hidden) });
    const lies = table(new Map([...front.offsets, [5, front.bytes.indexOf('5 0 obj')]]));
    const early = `${lies}trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n`;
    const before = Buffer.concat([front.bytes, Buffer.from(early)]);
    const end = `${table(front.offsets)}trailer\n<< /Root 1 0 R >>\nstartxref\n${before.length}\n%%EOF`;
    expect(await detailOf(Buffer.concat([before, Buffer.from(end)]))).toBe('pdf:xref-offset');
    const honest = Buffer.from(early.replace(lies, table(front.offsets)));
    const good = Buffer.concat([front.bytes, honest]);
    const last = `${table(front.offsets)}trailer\n<< /Root 1 0 R >>\nstartxref\n${good.length}\n%%EOF`;
    expect(await detailOf(Buffer.concat([good, Buffer.from(last)]))).toBe('passes');
  });

  it('refuses a table that a reader would have to repair', async () => {
    const moved = Buffer.from(plain.toString('latin1').replace(/0000000015 00000 n/, '0000000016 00000 n'), 'latin1');
    expect(moved.equals(plain)).toBe(false);
    expect(await detailOf(moved)).toBe('pdf:xref-offset');
  });

  it('refuses lengths that lie, keys given twice, references to references and unknown filters', async () => {
    const lying = makePdf({ ...onePage, 4: '<< /Length 1 >>\nstream\nq Q\nendstream' });
    expect(await detailOf(lying)).toBe('pdf:stream-length');
    expect(await detailOf(withCatalog('/A 1 /A 2'))).toBe('pdf:duplicate-key');
    expect(await detailOf(makePdf({ ...onePage, 4: '5 0 R' }))).toBe('pdf:reference-object');
    const odd = stream('/Type /ObjStm /N 1 /First 4 /Filter /ASCIIHexDecode', '35203020313e');
    expect(await detailOf(makePdf({ ...onePage, 4: odd }))).toBe('pdf:filter');
  });

  it('refuses a file that was cut', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    const whole = await document.save();
    for (const share of [0.2, 0.5, 0.9, 0.99]) {
      expect(await codeOf(whole.subarray(0, Math.floor(whole.length * share)))).toMatch(
        /^document\.(damaged|extra-content)$/,
      );
    }
  });
});

describe('PDFs that want to exhaust', () => {
  it('ends on circles of objects and of revisions', async () => {
    expect(await codeOf(withCatalog('/X 4 0 R', { 4: '<< /X 5 0 R >>', 5: '[4 0 R 5 0 R]' }))).toBe('passes');
    const circle = makePdf(onePage, '/Root 1 0 R /Prev 000000');
    const at = String(startOfXref(circle)).padStart(6, '0');
    expect(
      await detailOf(Buffer.from(circle.toString('latin1').replace('/Prev 000000', `/Prev ${at}`), 'latin1')),
    ).toBe('pdf:xref-circle');
  });

  it('refuses deep nesting and too many values', async () => {
    expect(await detailOf(withCatalog(`/X ${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toBe('pdf:depth');
    expect(await detailOf(withCatalog(`/X [${'0 '.repeat(1_100_000)}]`))).toBe('pdf:values');
  });

  it('refuses a bomb in an object stream', async () => {
    const bomb = deflateSync(Buffer.alloc(48 * 1024 * 1024, ' '));
    const file = makePdf({ ...onePage, 4: stream('/Type /ObjStm /N 1 /First 10 /Filter /FlateDecode', bomb) });
    expect(file.length).toBeLessThan(100_000);
    expect(await detailOf(file)).toBe('pdf:inflated');
  });

  it('lets others run in the middle of a large file', async () => {
    const many: Record<number, string> = {};
    for (let number = 4; number < 30_000; number++) many[number] = '<< /A 1 /B 2 /C 3 >>';
    const file = makePdf({ ...onePage, ...many }, '/Root 1 0 R');
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 0);
    expect(await codeOf(file)).toBe('passes');
    clearInterval(others);
    expect(turns).toBeGreaterThan(3);
  });

  it('knows that the catalog of these tests is a good one', async () => {
    expect(await codeOf(makePdf({ ...onePage, 1: catalog }))).toBe('passes');
    expect(await detailOf(makePdf({ ...onePage, 1: '<< /Type /Catalog >>' }))).toBe('pdf:catalog');
  });
});
