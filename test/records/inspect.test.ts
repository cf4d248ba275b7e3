import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { describe, expect, it } from 'vitest';
import type { PdfTrust } from '../../src/crypto/pdf/verify/report.ts';
import { noRevocationSource } from '../../src/crypto/x509/revocation.ts';
import type { Fault } from '../../src/faults.ts';
import { inspectorFor } from '../../src/records/inspect.ts';
import { type InspectionDesk, openInspectionDesk } from '../../src/records/inspection-desk.ts';
import type { DocumentKind, MediaType } from '../../src/records/kinds.ts';
import { makePdf, onePage } from './pdf-maker.ts';

interface Verdict {
  readonly code: string;
  readonly findings: readonly string[];
}

interface Given {
  readonly mediaType: MediaType;
  readonly kind?: DocumentKind;
  readonly bytes: Uint8Array;
  readonly pieceBytes?: number;
}

/** Whoever believes nobody. */
const nobody: PdfTrust = { anchors: [], timestampAnchors: [], revocation: noRevocationSource, at: new Date() };

/** As the gateway does: piece by piece, then the end. */
async function inspect(
  { mediaType, kind = 'other', bytes, pieceBytes = 65_536 }: Given,
  desk: InspectionDesk = openInspectionDesk(),
): Promise<Verdict> {
  const inspector = inspectorFor({ mediaType, kind }, desk, nobody);
  let fault: Fault | undefined;
  try {
    for (let at = 0; at < bytes.length && fault === undefined; at += pieceBytes) {
      fault = inspector.take(bytes.subarray(at, at + pieceBytes));
    }
    fault ??= await inspector.end();
    return { code: fault?.code ?? 'passes', findings: inspector.findings() };
  } finally {
    inspector.close();
  }
}

async function codeOf(mediaType: MediaType, bytes: Uint8Array, pieceBytes?: number): Promise<string> {
  return (await inspect({ mediaType, bytes, ...(pieceBytes === undefined ? {} : { pieceBytes }) })).code;
}

const html = Buffer.from('<!doctype html><title>x</title><script>alert(1)</script>');

function segment(marker: number, data: readonly number[]): Buffer {
  return Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff, ...data]);
}

function frame(width: number, height: number): Buffer {
  return segment(0xc0, [8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0]);
}

function jpeg(parts: readonly Buffer[] = [frame(1654, 2339)], end = Buffer.from([0xff, 0xd9])): Buffer {
  const scan = segment(0xda, [1, 1, 0, 0, 63, 0]);
  const data = Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xff, 0x00]);
  const jfif = segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), jfif, ...parts, scan, data, end]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function imageHeader(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.writeUInt8(8, 8);
  return chunk('IHDR', data);
}

function png(more: readonly Buffer[] = [], header = imageHeader(2, 2)): Buffer {
  const pixels = chunk('IDAT', deflateSync(Buffer.from([0, 1, 2, 0, 3, 4])));
  return Buffer.concat([pngSignature, header, ...more, pixels, chunk('IEND', Buffer.alloc(0))]);
}

describe('a file that is not what it says (U-09)', () => {
  it('is refused whatever type it pretends to be, already at its first bytes where there are any', async () => {
    for (const mediaType of ['application/pdf', 'application/json', 'image/jpeg', 'image/png'] as const) {
      expect(await codeOf(mediaType, html)).toBe('document.not-what-it-says');
    }
    const inspector = inspectorFor({ mediaType: 'application/pdf', kind: 'other' }, openInspectionDesk(), nobody);
    expect(inspector.take(html.subarray(0, 3))?.code).toBe('document.not-what-it-says');
    inspector.close();
  });

  it('is refused when types are exchanged, and when it is empty', async () => {
    const files = { 'application/pdf': makePdf(onePage), 'image/jpeg': jpeg(), 'image/png': png() } as const;
    for (const [type, bytes] of Object.entries(files)) {
      for (const mediaType of ['application/pdf', 'image/jpeg', 'image/png', 'application/json'] as const) {
        const code = await codeOf(mediaType, bytes);
        expect(code === 'passes').toBe(type === mediaType);
      }
    }
    for (const mediaType of ['application/pdf', 'image/jpeg', 'image/png', 'application/json'] as const) {
      expect(await codeOf(mediaType, new Uint8Array())).toMatch(/^document\./);
    }
  });
});

