import { DerError, type DerValue, readDer } from './der.ts';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A place between the members of a SEQUENCE. The readers below move it; `endOf` says that nothing is left. */
export interface DerCursor {
  readonly members: Uint8Array;
  at: number;
}

/** Opens a constructed value of the given tag. */
export function openDer(value: DerValue, tag: number = TAG.sequence): DerCursor {
  expectTag(value, tag);
  return { members: value.content, at: 0 };
}

/** The next member, whatever its tag. */
export function nextDer(cursor: DerCursor): DerValue {
  if (cursor.at >= cursor.members.length) throw new DerError('der.structure');
  const value = readDer(cursor.members, cursor.at);
  cursor.at += value.bytes.length;
  return value;
}

/** The next member, which must have this tag. */
export function nextOf(cursor: DerCursor, tag: number): DerValue {
  const value = nextDer(cursor);
  expectTag(value, tag);
  return value;
}

/** The next member when it has this tag, for OPTIONAL and DEFAULT. */
export function nextIf(cursor: DerCursor, tag: number): DerValue | null {
  return cursor.members[cursor.at] === tag ? nextDer(cursor) : null;
}

export function endOf(cursor: DerCursor): void {
  if (cursor.at !== cursor.members.length) throw new DerError('der.structure');
}

/** All members of a constructed value. */
export function membersOf(value: DerValue, tag: number = TAG.sequence): DerValue[] {
  const cursor = openDer(value, tag);
  const members: DerValue[] = [];
  while (cursor.at < cursor.members.length) members.push(nextDer(cursor));
  return members;
}

/** The one value inside an explicit tag. */
export function innerDer(value: DerValue): DerValue {
  const inner = readDer(value.content);
  if (inner.bytes.length !== value.content.length) throw new DerError('der.structure');
  return inner;
}

export function expectTag(value: DerValue, tag: number): void {
  if (value.tag !== tag) throw new DerError('der.structure');
}

export function booleanOf(value: DerValue, tag: number = TAG.boolean): boolean {
  expectTag(value, tag);
  const first = value.content[0];
  // Implicitly tagged booleans are opaque to the scanner.
  if (value.content.length !== 1 || (first !== 0 && first !== 0xff)) throw new DerError('der.boolean');
  return first === 0xff;
}

/** A non-negative INTEGER below 2^31. */
export function countOf(value: DerValue, tag: number = TAG.integer): number {
  expectTag(value, tag);
  const [first] = value.content;
  if (first === undefined || first >= 0x80 || value.content.length > 4) throw new DerError('der.integer');
  if (first === 0 && value.content.length > 1 && (value.content[1] ?? 0) < 0x80) throw new DerError('der.integer');
  return value.content.reduce((sum, byte) => sum * 256 + byte, 0);
}

export function oidOf(value: DerValue, tag: number = TAG.oid): string {
  expectTag(value, tag);
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of value.content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    // X.690 sets no bound; 128 bits (a UUID under 2.25) is the largest in use.
    if (arc >> 136n) throw new DerError('der.oid');
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const [head, ...rest] = arcs;
  if (head === undefined || (value.content.at(-1) ?? 0x80) >= 0x80) throw new DerError('der.oid');
  const root = head < 80n ? head / 40n : 2n;
  return [root, head - root * 40n, ...rest].join('.');
}

/** Named bits, e.g. keyUsage: the numbers of the bits that are set. */
export function namedBitsOf(value: DerValue, tag: number = TAG.bitString): number[] {
  expectTag(value, tag);
  const [unused, ...octets] = value.content;
  const last = octets.at(-1) ?? 0;
  // X.690 §11.2.2: no trailing zero bits in a named bit list.
  if (unused === undefined || unused > 7 || (octets.length === 0 && unused > 0)) throw new DerError('der.bit-string');
  if (octets.length > 0 && (last & ((1 << (unused + 1)) - 1)) !== 1 << unused) throw new DerError('der.bit-string');
  return octets.flatMap((octet, index) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => octet & (0x80 >> bit)).map((bit) => index * 8 + bit),
  );
}

/** A BIT STRING of whole octets: keys and signatures. */
export function bitOctetsOf(value: DerValue): Uint8Array {
  expectTag(value, TAG.bitString);
  if (value.content[0] !== 0) throw new DerError('der.bit-string');
  return value.content.subarray(1);
}

export function octetsOf(value: DerValue, tag: number = TAG.octetString): Uint8Array {
  expectTag(value, tag);
  return value.content;
}

/** Seven-bit text (IA5String, usually under an implicit tag). */
export function asciiOf(value: DerValue): string {
  if (value.content.some((byte) => byte >= 0x80)) throw new DerError('der.structure');
  return decode('utf-8', value.content);
}

export type TimeForm = 'utc' | 'generalized';

/** RFC 5280 §4.1.2.5: seconds present, `Z`, no fractions; a day that does not exist is refused. */
export function timeOf(value: DerValue): { date: Date; form: TimeForm } {
  if (value.tag !== TAG.utcTime && value.tag !== TAG.generalizedTime) throw new DerError('der.structure');
  const form = value.tag === TAG.utcTime ? 'utc' : 'generalized';
  const text = asciiOf(value);
  const century = form === 'generalized' ? '' : Number(text.slice(0, 2)) < 50 ? '20' : '19';
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text);
  if (match === null) throw new DerError('der.structure');
  const iso = `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}.000Z`;
  const date = new Date(iso);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw new DerError('der.structure');
  return { date, form };
}

/** The text of any ASN.1 string type that occurs in names, or null for another type. */
export function textOf(value: DerValue): string | null {
  switch (value.tag) {
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case TAG.ia5String:
    case 0x1a: // VisibleString
      return asciiOf(value);
    case TAG.utf8String:
      return decode('utf-8', value.content);
    case 0x14: // TeletexString, read as Latin-1 as everybody does
      return Array.from(value.content, (byte) => String.fromCharCode(byte)).join('');
    case 0x1e: // BMPString
      return decode('utf-16be', value.content);
    default:
      return null;
  }
}

function decode(encoding: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new DerError('der.utf8');
  }
}
