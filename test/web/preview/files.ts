import { PDFDocument, rgb } from 'pdf-lib';
import { beginForm, openFormFont } from '../../../src/demo/form-pages.node.ts';
import { catalog, makePdf, type Objects, onePage, stream } from '../../records/pdf-maker.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Two pages with an embedded Japanese font, as programs of schools write them; the words are red, then blue. */
export async function japanesePdf(): Promise<Bytes> {
  const { document, font, page } = await beginForm(await openFormFont(), [], '在学証明書');
  page.drawText('在学証明書', { x: 60, y: 760, size: 40, font, color: rgb(1, 0, 0) });
  const second = document.addPage([842, 595]);
  second.drawText('二枚目', { x: 60, y: 400, size: 40, font, color: rgb(0, 0, 1) });
  return new Uint8Array(await document.save());
}

/** A font that is not in the file, with an encoding that only the reader's program knows. */
export function predefinedEncodingPdf(encoding: string, hex: string): Bytes {
  return withPage({
    resources: '/Font << /F1 5 0 R >>',
    content: `1 0 0 rg BT /F1 48 Tf 100 600 Td <${hex}> Tj ET`,
    5: `<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light-${encoding} /Encoding /${encoding} /DescendantFonts [6 0 R] >>`,
    6: '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >> /FontDescriptor 7 0 R /DW 1000 >>',
    7: '<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200 /StemV 80 >>',
  });
}

export async function jpegScanPdf(jpeg: Uint8Array): Promise<Bytes> {
  const document = await PDFDocument.create();
  const image = await document.embedJpg(jpeg);
  document.addPage([595, 842]).drawImage(image, { x: 50, y: 300, width: 400, height: 400 });
  return new Uint8Array(await document.save());
}

/** 64 × 64 black points as a fax machine sends them (ITU-T T.6): a black line, 63 times the same, the end. */
export function faxPdf(): Bytes {
  const bits = `0010011010100000011110000110111${'11'.repeat(63)}${'000000000001'.repeat(2)}`;
  const bytes = Buffer.from(bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)) ?? []);
  return imagePdf('/CCITTFaxDecode /DecodeParms << /K -1 /Columns 64 /Rows 64 >>', bytes);
}

/** What says that it is a picture and is none. */
export function brokenPicturePdf(): Bytes {
  return imagePdf('/JPXDecode', Buffer.from('this is no JPEG 2000'));
}

function imagePdf(filter: string, bytes: Buffer): Bytes {
  const dictionary = `/Type /XObject /Subtype /Image /Width 64 /Height 64 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter ${filter}`;
  return withPage({
    resources: '/XObject << /I 5 0 R >>',
    content: 'q 300 0 0 300 100 400 cm /I Do Q',
    5: stream(dictionary, bytes),
  });
}

/** Everything that a PDF could do: on opening, on a page, by links over the whole page, by a form, by a stream elsewhere. */
export function hostilePdf(outside: string): Bytes {
  const act = `/S /JavaScript /JS (app.alert\\('x'\\); this.submitForm\\('${outside}/script'\\); fetch\\('${outside}/fetch'\\);)`;
  const link = (number: number, action: string) =>
    `<< /Type /Annot /Subtype /Link /Rect [0 0 595 ${842 - number}] /A << ${action} >> >>`;
  return withPage(
    {
      resources: '/XObject << /I 11 0 R >>',
      page: '/AA << /O << /S /URI /URI (OUT/opened) >> >> /Annots [6 0 R 7 0 R 8 0 R 9 0 R 10 0 R]'.replace(
        'OUT',
        outside,
      ),
      content: '1 0 0 rg 100 400 200 200 re f q 50 0 0 50 0 0 cm /I Do Q',
      5: `<< ${act} >>`,
      6: link(1, `/S /URI /URI (${outside}/link)`),
      7: link(2, `/S /URI /URI (javascript:fetch\\('${outside}/javascript'\\))`),
      8: link(3, `/S /Launch /F (${outside}/launch)`),
      9: link(4, `/S /GoToR /F (${outside}/other.pdf) /D [0 /Fit]`),
      10: `<< /Type /Annot /Subtype /Widget /FT /Btn /Ff 65536 /T (b) /Rect [0 0 595 842] /A << ${act} >> /AA << /E << ${act} >> >> >>`,
      11: stream(
        `/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /F << /FS /URL /F (${outside}/picture) >>`,
        '\u0000',
      ),
    },
    '/OpenAction 5 0 R /AA << /WC 5 0 R >> /Names << /JavaScript << /Names [(a) 5 0 R] >> >> /AcroForm << /Fields [10 0 R] /XFA [(template) 5 0 R] >>',
  );
}

/** Half of a page that can be drawn, and then what no reader understands. */
export function halfUnderstoodPdf(): Bytes {
  return withPage({
    resources: '',
    content: '1 0 0 rg 100 400 200 200 re f /Missing Do /NoSuch gs BT /F9 12 Tf (x) Tj ET',
  });
}

export async function encryptedPdf(): Promise<Bytes> {
  const document = await PDFDocument.create();
  document.addPage([595, 842]);
  document.encrypt({ userPassword: 'secret', ownerPassword: 'owner' });
  return new Uint8Array(await document.save());
}

interface OnePage extends Objects {
  readonly resources: string;
  readonly content: string;
  readonly page?: string;
}

function withPage({ resources, content, page = '', ...objects }: OnePage, catalogMore = ''): Bytes {
  const whole: Objects = {
    ...onePage,
    1: catalog.replace('/Pages', `${catalogMore} /Pages`),
    3: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << ${resources} >> /Contents 4 0 R ${page} >>`,
    4: stream('', content),
    ...objects,
  };
  return new Uint8Array(makePdf(whole));
}
