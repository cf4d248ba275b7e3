import { crc32 } from '../crypto/zip-crc32.ts';
import { type Fault, fault } from '../faults.ts';
import { type ImageReader, isSane } from './image.ts';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const metadataChunks = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf']);

/** Walks the chunks of a PNG (ISO 15948 §5) as its bytes pass: IHDR first, IDAT, IEND last, checksums right, nothing behind. */
export function pngReader(): ImageReader {
  const walk: Walk = {
    part: 'signature',
    small: [],
    type: '',
    left: 0,
    crc: 0,
    header: [],
    chunks: 0,
    pictures: 0,
    metadata: false,
  };
  return {
    take(piece) {
      for (let at = 0; at < piece.length; ) {
        if (walk.part === 'data') {
          at += takeData(walk, piece.subarray(at, at + walk.left));
          continue;
        }
        const refused = takeSmall(walk, piece[at] ?? 0);
        if (refused !== undefined) return refused;
        at += 1;
      }
      return undefined;
    },
    end() {
      if (walk.part === 'done') return undefined;
      return walk.part === 'signature' ? notPng() : broken('truncated');
    },
    hasMetadata: () => walk.metadata,
  };
}

interface Walk {
  part: 'signature' | 'head' | 'data' | 'crc' | 'done';
  /** Signature, heads and checksums: a few bytes each, which may be torn between pieces. */
  small: number[];
  type: string;
  /** Bytes of the chunk's data that are still to come. */
  left: number;
  crc: number;
  header: number[];
  chunks: number;
  pictures: number;
  metadata: boolean;
}

function takeData(walk: Walk, data: Uint8Array): number {
  if (walk.type === 'IHDR') walk.header.push(...data);
  walk.crc = crc32(data, walk.crc);
  walk.left -= data.length;
  if (walk.left === 0) walk.part = 'crc';
  return data.length;
}

function takeSmall(walk: Walk, byte: number): Fault | undefined {
  if (walk.part === 'done') return fault('document.extra-content', { detail: 'png:after-end' });
  walk.small.push(byte);
  if (walk.part === 'signature' && byte !== signature[walk.small.length - 1]) return notPng();
  if (walk.small.length < (walk.part === 'crc' ? 4 : 8)) return undefined;
  const taken = walk.small;
  walk.small = [];
  if (walk.part === 'head') return beginChunk(walk, taken);
  if (walk.part === 'crc') return endChunk(walk, number32(taken));
  walk.part = 'head';
  return undefined;
}

function beginChunk(walk: Walk, head: readonly number[]): Fault | undefined {
  const length = number32(head);
  const type = String.fromCharCode(...head.slice(4));
  if (length > 0x7fffffff || !/^[A-Za-z]{4}$/.test(type)) return broken('chunk');
  if ((walk.chunks === 0) !== (type === 'IHDR')) return broken('IHDR');
  if ((type === 'IHDR' && length !== 13) || (type === 'IEND' && length !== 0)) return broken('chunk-length');
  walk.chunks += 1;
  if (type === 'IDAT') walk.pictures += 1;
  if (metadataChunks.has(type)) walk.metadata = true;
  walk.type = type;
  walk.crc = crc32(Uint8Array.from(head.slice(4)), 0);
  walk.left = length;
  walk.part = length === 0 ? 'crc' : 'data';
  return undefined;
}

function endChunk(walk: Walk, crc: number): Fault | undefined {
  if (crc !== walk.crc) return broken('crc');
  walk.part = walk.type === 'IEND' ? 'done' : 'head';
  if (walk.type === 'IHDR' && !isSane(number32(walk.header), number32(walk.header.slice(4))))
    return broken('dimensions');
  if (walk.type === 'IEND' && walk.pictures === 0) return broken('IDAT');
  return undefined;
}

function number32(bytes: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  return a * 0x1000000 + b * 0x10000 + c * 0x100 + d;
}

function notPng(): Fault {
  return fault('document.not-what-it-says', { params: { type: 'image/png' } });
}

function broken(detail: string): Fault {
  return fault('document.damaged', { detail: `png:${detail}` });
}
