import { beforeAll, describe, expect, it } from 'vitest';
import { addDocumentTimestamp } from '../../../src/crypto/pdf/document-timestamp.ts';
import { addValidationData } from '../../../src/crypto/pdf/validation-data.ts';
import { header, type Objects, startOfXref, stream, writeObjects, xrefStream } from '../../records/pdf-maker.ts';
import { createTestWorld, type TestWorld, valueOf } from '../support/trust.ts';
import { changed, changedBy, contract, makeContract, signAs, signature, trailer } from './support/contract.ts';
import { looksGood, trustOf, verified } from './support/verified.ts';

let world: TestWorld;
let signed: Buffer;
beforeAll(async () => {
  world = await createTestWorld();
  signed = await signAs(world, makeContract());
});

const certifying = (parameters: string, more = '') =>
  `/Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Reference [<< /Type /SigRef /TransformMethod /DocMDP ` +
  `/TransformParams << /Type /TransformParams /V /1.2 ${parameters} >> >>${more}]`;

/** What is said of the first signature: status, kinds of change, reasons. */
async function modificationsOf(file: Uint8Array): Promise<string> {
  const report = await verified(file, trustOf(world));
  const [{ integrity, modifications, level } = { integrity: null, modifications: null, level: null }] =
    report.signatures;
  expect(integrity?.status, 'the signature over its own revision stays what it is').toBe('valid');
  if (modifications?.status === 'notAllowed') {
    expect(looksGood(report)).toBe(false);
    expect(level).toEqual({ status: 'none', reasons: ['modified'] });
  }
  return [modifications?.status, ...(modifications?.changes ?? []), ...(modifications?.reasons ?? [])].join(' ');
}

function entry(number: number, from: string, to: string): string {
  const text = String(contract[number]);
  if (!text.includes(from)) throw new Error(`no ${from} in ${number}`);
  return text.replace(from, to);
}

/** The form after signing, which lists the signature too. */
const formAfter = (more: string, fields = `8 0 R 15 0 R ${signature.field} 0 R`) =>
  `<< /Fields [${fields}] /DA (/F 12 Tf) /SigFlags 3 ${more} >>`;
const pageAfter = (annotations: string, more = '') =>
  `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 13 0 R /Annots [${annotations}] ` +
  `/Resources << /Font << /F 5 0 R >> /XObject << /X 60 0 R >> >> ${more} >>`;
const annotationsAfter = `8 0 R 9 0 R 15 0 R ${signature.field} 0 R`;
const overlay = stream('/Type /XObject /Subtype /Form /BBox [0 0 300 300]', '1 g 0 0 300 300 re f');
const note = '<< /Type /Annot /Subtype /FreeText /Rect [20 190 280 220] /Contents (You get 1 yen) >>';

