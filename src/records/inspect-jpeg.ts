import { type Fault, fault } from '../faults.ts';
import { type ImageReader, isSane } from './image.ts';

/** Walks the markers of a JPEG (ITU-T T.81 §B.1) as its bytes pass: SOI first, a frame, EOI last, nothing behind it. */
export function jpegReader(): ImageReader {
  const walk: Walk = {
    state: 'start',
    previous: 0,
    marker: 0,
    seen: 0,
    length: 0,
    frame: [],
    frames: 0,
    metadata: false,
  };
  return {
    take(piece) {
      for (let at = skip(walk, piece, 0); at < piece.length; at = skip(walk, piece, at + 1)) {
        const refused = takeByte(walk, piece[at] ?? 0);
        if (refused !== undefined) return refused;
      }
      return undefined;
    },
    end() {
      if (walk.state === 'done') return undefined;
      return walk.state === 'start' ? notJpeg() : broken('truncated');
    },
    hasMetadata: () => walk.metadata,
  };
}

interface Walk {
  state: 'start' | 'marker' | 'length' | 'segment' | 'scan' | 'done';
  /** The byte before, where a marker may begin. */
  previous: number;
  marker: number;
  /** Bytes seen of the signature or the segment. */
  seen: number;
  length: number;
  /** The first bytes of a frame header. */
  frame: number[];
  frames: number;
  metadata: boolean;
}

/** Most of a JPEG says nothing of its structure: entropy-coded data up to the next FF, and the inside of segments. */
function skip(walk: Walk, piece: Uint8Array, from: number): number {
  if (walk.state === 'scan' && walk.previous !== 0xff) {
    const next = piece.indexOf(0xff, from);
    return next === -1 ? piece.length : next;
  }
  if (walk.state !== 'segment' || isFrame(walk.marker)) return from;
  const skipped = Math.max(0, Math.min(walk.length - walk.seen - 1, piece.length - from));
  walk.seen += skipped;
  return from + skipped;
}

function takeByte(walk: Walk, byte: number): Fault | undefined {
  const { previous } = walk;
  walk.previous = byte;
  switch (walk.state) {
    case 'start':
      return takeSignature(walk, byte);
    case 'marker':
      if (previous === 0xff) return beginMarker(walk, byte);
      return byte === 0xff ? undefined : broken('between-segments');
    case 'length':
      return takeLength(walk, byte);
    case 'segment':
      walk.seen += 1;
      if (isFrame(walk.marker) && walk.frame.length < 5) walk.frame.push(byte);
      return walk.seen === walk.length ? endSegment(walk) : undefined;
    case 'scan':
      // FF 00 is a data byte, FF D0…D7 a restart
      return previous === 0xff && byte !== 0 && !(byte >= 0xd0 && byte <= 0xd7) ? beginMarker(walk, byte) : undefined;
    case 'done':
      return fault('document.extra-content', { detail: 'jpeg:after-end' });
  }
}

function takeSignature(walk: Walk, byte: number): Fault | undefined {
  walk.seen += 1;
  if (byte !== (walk.seen === 1 ? 0xff : 0xd8)) return notJpeg();
  if (walk.seen === 2) walk.state = 'marker';
  return undefined;
}

function beginMarker(walk: Walk, byte: number): Fault | undefined {
  // Any number of FF may stand before a marker.
  if (byte === 0xff) return undefined;
  if (byte === 0xd9) {
    walk.state = 'done';
    return walk.frames === 0 ? broken('no-frame') : undefined;
  }
  // Restarts stand in a scan only, and a second SOI begins another file.
  if (byte < 0xc0 || (byte >= 0xd0 && byte <= 0xd8)) return broken('marker');
  // APP1 (Exif, XMP), APP13 (IPTC), COM
  if (byte === 0xe1 || byte === 0xed || byte === 0xfe) walk.metadata = true;
  Object.assign(walk, { state: 'length', marker: byte, length: 0, seen: 0, frame: [] });
  return undefined;
}

function takeLength(walk: Walk, byte: number): Fault | undefined {
  walk.length = walk.length * 256 + byte;
  walk.seen += 1;
  if (walk.seen < 2) return undefined;
  if (walk.length < 2) return broken('length');
  walk.state = 'segment';
  return walk.length === 2 ? endSegment(walk) : undefined;
}

function endSegment(walk: Walk): Fault | undefined {
  const isScan = walk.marker === 0xda;
  walk.state = isScan ? 'scan' : 'marker';
  walk.previous = 0;
  if (isScan && walk.frames === 0) return broken('scan-before-frame');
  if (!isFrame(walk.marker)) return undefined;
  walk.frames += 1;
  // §B.2.2: precision, height, width. A height of 0 comes later in a DNL, which scanners do not write.
  const [, high = 0, low = 0, wide = 0, narrow = 0] = walk.frame;
  return isSane(wide * 256 + narrow, high * 256 + low) ? undefined : broken('dimensions');
}

/** SOF0…SOF15 without DHT (C4), JPG (C8) and DAC (CC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function notJpeg(): Fault {
  return fault('document.not-what-it-says', { params: { type: 'image/jpeg' } });
}

function broken(detail: string): Fault {
  return fault('document.damaged', { detail: `jpeg:${detail}` });
}
