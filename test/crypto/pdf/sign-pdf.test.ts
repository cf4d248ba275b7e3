import { PDFDocument } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDocumentTimestamp } from '../../../src/crypto/pdf/document-timestamp.ts';
import { fieldsOf } from '../../../src/crypto/pdf/form.ts';
import { openPdf } from '../../../src/crypto/pdf/open.ts';
import { signPdf } from '../../../src/crypto/pdf/sign-pdf.ts';
import { addValidationData, readValidationData } from '../../../src/crypto/pdf/validation-data.ts';
import type { PdfView } from '../../../src/crypto/pdf/view.ts';
import type { Signer } from '../../../src/crypto/signer.ts';
import { addRevision, makePdf, onePage, startOfXref } from '../../records/pdf-maker.ts';
import { now } from '../support/authorities.ts';
import { createTestWorld, type TestWorld, valueOf } from '../support/trust.ts';
import { makeDocument, signedPdf, validationDataOf } from './support/signed-pdf.ts';

let world: TestWorld;
let signer: Signer;
beforeAll(async () => {
  world = await createTestWorld();
  ({ signer } = await world.seal.issue({ algorithm: 'ES256' }));
});

function options() {
  return { signer, timestamps: null, fieldName: 'Seal', at: now };
}

function fieldNames(view: PdfView): readonly string[] | undefined {
  return fieldsOf(view)
    ?.map(({ name }) => name)
    .sort();
}

describe('a signed PDF', () => {
  it.each(['table', 'stream'] as const)('has the original as its prefix, whose form is a %s', async (form) => {
    const document = await makeDocument(form);
    const signed = await signedPdf(world, { level: 'B-LTA', document });
    expect(Buffer.from(signed.subarray(0, document.length)).equals(Buffer.from(document))).toBe(true);
    const loaded = await PDFDocument.load(signed);
    expect(loaded.getPageCount()).toBe(2);
    expect(
      loaded
        .getForm()
        .getFields()
        .map((field) => field.getName()),
    ).toEqual(['Seal', 'Time']);
  });

  it('keeps the fields, annotations and lists that the document had, wherever they lie', async () => {
    const document = makePdf({
      ...onePage,
      1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 4 0 R >>',
      3: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.25 842] /Annots 6 0 R >>',
      4: '<< /Fields 5 0 R /DA (/F 1 Tf \\(x\\)) >>',
      5: '[7 0 R]',
      6: '[7 0 R]',
      7: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (b) /Rect [0 0 9 9] /P 3 0 R >>',
    });
    const view = valueOf(await openPdf(valueOf(await signPdf(document, options()))));
    expect(
      fieldsOf(view)
        ?.map(({ name, type }) => [name, type])
        .sort(),
    ).toEqual([
      ['Seal', 'Sig'],
      ['a', 'Tx'],
    ]);
  });

  it('says that a name is taken, that a page is missing, and that one cannot certify what is signed', async () => {
    const document = await makeDocument();
    const signed = valueOf(await signPdf(document, options()));
    expect(await signPdf(signed, options())).toEqual({ ok: false, fault: 'field-exists' });
    const box = { page: 2, rectangle: [0, 0, 9, 9] } as const;
    expect(await signPdf(document, { ...options(), box })).toEqual({ ok: false, fault: 'page-missing' });
    const certification = { permissions: 1 } as const;
    const again = { ...options(), fieldName: 'Second', certification };
    expect(await signPdf(signed, again)).toEqual({ ok: false, fault: 'already-signed' });
  });

  it('U-16 is not made of one that is certified against changes; validation data and a document time stamp are', async () => {
    const certification = { permissions: 1 } as const;
    const certified = await signedPdf(world, { level: 'B-LTA', options: { certification } });
    const again = { ...options(), fieldName: 'Second' };
    expect(await signPdf(certified, again)).toEqual({ ok: false, fault: 'certified-against-changes' });
    expect(await signPdf(certified, { ...again, certification })).toEqual({
      ok: false,
      fault: 'certified-against-changes',
    });
    const stamped = await addDocumentTimestamp(certified, { timestamps: world.timestamps, fieldName: 'Later' });
    expect(fieldNames(valueOf(await openPdf(valueOf(stamped))))).toEqual(['Later', 'Seal', 'Time']);
  });

  it.each([
    ['P absent', '<< /V /1.2 >>', true],
    ['P 2', '<< /P 2 /V /1.2 >>', true],
    ['P 0, which is none', '<< /P 0 /V /1.2 >>', false],
    ['P in an object of its own', '<< /P 9 0 R >>', false],
  ])('U-16 is made of what is certified as far as the certification allows: %s', async (_name, parameters, allowed) => {
    const document = makePdf({
      ...onePage,
      1: '<< /Type /Catalog /Pages 2 0 R /Perms << /DocMDP 8 0 R >> >>',
      8: `<< /Type /Sig /Reference [<< /TransformMethod /DocMDP /TransformParams ${parameters} >>] >>`,
      9: '1',
    });
    const signed = await signPdf(document, options());
    expect(signed.ok ? 'signed' : signed.fault).toBe(allowed ? 'signed' : 'certified-against-changes');
  });

  it('is not made of what is no whole PDF, is hybrid, or would not be for all readers the same', async () => {
    expect(await signPdf(new TextEncoder().encode('%PDF-1.7\n'), options())).toEqual({
      ok: false,
      fault: 'pdf-damaged',
    });
    const plain = makePdf(onePage);
    const hybrid = addRevision(plain, { 9: '(x)' }, `/Root 1 0 R /Size 99 /XRefStm ${startOfXref(plain)}`);
    expect(await signPdf(hybrid, options())).toEqual({ ok: false, fault: 'pdf-hybrid' });
    const circle = makePdf({ ...onePage, 2: '<< /Type /Pages /Kids [2 0 R] /Count 1 >>' });
    expect(await signPdf(circle, options())).toEqual({ ok: false, fault: 'page-missing' });
  });

  it('is not made without a time that was asked for', async () => {
    const timestamps = { stamp: () => Promise.resolve({ ok: false, fault: 'unreachable' } as const) };
    const document = await makeDocument();
    expect(await signPdf(document, { ...options(), timestamps })).toEqual({ ok: false, fault: 'unreachable' });
    const stamped = await addDocumentTimestamp(document, { timestamps, fieldName: 'Time' });
    expect(stamped).toEqual({ ok: false, fault: 'unreachable' });
  });
});

describe('validation data', () => {
  it('are merged: what the store held stays, nothing is in it twice', async () => {
    const document = await signedPdf(world, { level: 'B-T' });
    const data = validationDataOf(world, signer.chain);
    const [first, ...others] = data.crls;
    const begun = valueOf(await addValidationData(document, { ...data, crls: first === undefined ? [] : [first] }));
    const whole = valueOf(await addValidationData(begun, { certificates: data.certificates, crls: others, ocsps: [] }));
    const held = readValidationData(valueOf(await openPdf(whole)));
    expect(held.certificates).toHaveLength(new Set(data.certificates).size);
    expect(held.crls.map((der) => Buffer.from(der).toString('hex'))).toEqual(
      data.crls.map((der) => Buffer.from(der).toString('hex')),
    );
    expect(valueOf(await addValidationData(whole, data))).toBe(whole);
  });
});