describe('U-16 a document that was changed after signing', () => {
  it.each<[string, Objects, string]>([
    ['another text on the page', { 4: stream('', 'BT (You get 1 yen) Tj ET') }, 'object-changed'],
    ['another list of contents', { 13: '[4 0 R 12 0 R]' }, 'object-changed'],
    ['other contents of a page', { 3: pageAfter(annotationsAfter).replace('13 0 R', '12 0 R') }, 'page-changed'],
    ['a smaller page', { 3: pageAfter(annotationsAfter).replace('300 300]', '300 100]') }, 'page-changed'],
    ['an action of a page', { 3: pageAfter(annotationsAfter, '/AA << /O << /S /JavaScript >> >>') }, 'page-changed'],
    ['a page more', { 2: entry(2, '14 0 R', '14 0 R 14 0 R') }, 'object-changed'],
    ['a page less', { 2: entry(2, '14 0 R', '') }, 'object-changed'],
    ['pages in a circle', { 2: entry(2, '14 0 R', '2 0 R') }, 'object-changed'],
    ['pages in another order', { 2: entry(2, '3 0 R 14 0 R', '14 0 R 3 0 R') }, 'object-changed'],
    ['a page that is now none', { 14: '[3 0 R]' }, 'page-changed'],
    ['another font', { 5: entry(5, 'Helvetica', 'Symbol') }, 'object-changed'],
    ['another appearance of an annotation', { 11: contract[12] ?? '' }, 'object-changed'],
    ['an annotation with another appearance', { 9: entry(9, '11 0 R', '12 0 R') }, 'object-changed'],
    ['a note over the text', { 30: note, 3: pageAfter(`${annotationsAfter} 30 0 R`) }, 'annotation-added'],
    ['a note in the list itself', { 3: pageAfter(`${annotationsAfter} ${note}`) }, 'annotation-added'],
    ['an annotation less', { 3: pageAfter(`8 0 R 15 0 R ${signature.field} 0 R`) }, 'page-changed'],
    [
      'an annotation in place of another',
      { 3: pageAfter(annotationsAfter.replace('9 0 R', '12 0 R')) },
      'page-changed',
    ],
    ['what was prepared and not there', { 60: overlay }, 'prepared-object-defined'],
    ['an object in place of none', { 60: 'null' }, 'prepared-object-defined'],
    ['what nothing leads to', { [signature.appearance]: overlay }, 'none'],
    ['a title', { 6: entry(6, 'Contract', 'Receipt') }, 'information-changed'],
    ['a form that draws itself', { 7: formAfter('/NeedAppearances true') }, 'form-changed'],
    ['a form with a script', { 7: formAfter('/XFA 12 0 R') }, 'form-changed'],
    ['other fonts of the form', { 7: formAfter('/DR << /Font << /F 5 0 R >> >>') }, 'form-changed'],
    ['a field less', { 7: formAfter('', `8 0 R ${signature.field} 0 R`) }, 'form-changed'],
    ['a field that was no field', { 7: formAfter('', `8 0 R 15 0 R ${signature.field} 0 R 9 0 R`) }, 'field-added'],
    ['a field moved', { 8: entry(8, '20 20 120 40', '20 190 280 220') }, 'field-changed'],
    ['a field in white', { 8: entry(8, '/T (Name)', '/T (Name) /DA (1 g)') }, 'field-changed'],
    ['a field with a border', { 8: entry(8, '/T (Name)', '/T (Name) /MK << /BG [1] >>') }, 'field-changed'],
    ['a field with another name', { 8: entry(8, '/T (Name)', '/T (Sum)') }, 'field-changed'],
    ['a field hidden', { 8: entry(8, '/T (Name)', '/T (Name) /F 2') }, 'field-changed'],
    ['a field that acts', { 8: entry(8, '/T (Name)', '/T (Name) /A << /S /URI >>') }, 'field-changed'],
    ['a field whose appearance was prepared', { 8: entry(8, '10 0 R', '12 0 R') }, 'field-changed'],
    ['a field whose appearance is a picture of the page', { 8: entry(8, '10 0 R', '11 0 R') }, 'field-changed'],
    ['a field whose appearance was rewritten', { 10: contract[12] ?? '' }, 'object-changed'],
    ['a waiting signature field moved', { 15: entry(15, '150 20 250 60', '20 190 280 220') }, 'field-changed'],
    [
      'a waiting signature field with a picture, unsigned',
      { 30: overlay, 15: entry(15, '/P 3', '/AP << /N 30 0 R >> /P 3') },
      'field-changed',
    ],
  ])('by %s is told so', async (_name, objects, reason) => {
    const isUnseen = reason === 'none';
    expect(await modificationsOf(await changed(signed, objects))).toMatch(
      isUnseen ? /^allowed$/ : new RegExp(`^notAllowed\\b.*\\b${reason}\\b`),
    );
  });

  it.each<[string, string, string]>([
    ['another catalog', trailer.replace('1 0 R', '30 0 R'), 'trailer-changed'],
    ['other information', trailer.replace('6 0 R', '31 0 R'), 'trailer-changed'],
    ['something new beside the catalog', `${trailer} /Extra 30 0 R`, 'trailer-changed'],
  ])('by a trailer that leads to %s is told so', async (_name, entries, reason) => {
    const catalog = String(contract[1]).replace('2 0 R', '32 0 R');
    const objects = { 30: catalog, 31: '<< /Title (x) >>', 32: entry(2, '14 0 R', '') };
    expect(await modificationsOf(changedBy(signed, objects, entries))).toBe(`notAllowed ${reason}`);
  });

  it.each<[string, string]>([
    ['what happens on opening', '/OpenAction [14 0 R /Fit]'],
    ['layers', '/OCProperties << /OCGs [] /D << >> >>'],
    ['names', '/Names << /Dests << >> >>'],
    ['an extension that is none', '/Extensions << /X << /Kids [12 0 R] >> >>'],
  ])('by %s in the catalog is told so', async (_name, more) => {
    const catalog = String(contract[1]).replace('>>', `${more} >>`);
    expect(await modificationsOf(await changed(signed, { 1: catalog }))).toBe('notAllowed catalog-changed');
  });

  it('by an object taken out, or put in again under another generation, is told so', async () => {
    const text = (rows: string) =>
      `xref\n${rows}trailer\n<< ${trailer} /Prev ${startOfXref(signed)} >>\nstartxref\n${signed.length}\n%%EOF\n`;
    const removed = Buffer.concat([signed, Buffer.from(text('9 1\n0000000000 00001 f \n'))]);
    expect(await modificationsOf(removed)).toBe('notAllowed object-removed');
    const body = '9 1 obj\n<< /Type /Annot >>\nendobj\n';
    const row = `9 1\n${String(signed.length).padStart(10, '0')} 00001 n \n`;
    const again = `${body}${text(row).replace(`startxref\n${signed.length}`, `startxref\n${signed.length + body.length}`)}`;
    const reborn = Buffer.concat([signed, Buffer.from(again)]);
    expect(await modificationsOf(reborn)).toBe('notAllowed generation-changed object-changed');
  });

  it('by pointing to another object of that number, which was there all the time, is told so', async () => {
    const hidden = writeObjects(header, { 4: stream('', 'BT (You get 1 yen) Tj ET') });
    const whole = writeObjects(hidden.bytes, contract);
    const rows = [...whole.offsets].map(([number, at]) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`);
    const xref = `xref\n${rows.join('')}trailer\n<< ${trailer} >>\nstartxref\n${whole.bytes.length}\n%%EOF\n`;
    const prepared = await signAs(world, Buffer.concat([whole.bytes, Buffer.from(xref)]));
    const row = `4 1\n${String(hidden.offsets.get(4)).padStart(10, '0')} 00000 n \n`;
    const turn = `xref\n${row}trailer\n<< ${trailer} /Prev ${startOfXref(prepared)} >>\nstartxref\n${prepared.length}\n%%EOF\n`;
    const turned = Buffer.concat([prepared, Buffer.from(turn)]);
    expect(await modificationsOf(prepared)).toBe('none');
    expect(await modificationsOf(turned)).toBe('notAllowed object-changed');
  });

  it('under the cover of validation data is told so', async () => {
    const catalog = (more: string) => String(contract[1]).replace('>>', `${more} >>`);
    const disguised = { 13: '[12 0 R]', 1: catalog('/DSS << /Certs 13 0 R >>') };
    expect(await modificationsOf(await changed(signed, disguised))).toBe('notAllowed validation-data object-changed');
    const kept = await changed(signed, { 30: '<< /Certs [] >>', 1: catalog('/DSS 30 0 R') });
    expect(await modificationsOf(kept)).toBe('allowed validation-data');
    const shared = await changed(kept, { 30: '<< /Certs [] /Kids [3 0 R] >>' });
    expect(await modificationsOf(shared)).toBe('notAllowed validation-data store-changed');
    expect(await modificationsOf(await changed(kept, { 1: catalog('') }))).toBe(
      'notAllowed validation-data store-changed',
    );
  });

  it('under the cover of validation data that it was before is told so', async () => {
    const catalog = (certificates: string) => String(contract[1]).replace('>>', `/DSS << /Certs ${certificates} >> >>`);
    const both = await signAs(world, makeContract({ 1: catalog('13 0 R') }));
    const freed = await changed(both, { 1: catalog('[]'), 13: '[12 0 R]' });
    expect(await modificationsOf(freed)).toBe('notAllowed validation-data shared-object-changed');
    const drawn = await changed(signed, { 1: catalog('[12 0 R]'), 12: contract[11] ?? '' });
    expect(await modificationsOf(drawn)).toBe('notAllowed validation-data object-changed');
  });

  it('by a list that gets a second use is told so', async () => {
    const page = String(contract[3]).replace('[8 0 R 9 0 R 15 0 R]', '20 0 R');
    const file = await signAs(world, makeContract({ 3: page, 20: '[8 0 R 9 0 R 15 0 R]' }));
    const field = (more: string) =>
      `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Third) /V 31 0 R /Rect [0 0 0 0] ${more} >>`;
    const objects = (more: string) => ({
      20: `[8 0 R 9 0 R 15 0 R ${signature.field} 0 R 32 0 R]`,
      31: '<< /Type /Sig >>',
      32: field(more),
      7: formAfter('', `8 0 R 15 0 R ${signature.field} 0 R 32 0 R`),
    });
    expect(await modificationsOf(await changed(file, objects('')))).toBe('allowed signature');
    const shared = await changed(file, objects('/Lock 20 0 R'));
    expect(await modificationsOf(shared)).toBe('notAllowed signature shared-object-changed');
  });

  it('in an object of which nobody can say what it is, is told so', async () => {
    const page = { 7: '<< /Fields [8 0 R 15 0 R 14 0 R] /DA (/F 12 Tf) >>' };
    const twofold = await changed(await signAs(world, makeContract(page)), { 14: entry(14, '300 300', '300 100') });
    expect(await modificationsOf(twofold)).toBe('notAllowed object-changed');
    const circle = await signAs(world, makeContract({ 2: entry(2, '14 0 R', '2 0 R') }));
    expect(await modificationsOf(await signAs(world, circle, { name: 'Third' }))).toBe(
      'notAllowed signature object-changed',
    );
  });

  it('by another value in the field of a later signature is told so', async () => {
    const again = await signAs(world, signed, { name: 'Third' });
    const [value, field] = [signature.value + 2, signature.field + 2];
    expect(again.toString('latin1')).toContain(`/V ${value} 0 R`);
    const resigned = await changed(again, {
      31: '<< /Type /Sig >>',
      [field]: `<< /Type /Annot /Subtype /Widget /FT /Sig /T <feff00540068006900720064> /V 31 0 R /F 132 /Rect [0 0 0 0] /P 3 0 R >>`,
    });
    expect(await modificationsOf(resigned)).toBe('notAllowed signature field-changed');
  });

  it('by a list that is used for two things is told so', async () => {
    const list = makeContract({ 1: String(contract[1]).replace('>>', '/DSS << /Certs 13 0 R >> >>') });
    const file = await signAs(world, list);
    const longer = await changed(file, { 13: '[4 0 R 12 0 R]' });
    expect(await modificationsOf(longer)).toBe('notAllowed shared-object-changed');
  });

  it('and whose signature was taken out of sight is told so', async () => {
    const gone = await verified(
      await changed(signed, { [signature.field]: '<< /FT /Sig /T (Second) >>' }),
      trustOf(world),
    );
    expect(gone.document.reasons).toEqual(['signature-hidden']);
    const out = await verified(await changed(signed, { 7: formAfter('', '8 0 R 15 0 R') }), trustOf(world));
    expect(out.document.reasons).toEqual(['signature-hidden']);
    expect([gone, out].some(looksGood)).toBe(false);
  });

  it.each<[string, string, readonly string[]]>([
    ['two fields with one value', '/T (Twin)', ['value-shared', 'value-shared']],
    ['two fields with one name', '/T (Second)', ['field-repeated', 'field-repeated']],
  ])('by %s is told so', async (_name, name, reasons) => {
    const twin = `<< /Type /Annot /Subtype /Widget /FT /Sig ${name} /V ${signature.value} 0 R /Rect [0 0 0 0] >>`;
    const file = await changed(signed, { 30: twin, 7: formAfter('', `8 0 R 15 0 R ${signature.field} 0 R 30 0 R`) });
    const report = await verified(file, trustOf(world));
    expect(report.signatures.flatMap(({ integrity }) => integrity.reasons)).toEqual(reasons);
    expect(looksGood(report)).toBe(false);
  });

  it.each<[string, Objects]>([
    ['a value given twice', { [signature.field]: `<< /FT /Sig /T (Second) /V 99 0 R /V 15 0 R >>` }],
    ['contents given twice', { [signature.value]: '<< /Type /Sig /Contents <30> /Contents <31> >>' }],
    ['an object stream that is none', { 30: stream('/Type /ObjStm /N 3 /First 9', '4 0') }],
    ['an object stream that names more than it holds', { 30: stream('/Type /ObjStm /N 2 /First 8', '4 0 5 9 (x)') }],
    ['a stream of another length', { 4: '<< /Length 99 >>\nstream\nBT\nendstream' }],
    ['a reference that refers on', { 4: '12 0 R' }],
  ])('by %s is not read at all', async (_name, objects) => {
    const report = await verified(await changed(signed, objects), trustOf(world));
    expect(report.document).toEqual({ status: 'refused', reasons: ['pdf-damaged'] });
  });

  it('by an object moved into a stream of objects is told so, unless it says the same', async () => {
    const inStream = async (body: string) => {
      const container = stream(`/Type /ObjStm /N 1 /First 4`, `5 0 ${body}`);
      const at = signed.length;
      const head = Buffer.concat([signed, Buffer.from('30 0 obj\n'), container, Buffer.from('\nendobj\n')]);
      const entries = new Map([
        [5, [2, 30, 0] as const],
        [30, [1, at, 0] as const],
        [31, [1, head.length, 0] as const],
      ]);
      const xref = xrefStream(entries, `/Root 1 0 R /Info 6 0 R /Prev ${startOfXref(signed)}`);
      const { bytes } = writeObjects(head, { 31: xref });
      return modificationsOf(Buffer.concat([bytes, Buffer.from(`startxref\n${head.length}\n%%EOF\n`)]));
    };
    expect(await inStream(String(contract[5]))).toBe('allowed');
    expect(await inStream(entry(5, 'Helvetica', 'Symbol'))).toBe('notAllowed object-changed');
  });

  it('by another name of the field is told so', async () => {
    const field = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Director) /V ${signature.value} 0 R /Rect [0 0 0 0] >>`;
    const report = await verified(await changed(signed, { [signature.field]: field }), trustOf(world));
    expect(report.signatures.map(({ integrity }) => integrity.reasons)).toEqual([['field-of-other-revision']]);
  });

  it('by moving the signature to another field is told so', async () => {
    const moved = {
      [signature.field]: '<< /FT /Sig /T (Second) >>',
      15: entry(15, '/T', `/V ${signature.value} 0 R /T`),
    };
    const report = await verified(await changed(signed, moved), trustOf(world));
    expect(report.signatures.map(({ integrity }) => integrity.reasons)).toEqual([['field-of-other-revision']]);
  });
});

