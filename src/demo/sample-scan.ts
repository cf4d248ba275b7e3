import {
  concatTransformationMatrix,
  drawObject,
  PDFDocument,
  PDFName,
  popGraphicsState,
  pushGraphicsState,
} from 'pdf-lib';

const width = 1654; // A4 at 200 dpi
const height = 2339;

/** A PDF like a scanner makes: pages of one grey image each, noise that does not compress, at least `minBytes` long. */
export async function makeSampleScan(minBytes: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.setTitle('スキャン（見本）');
  const pages = Math.max(1, Math.ceil(minBytes / (width * height)));
  for (let page = 0; page < pages; page += 1) addScannedPage(document, page);
  return document.save({ useObjectStreams: false });
}

function addScannedPage(document: PDFDocument, number: number): void {
  const image = document.context.stream(scannedImage(number), {
    Type: 'XObject',
    Subtype: 'Image',
    Width: width,
    Height: height,
    ColorSpace: 'DeviceGray',
    BitsPerComponent: 8,
  });
  const page = document.addPage([595.28, 841.89]);
  const name = PDFName.of('Scan');
  page.node.setXObject(name, document.context.register(image));
  page.pushOperators(
    pushGraphicsState(),
    concatTransformationMatrix(595.28, 0, 0, 841.89, 0, 0),
    drawObject(name),
    popGraphicsState(),
  );
}

/** Paper with grain, and dark bars where lines of writing would be. */
function scannedImage(number: number): Uint8Array {
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at += 65_536) crypto.getRandomValues(pixels.subarray(at, at + 65_536));
  for (let at = 0; at < pixels.length; at += 1) {
    const row = Math.floor(at / width);
    const column = at % width;
    const writing =
      row % 60 < 12 && row > 150 && column > 150 && column < width - 150 - ((row * 37 + number * 91) % 400);
    pixels[at] = (writing ? 0x20 : 0xe0) | ((pixels[at] ?? 0) & 0x1f);
  }
  return pixels;
}
