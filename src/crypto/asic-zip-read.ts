import { ok, type Result, refuse } from '../result.ts';
import { inflate } from './asic-inflate.ts';
import { beginsLikeArchive, hasArchiveName, zipName, zipNameKey } from './asic-zip-names.ts';
import { crc32 } from './zip-crc32.ts';

export type ZipReason =
  | 'zip-malformed'
  | 'zip-too-many-entries'
  | 'zip-too-large'
  | 'zip-ratio'
  | 'zip-encrypted'
  | 'zip-unsupported'
  | 'zip-name'
  | 'zip-duplicate'
  | 'zip-headers-differ'
  | 'zip-nested'
  | 'zip-content';

export interface ZipLimits {
  readonly maxEntries: number;
  /** All files together, inflated. */
  readonly maxBytes: number;
  readonly maxRatio: number;
  /** An archive inside is refused, or kept as a file that nobody opens here. */
  readonly nestedArchives: 'refused' | 'kept';
}

/** An entry as the directory and its local header agree on it; nothing has been inflated. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  /** The stored or deflated bytes, a view. */
  readonly data: Uint8Array;
  readonly localExtraBytes: number;
}

/** Thrown inside the reader only; {@link readZip} returns the reason. */
class ZipError extends Error {
  readonly reason: ZipReason;
  constructor(reason: ZipReason) {
    super(reason);
    this.name = 'ZipError';
    this.reason = reason;
  }
}

const endBytes = 22;
// APPNOTE 4.4.4: deflate level (1, 2), descriptor (3), UTF-8 (11). Everything else changes how to read the file.
const knownFlags = 0x080e;
const encryptedFlags = 0x2041;
const refusedExtras = [0x0001, 0x0017, 0x6375, 0x7075, 0x9901];

/**
 * Reads the structure of a ZIP file: one directory at the very end, every entry once, in order, without gaps, its local
 * header saying the same. Names, number, sizes, ratio, encryption and nesting are judged before anything is inflated.
 */
export function readZip(bytes: Uint8Array, limits: ZipLimits): Result<readonly ZipEntry[], ZipReason> {
  try {
    const entries = readDirectory(bytes, limits);
    checkLimits(entries, limits);
    return ok(entries);
  } catch (error) {
    if (error instanceof ZipError) return refuse(error.reason);
    // DataView past the end.
    if (error instanceof RangeError) return refuse('zip-malformed');
    throw error;
  }
}

/** The content of an entry: inflated to exactly its size, its CRC right. */
export function zipContent(entry: ZipEntry, limits: ZipLimits): Result<Uint8Array, ZipReason> {
  const content = entry.method === 0 ? entry.data : inflate(entry.data, entry.size);
  if (content === null || crc32(content, 0) !== entry.crc) return refuse('zip-content');
  return limits.nestedArchives === 'refused' && beginsLikeArchive(content) ? refuse('zip-nested') : ok(content);
}

function readDirectory(bytes: Uint8Array, limits: ZipLimits): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - endBytes;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw new ZipError('zip-malformed');
  const count = view.getUint16(end + 10, true);
  const directory = view.getUint32(end + 16, true);
  // One disk, no comment, and the directory reaches exactly to the end record.
  const whole = view.getUint32(end + 4, true) === 0 && view.getUint16(end + 8, true) === count;
  const exact = directory + view.getUint32(end + 12, true) === end && view.getUint16(end + 20, true) === 0;
  if (!whole || !exact) throw new ZipError('zip-malformed');
  if (count > limits.maxEntries) throw new ZipError('zip-too-many-entries');
  const entries: ZipEntry[] = [];
  let at = directory;
  let next = 0;
  for (let index = 0; index < count; index += 1) {
    const { entry, headerEnd, dataEnd } = readEntry({ view, bytes, at, next, end, directory });
    entries.push(entry);
    at = headerEnd;
    next = dataEnd;
  }
  if (at !== end || next !== directory) throw new ZipError('zip-malformed');
  return entries;
}

interface EntryPlace {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  /** Where the directory's header stands, where the local header must stand, where directory and end record begin. */
  readonly at: number;
  readonly next: number;
  readonly end: number;
  readonly directory: number;
}