describe('a document that was signed again', () => {
  it('in a field that waited, with what is to be seen there, stays good', async () => {
    const value = '<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 2 3] /Contents <3000> >>';
    const witness = entry(15, '/P', '/V 31 0 R /AP << /N 30 0 R >> /P');
    const file = await changed(signed, { 30: overlay, 31: value, 15: witness });
    expect(await modificationsOf(file)).toBe('allowed signature');
    const report = await verified(file, trustOf(world));
    expect(report.signatures.map(({ field, integrity }) => [field, integrity.reasons])).toEqual([
      ['Second', []],
      ['Witness', ['range-other-hole']],
    ]);
  });

  it('shows nothing new, or counts as changed', async () => {
    const box = { page: 0, rectangle: [20, 190, 280, 220] } as const;
    const again = await signAs(world, signed, { name: 'Third', box });
    expect(await modificationsOf(again)).toBe('allowed signature');
    const [, third] = (await verified(again, trustOf(world))).signatures;
    expect(third).toMatchObject({ integrity: { status: 'valid' }, coverage: { status: 'file' } });
    const appearance = signature.appearance + 2;
    expect(again.toString('latin1')).toContain(`${appearance} 0 obj\n<< /Type /XObject`);
    const repainted = await verified(await changed(again, { [appearance]: overlay }), trustOf(world));
    expect(repainted.signatures.map(({ modifications }) => modifications?.reasons)).toEqual([
      ['object-changed'],
      ['object-changed'],
    ]);
    const field = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Third) /V 31 0 R /Rect [20 190 280 220] /AP << /N 30 0 R >> >>`;
    const sneaky = await changed(signed, {
      30: overlay,
      31: '<< /Type /Sig >>',
      32: field,
      7: formAfter('', `8 0 R 15 0 R ${signature.field} 0 R 32 0 R`),
      3: pageAfter(`${annotationsAfter} 32 0 R`),
    });
    expect(await modificationsOf(sneaky)).toBe('notAllowed widget-visible annotation-added');
    const flat = await changed(signed, {
      30: overlay,
      31: '<< /Type /Sig >>',
      32: field.replace('[20 190 280 220]', '[20 190 20 190]'),
      7: formAfter('', `8 0 R 15 0 R ${signature.field} 0 R 32 0 R`),
    });
    expect(await modificationsOf(flat)).toBe('notAllowed widget-visible');
    const packed = await changed(signed, {
      30: stream('/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Filter /LZWDecode', '    '),
      31: '<< /Type /Sig >>',
      32: field,
      7: formAfter('', `8 0 R 15 0 R ${signature.field} 0 R 32 0 R`),
    });
    expect(await modificationsOf(packed)).toBe('notAllowed widget-visible');
    const acting = await changed(signed, {
      31: '<< /Type /Sig >>',
      32: field.replace('[20 190 280 220]', '[0 0 0 0]').replace('/AP << /N 30 0 R >>', '/A << /S /URI >>'),
      7: formAfter('', `8 0 R 15 0 R ${signature.field} 0 R 32 0 R`),
    });
    expect(await modificationsOf(acting)).toBe('notAllowed field-added');
  });

  it('is good only as far as the one who certified it allows', async () => {
    const { timestamps } = world;
    const closed = await signAs(world, makeContract(), { head: certifying('/P 1') });
    const again = await signAs(world, closed, { name: 'Third' });
    expect(await modificationsOf(again)).toBe('notAllowed signature change-not-permitted');
    const kept = valueOf(await addValidationData(closed, { certificates: [], crls: world.seal.crls, ocsps: [] }));
    const stamped = valueOf(await addDocumentTimestamp(kept, { timestamps, fieldName: 'Time' }));
    expect(await modificationsOf(stamped)).toBe('allowed validation-data document-timestamp');
  });
});

describe('a form that was filled in', () => {
  const filled = { 30: overlay, 8: entry(8, '/V (A)', '/V (B)').replace('10 0 R', '30 0 R') };

  it('after signing counts as changed, unless the certification allows it', async () => {
    expect(await modificationsOf(await changed(signed, filled))).toBe('notAllowed form-filling change-not-permitted');
    for (const [parameters, expected] of [
      ['/P 1', 'notAllowed form-filling change-not-permitted'],
      ['/P 2', 'allowed form-filling'],
      ['/P 3', 'allowed form-filling'],
      ['', 'allowed form-filling'],
    ] as const) {
      const certified = await signAs(world, makeContract(), { head: certifying(parameters) });
      expect(await modificationsOf(await changed(certified, filled)), parameters).toBe(expected);
    }
  });

  it.each([
    ['/Action /All', 'notAllowed form-filling field-locked'],
    ['/Action /Include /Fields [(Name)]', 'notAllowed form-filling field-locked'],
    ['/Action /Include /Fields [(Other)]', 'allowed form-filling'],
    ['/Action /Exclude /Fields [(Name)]', 'allowed form-filling'],
    ['/Action /Exclude /Fields [(Other)]', 'notAllowed form-filling field-locked'],
    ['/Action /Else', 'notAllowed form-filling field-locked'],
  ])('in a field that is locked by %s is %s', async (parameters, expected) => {
    const lock = `<< /TransformMethod /FieldMDP /TransformParams << ${parameters} >> >>`;
    const certified = await signAs(world, makeContract(), { head: certifying('/P 2', lock) });
    expect(await modificationsOf(await changed(certified, filled))).toBe(expected);
  });

  it('is not allowed by one who only signed later', async () => {
    const relaxed = await signAs(world, signed, { name: 'Third', head: certifying('/P 2') });
    const file = await changed(relaxed, filled);
    expect(await modificationsOf(file)).toBe('notAllowed signature form-filling change-not-permitted');
  });

  it('is forbidden by one who signed later', async () => {
    const open = await signAs(world, makeContract(), { head: certifying('/P 2') });
    const closed = await signAs(world, open, { name: 'Third', head: certifying('/P 1') });
    expect(await modificationsOf(closed)).toBe('allowed signature');
    expect(await modificationsOf(await changed(closed, filled))).toBe(
      'notAllowed signature form-filling change-not-permitted',
    );
  });
});

describe('what changes nothing', () => {
  it.each<[string, Objects, string]>([
    ['a new date of modification', { 6: entry(6, '20260101', '20260202') }, 'allowed modification-date'],
    ['the same objects written again', { 4: contract[4] ?? '', 3: pageAfter(annotationsAfter) }, 'allowed'],
    ['an object that nothing leads to', { 30: overlay }, 'allowed'],
    [
      'an extension',
      { 1: String(contract[1]).replace('>>', '/Extensions << /ESIC << /BaseVersion /1.7 /ExtensionLevel 5 >> >> >>') },
      'allowed',
    ],
  ])('is allowed: %s', async (_name, objects, expected) => {
    expect(await modificationsOf(await changed(signed, objects))).toBe(expected);
  });
});