describe('JPEG', () => {
  it('passes in pieces of any size, with restarts, stuffed bytes and several scans', async () => {
    for (const pieceBytes of [1, 2, 3, 7, 1_000]) expect(await codeOf('image/jpeg', jpeg(), pieceBytes)).toBe('passes');
    const scan = segment(0xda, [1, 1, 0, 0, 63, 0]);
    const progressive = jpeg([frame(8, 8)], Buffer.concat([segment(0xc4, [0]), scan, Buffer.from([1, 2, 0xff, 0xd9])]));
    expect(await codeOf('image/jpeg', progressive)).toBe('passes');
  });

  it('tells of what a camera writes beside the picture', async () => {
    const exif = segment(0xe1, [...Buffer.from('Exif\0\0')]);
    expect(await inspect({ mediaType: 'image/jpeg', bytes: jpeg([exif, frame(8, 8)]) })).toEqual({
      code: 'passes',
      findings: ['image.metadata'],
    });
    expect((await inspect({ mediaType: 'image/jpeg', bytes: jpeg() })).findings).toEqual([]);
  });

  it('refuses what follows the end, a cut file, a scan without a frame and absurd sizes', async () => {
    expect(await codeOf('image/jpeg', Buffer.concat([jpeg(), html]))).toBe('document.extra-content');
    expect(await codeOf('image/jpeg', jpeg().subarray(0, -2))).toBe('document.damaged');
    expect(await codeOf('image/jpeg', jpeg([]))).toBe('document.damaged');
    expect(await codeOf('image/jpeg', jpeg([frame(0, 5)]))).toBe('document.damaged');
    expect(await codeOf('image/jpeg', jpeg([frame(65_535, 65_535)]))).toBe('document.damaged');
    expect(await codeOf('image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xd9]))).toBe('document.damaged');
    expect(await codeOf('image/jpeg', jpeg([Buffer.from('junk'), frame(8, 8)]))).toBe('document.damaged');
  });
});

describe('PNG', () => {
  it('passes in pieces of any size and tells of texts in it', async () => {
    for (const pieceBytes of [1, 2, 3, 7, 1_000]) expect(await codeOf('image/png', png(), pieceBytes)).toBe('passes');
    const text = chunk('tEXt', Buffer.from('Author\0x'));
    expect(await inspect({ mediaType: 'image/png', bytes: png([text]) })).toEqual({
      code: 'passes',
      findings: ['image.metadata'],
    });
  });

  it('refuses what follows the end, a cut file, a wrong checksum, absurd sizes and chunks out of place', async () => {
    expect(await codeOf('image/png', Buffer.concat([png(), Buffer.from('PK')]))).toBe('document.extra-content');
    expect(await codeOf('image/png', png().subarray(0, -1))).toBe('document.damaged');
    const flipped = png();
    flipped.writeUInt8(flipped.readUInt8(20) ^ 1, 20);
    expect(await codeOf('image/png', flipped)).toBe('document.damaged');
    expect(await codeOf('image/png', png([], imageHeader(100_000, 100_000)))).toBe('document.damaged');
    expect(await codeOf('image/png', png([], imageHeader(0, 1)))).toBe('document.damaged');
    expect(await codeOf('image/png', png([imageHeader(2, 2)]))).toBe('document.damaged');
    expect(await codeOf('image/png', Buffer.concat([pngSignature, chunk('IEND', Buffer.alloc(0))]))).toBe(
      'document.damaged',
    );
  });
});

describe('any mutation of a picture', () => {
  it('gets a verdict that does not depend on how it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(['image/png', png()] as const, ['image/jpeg', jpeg()] as const),
        fc.array(fc.record({ at: fc.nat(), byte: fc.nat(255) }), { maxLength: 3 }),
        fc.integer({ min: 1, max: 20 }),
        async ([mediaType, good], changes, pieceBytes) => {
          const bytes = Buffer.from(good);
          for (const { at, byte } of changes) bytes.writeUInt8(byte, at % bytes.length);
          expect(await codeOf(mediaType, bytes, pieceBytes)).toBe(await codeOf(mediaType, bytes));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('the desk of the inspections', () => {
  it('refuses a PDF over 64 MiB as soon as that is known, and names the limit', () => {
    const inspector = inspectorFor({ mediaType: 'application/pdf', kind: 'other' }, openInspectionDesk(), nobody);
    const piece = Buffer.alloc(1024 * 1024, '%PDF-1.7\n');
    for (let index = 0; index < 64; index++) expect(inspector.take(piece)).toBeUndefined();
    expect(inspector.take(piece)).toMatchObject({ code: 'request.too-large', params: { limit: '64 MiB' } });
    inspector.close();
  });

  it('gives memory back after an end, a refusal and a broken upload, and refuses while there is none', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    const bytes = await document.save();
    const desk = openInspectionDesk(bytes.length);
    const hanging = inspectorFor({ mediaType: 'application/pdf', kind: 'other' }, desk, nobody);
    hanging.take(bytes.subarray(0, 100));
    expect((await inspect({ mediaType: 'application/pdf', bytes }, desk)).code).toBe('gateway.unavailable');
    hanging.close();
    hanging.close();
    for (let round = 0; round < 3; round++) {
      expect((await inspect({ mediaType: 'application/pdf', bytes }, desk)).code).toBe('passes');
      expect((await inspect({ mediaType: 'application/pdf', bytes: bytes.subarray(0, 200) }, desk)).code).toBe(
        'document.damaged',
      );
    }
    expect(desk.reserve(bytes.length)).toBe(true);
  });

  it('works on one file at a time, and goes on after one that fails', async () => {
    const desk = openInspectionDesk();
    const order: string[] = [];
    const first = desk.inTurn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('first');
      throw new Error('broken');
    });
    const second = desk.inTurn(() => Promise.resolve(order.push('second')));
    await expect(first).rejects.toThrow('broken');
    await second;
    expect(order).toEqual(['first', 'second']);
  });
});