function readEntry(place: EntryPlace) {
  const { view, at, next } = place;
  if (at + 46 > place.end || view.getUint32(at, true) !== 0x02014b50) throw new ZipError('zip-malformed');
  const header = readFields(place, { fields: at + 6, lengths: at + 28, name: at + 46 });
  if (view.getUint32(at + 32, true) !== 0 || view.getUint32(at + 42, true) !== next)
    throw new ZipError('zip-malformed');
  checkAttributes(view, at);
  if (next + 30 > place.directory || view.getUint32(next, true) !== 0x04034b50) throw new ZipError('zip-malformed');
  const local = readFields(place, { fields: next + 4, lengths: next + 26, name: next + 30 });
  const data = place.bytes.subarray(local.end, local.end + header.compressed);
  const dataEnd = local.end + header.compressed + checkDescriptor(view, local.end + header.compressed, header);
  if (!sameFields(header, local) || dataEnd > place.directory) throw new ZipError('zip-headers-differ');
  const { name, method, crc, size } = header;
  const entry: ZipEntry = { name, method, crc, size, data, localExtraBytes: local.extraBytes };
  return { entry, headerEnd: header.end, dataEnd };
}

type Fields = ReturnType<typeof readFields>;

/** The fields that local header and directory have in common. */
function readFields(
  { view, bytes }: EntryPlace,
  at: { readonly fields: number; readonly lengths: number; readonly name: number },
) {
  const flags = view.getUint16(at.fields + 2, true);
  const method = view.getUint16(at.fields + 4, true);
  if ((flags & encryptedFlags) !== 0) throw new ZipError('zip-encrypted');
  if ((flags & ~knownFlags) !== 0 || (method !== 0 && method !== 8)) throw new ZipError('zip-unsupported');
  const nameEnd = at.name + view.getUint16(at.lengths, true);
  const extraBytes = view.getUint16(at.lengths + 2, true);
  const name = zipName(bytes.subarray(at.name, nameEnd), (flags & 0x0800) === 0 ? 'ascii' : 'utf-8');
  if (name === null) throw new ZipError('zip-name');
  checkExtras(view, nameEnd, nameEnd + extraBytes);
  return {
    versionNeeded: view.getUint16(at.fields, true),
    flags,
    method,
    time: view.getUint32(at.fields + 6, true),
    crc: view.getUint32(at.fields + 10, true),
    compressed: view.getUint32(at.fields + 14, true),
    size: view.getUint32(at.fields + 18, true),
    name,
    extraBytes,
    end: nameEnd + extraBytes,
  };
}

function sameFields(header: Fields, local: Fields): boolean {
  const same = (['versionNeeded', 'flags', 'method', 'time', 'name'] as const).every(
    (key) => header[key] === local[key],
  );
  // With a descriptor the local header may leave these at zero, but may not say something else.
  const described = (header.flags & 0x0008) !== 0;
  const keys = ['crc', 'compressed', 'size'] as const;
  return same && keys.every((key) => header[key] === local[key] || (described && local[key] === 0));
}

/** Length of the data descriptor, which must repeat what the directory says; 0 when there is none. */
function checkDescriptor(view: DataView, at: number, header: Fields): number {
  if ((header.flags & 0x0008) === 0) return 0;
  const signed = view.getUint32(at, true) === 0x08074b50 ? 4 : 0;
  const expected = [header.crc, header.compressed, header.size];
  if (expected.some((value, index) => view.getUint32(at + signed + 4 * index, true) !== value)) {
    throw new ZipError('zip-headers-differ');
  }
  return signed + 12;
}

function checkExtras(view: DataView, start: number, end: number): void {
  let at = start;
  while (at < end) {
    if (refusedExtras.includes(view.getUint16(at, true))) throw new ZipError('zip-unsupported');
    at += 4 + view.getUint16(at + 2, true);
  }
  if (at !== end) throw new ZipError('zip-malformed');
}

/** Plain files only: no folder, no link, no device. */
function checkAttributes(view: DataView, at: number): void {
  const host = view.getUint8(at + 5);
  const external = view.getUint32(at + 38, true);
  const unixType = (external >>> 28) & 0xf;
  if (host !== 0 && host !== 3) throw new ZipError('zip-unsupported');
  if ((external & 0x10) !== 0 || (unixType !== 0 && unixType !== 8)) throw new ZipError('zip-unsupported');
}

function checkLimits(entries: readonly ZipEntry[], limits: ZipLimits): void {
  const keys = new Set(entries.map((entry) => zipNameKey(entry.name)));
  if (keys.size !== entries.length) throw new ZipError('zip-duplicate');
  if (entries.reduce((sum, entry) => sum + entry.size, 0) > limits.maxBytes) throw new ZipError('zip-too-large');
  for (const entry of entries) {
    if (entry.method === 0 && entry.data.length !== entry.size) throw new ZipError('zip-headers-differ');
    if (entry.size > limits.maxRatio * Math.max(entry.data.length, 1)) throw new ZipError('zip-ratio');
    const nested = hasArchiveName(entry.name) || (entry.method === 0 && beginsLikeArchive(entry.data));
    if (limits.nestedArchives === 'refused' && nested) throw new ZipError('zip-nested');
  }
}
