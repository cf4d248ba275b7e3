import { signCadesDigest } from '../../../../src/crypto/cms/sign-cades.ts';
import { appendRevision } from '../../../../src/crypto/pdf/append.ts';
import { fillHole, openHole, signatureText } from '../../../../src/crypto/pdf/hole.ts';
import { openPdf } from '../../../../src/crypto/pdf/open.ts';
import { addSignatureField, type FieldToAdd } from '../../../../src/crypto/pdf/signature-field.ts';
import { addRevision, makePdf, type Objects, startOfXref, stream } from '../../../records/pdf-maker.ts';
import { type TestWorld, valueOf } from '../../support/trust.ts';

const form = '/Type /XObject /Subtype /Form /BBox [0 0 100 20]';

/**
 * A document with much to attack, every object by its number: 1 catalog, 2 pages, 3 and 14 page, 4 content, 5 font, 6 information, 7 form,
 * 8 text field with appearance 10, 9 stamp with appearance 11, 12 drawing that nobody uses, 13 list of contents, 15 signature
 * field that waits; 60 is referred to and does not exist.
 */
export const contract: Objects = {
  1: '<< /Type /Catalog /Pages 2 0 R /AcroForm 7 0 R >>',
  2: '<< /Type /Pages /Kids [3 0 R 14 0 R] /Count 2 >>',
  3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 13 0 R /Annots [8 0 R 9 0 R 15 0 R]
    /Resources << /Font << /F 5 0 R >> /XObject << /X 60 0 R >> >> >>`,
  4: stream('', 'BT /F 12 Tf 20 200 Td (You get 100 yen) Tj ET'),
  5: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  6: '<< /Title (Contract) /ModDate (D:20260101) >>',
  7: '<< /Fields [8 0 R 15 0 R] /DA (/F 12 Tf) >>',
  8: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (Name) /V (A) /Rect [20 20 120 40] /P 3 0 R /AP << /N 10 0 R >> >>',
  9: '<< /Type /Annot /Subtype /Stamp /Rect [20 60 120 80] /AP << /N 11 0 R >> >>',
  10: stream(form, 'BT (A) Tj ET'),
  11: stream(form, 'BT (Draft) Tj ET'),
  12: stream(form, 'BT (Final) Tj ET'),
  13: '[4 0 R]',
  14: '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>',
  15: '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Witness) /Rect [150 20 250 60] /P 3 0 R >>',
};

export const trailer = '/Root 1 0 R /Info 6 0 R /Size 99';
/** The numbers that a signature, its field and its appearance get. */
export const signature = { value: 99, field: 100, appearance: 101 };

export function makeContract(changes: Objects = {}): Buffer {
  return makePdf({ ...contract, ...changes }, trailer);
}

/** One more revision behind a file, its cross-references in the form of those before. */
export async function changed(file: Uint8Array, objects: Objects): Promise<Buffer> {
  const view = valueOf(await openPdf(file));
  const bodies = Object.entries(objects).map(([number, body]) => ({ number: Number(number), body: latin1(body) }));
  return Buffer.from(appendRevision(view, bodies).bytes);
}

/** The same with a trailer of one's own. */
export function changedBy(file: Uint8Array, objects: Objects, entries = trailer): Buffer {
  const bytes = Buffer.from(file);
  return addRevision(bytes, objects, `${entries} /Prev ${startOfXref(bytes)}`);
}

/** Signs a document with a signature dictionary of the test's own making; the rest is as the product does it. */
export async function signAs(
  world: TestWorld,
  document: Uint8Array,
  wanted: {
    readonly head?: string;
    /** In place of the product's own CMS. */
    readonly cms?: (digest: Uint8Array, signed: Uint8Array) => Promise<Uint8Array>;
  } & Partial<FieldToAdd> = {},
): Promise<Buffer> {
  const reserved = 16_384;
  const view = valueOf(await openPdf(document));
  const head = wanted.head ?? "/Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20261121120000+09'00')";
  const value = signatureText(head, reserved);
  // The role of a time stamp, since the product refuses to sign what is certified.
  const field = valueOf(addSignatureField(view, { name: 'Second', box: null, role: 'timestamp', ...wanted, value }));
  const prepared = { ...field, reserved };
  const { bytes, signed } = openHole(prepared);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(signed)));
  const { signer } = await world.seal.issue({ algorithm: 'ES256' });
  const { timestamps } = world;
  const cms = wanted.cms ?? (async () => valueOf(await signCadesDigest({ messageDigest: digest, signer, timestamps })));
  return Buffer.from(fillHole(prepared, bytes, await cms(digest, signed)) ?? []);
}

/** The file with one text put in place of another of the same length, at its last place. */
export function replaced(file: Uint8Array, from: string, to: string): Buffer {
  const text = Buffer.from(file).toString('latin1');
  const at = text.lastIndexOf(from);
  if (at === -1 || to.length > from.length) throw new Error(`cannot replace ${from}`);
  return Buffer.from(`${text.slice(0, at)}${to.padEnd(from.length)}${text.slice(at + from.length)}`, 'latin1');
}

function latin1(body: string | Buffer): Uint8Array {
  return typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
}
