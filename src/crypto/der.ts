import { ok, type Result, refuse } from '../result.ts';

export type DerReason =
  | 'der.too-large'
  | 'der.too-deep'
  | 'der.truncated'
  | 'der.trailing-bytes'
  | 'der.tag'
  | 'der.length'
  | 'der.boolean'
  | 'der.integer'
  | 'der.null'
  | 'der.oid'
  | 'der.bit-string'
  | 'der.utf8'
  | 'der.set-order'
  | 'der.structure';

export interface DerLimits {
  readonly maxBytes?: number;
  readonly maxDepth?: number;
}

/** One tag-length-value: `content` and `bytes` are views into the input, nothing is copied. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Thrown by the readers of this folder, and turned into a refusal by every exported `parse…`. */
export class DerError extends Error {
  readonly reason: DerReason;
  constructor(reason: DerReason) {
    super(reason);
    this.name = 'DerError';
    this.reason = reason;
  }
}

/**
 * Strict DER scanner (X.690 §8, §10, §11): one value and nothing behind it, shortest lengths, no indefinite form, BOOLEAN 00/FF,
 * shortest INTEGER, zero padding bits, sorted SET OF, bounded size and depth. Linear in the input.
 * It stands in front of every certificate, CRL, CMS message and time-stamp token, because asn1js is a BER reader.
 *
 * @param limits `maxBytes` 1 MiB and `maxDepth` 32 unless told
 */
export function checkDer(bytes: Uint8Array, limits: DerLimits = {}): Result<true, DerReason> {
  try {
    scanDer(bytes, limits);
    return ok(true);
  } catch (error) {
    if (error instanceof DerError) return refuse(error.reason);
    throw error;
  }
}

/** The scanner for readers: the whole value, or a DerError. */
export function scanDer(bytes: Uint8Array, limits: DerLimits = {}): DerValue {
  if (bytes.length > (limits.maxBytes ?? 1_048_576)) throw new DerError('der.too-large');
  const value = scanValue(bytes, limits.maxDepth ?? 32);
  if (value.bytes.length !== bytes.length) throw new DerError('der.trailing-bytes');
  return value;
}

/** The value that begins at `offset`; lengths are checked here, contents by `scanDer`. */
export function readDer(bytes: Uint8Array, offset = 0): DerValue {
  const tag = byteAt(bytes, offset);
  // High tag numbers and end-of-contents occur in no structure that we read.
  if ((tag & 0x1f) === 0x1f || tag === 0) throw new DerError('der.tag');
  const first = byteAt(bytes, offset + 1);
  const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
  const length = first < 0x80 ? first : longLength(bytes, offset + 2, first & 0x7f);
  const end = offset + header + length;
  if (end > bytes.length) throw new DerError('der.truncated');
  return { tag, content: bytes.subarray(offset + header, end), bytes: bytes.subarray(offset, end) };
}

function longLength(bytes: Uint8Array, start: number, count: number): number {
  // X.690 §10.1: definite, fewest octets; four octets reach far beyond every size cap.
  if (count === 0 || count > 4) throw new DerError('der.length');
  let length = 0;
  for (let index = 0; index < count; index++) length = length * 256 + byteAt(bytes, start + index);
  if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError('der.length');
  return length;
}

function byteAt(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) throw new DerError('der.truncated');
  return byte;
}

function scanValue(bytes: Uint8Array, depth: number): DerValue {
  if (depth === 0) throw new DerError('der.too-deep');
  const value = readDer(bytes);
  const constructed = (value.tag & 0x20) !== 0;
  if (value.tag < 0x40) checkUniversalForm(value.tag);
  if (constructed) scanChildren(value, depth - 1);
  else if (value.tag < 0x40) checkPrimitive(value);
  return value;
}

function scanChildren(value: DerValue, depth: number): void {
  let previous: Uint8Array | null = null;
  for (let offset = 0; offset < value.content.length; ) {
    const child = scanValue(value.content.subarray(offset), depth);
    // X.690 §11.6; a SET of different tags sorts the same way, since the tag comes first.
    if (value.tag === 0x31 && previous !== null && compareBytes(previous, child.bytes) > 0) {
      throw new DerError('der.set-order');
    }
    previous = child.bytes;
    offset += child.bytes.length;
  }
}

/** X.690 §10.2: strings are primitive in DER; SEQUENCE and SET are always constructed. */
function checkUniversalForm(tag: number): void {
  const number = tag & 0x1f;
  const mustBeConstructed = number === 0x10 || number === 0x11 || number === 0x08 || number === 0x0b;
  if (((tag & 0x20) !== 0) !== mustBeConstructed) throw new DerError('der.tag');
}

function checkPrimitive({ tag, content }: DerValue): void {
  switch (tag) {
    case 0x01:
      if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw new DerError('der.boolean');
      return;
    case 0x02:
    case 0x0a:
      return checkInteger(content);
    case 0x03:
      return checkBitString(content);
    case 0x05:
      if (content.length !== 0) throw new DerError('der.null');
      return;
    case 0x06:
      return checkOid(content);
    case 0x0c:
      return checkUtf8(content);
  }
}

function checkInteger(content: Uint8Array): void {
  const first = byteAt(content, 0);
  const second = content[1];
  if (second === undefined) return;
  // X.690 §8.3.2: the first nine bits are neither all zero nor all one.
  if ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)) throw new DerError('der.integer');
}

function checkBitString(content: Uint8Array): void {
  const unused = byteAt(content, 0);
  const last = content.length > 1 ? byteAt(content, content.length - 1) : 0;
  if (unused > 7 || (content.length === 1 && unused > 0)) throw new DerError('der.bit-string');
  if ((last & ((1 << unused) - 1)) !== 0) throw new DerError('der.bit-string');
}

function checkOid(content: Uint8Array): void {
  let starts = true;
  for (const byte of content) {
    // X.690 §8.19.2: no leading 80 in a subidentifier.
    if (starts && byte === 0x80) throw new DerError('der.oid');
    starts = byte < 0x80;
  }
  if (content.length === 0 || !starts) throw new DerError('der.oid');
}

function checkUtf8(content: Uint8Array): void {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new DerError('der.utf8');
  }
}

/** Order of unsigned bytes, a shorter prefix first. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const common = Math.min(left.length, right.length);
  for (let index = 0; index < common; index++) {
    const difference = byteAt(left, index) - byteAt(right, index);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
