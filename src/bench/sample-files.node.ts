import { createHash, randomFillSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  concatTransformationMatrix,
  drawObject,
  PDFDocument,
  PDFName,
  popGraphicsState,
  pushGraphicsState,
} from 'pdf-lib';

export interface SampleFile {
  readonly bytes: number;
  readonly sha256: Buffer;
}

/** A scanned page of 300 KB: one grey image that does not compress. */
export async function makeScan(): Promise<Buffer> {
  const [width, height] = [500, 597];
  const document = await PDFDocument.create();
  const pixels = randomFillSync(new Uint8Array(width * height));
  const image = document.context.stream(pixels, {
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
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

const dataBytes = 1024 * 1024;

/** A PNG of exactly so many bytes in its form (not a picture that decodes), made piece by piece. */
function* largePng(bytes: number): Generator<Buffer> {
  const side = Math.ceil(Math.sqrt(bytes / 8));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // 16 bits for each of red, green, blue and alpha.
  header.set([16, 6, 0, 0, 0], 8);
  const begin = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header)]);
  const end = chunk('IEND', Buffer.alloc(0));
  const data = chunk('IDAT', randomFillSync(Buffer.alloc(dataBytes)));
  yield begin;
  let left = bytes - begin.length - end.length;
  for (; left > data.length + emptyChunkBytes; left -= data.length) yield data;
  yield chunk('IDAT', Buffer.alloc(left - emptyChunkBytes));
  yield end;
}

/** Its length and digest, and the same bytes as often as wanted. */
export function openLargePng(bytes: number): SampleFile & { read(): AsyncIterable<Uint8Array> } {
  const pieces = [...largePng(bytes)];
  const digest = createHash('sha256');
  for (const piece of pieces) digest.update(piece);
  return {
    bytes: pieces.reduce((sum, piece) => sum + piece.length, 0),
    sha256: digest.digest(),
    async *read() {
      yield* pieces;
    },
  };
}

const emptyChunkBytes = 12;

/** PNG (ISO/IEC 15948) §5.3: length, type, data, CRC of type and data. */
function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(emptyChunkBytes + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}
