import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '../result.ts';
import { asicManifestName, asicSignatureName } from './asic-manifest.ts';
import { storedBlocks, storedBlocksBytes } from './asic-stored-blocks.ts';
import { readZip, type ZipLimits, type ZipReason, zipContent } from './asic-zip-read.ts';
import { centralHeader, dataDescriptor, endRecord, localHeader, type ZipRecord } from './asic-zip-records.ts';
import { crc32 } from './zip-crc32.ts';

/** A file to go into a container; `sha256` and `size` are held against what the stream really gives. */
export interface AsicEntry {
  /** Path inside the container: ASCII, no `..`, not under META-INF. */
  readonly name: string;
  readonly mediaType: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly size: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What signs a container: the exact bytes of its manifest, and the detached CAdES over them (DER). */
export interface AsicSignature {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
}

/** Thrown while a container is written, so that a stream with wrong content breaks off instead of ending well. */
export class AsicWriteError extends Error {
  override readonly name = 'AsicWriteError';
}

export const asicMediaType = 'application/vnd.etsi.asic-e+zip';

const descriptorBytes = 16;
// 32-bit offsets, with room for the directory (no ZIP64).
const maxContainerBytes = 0xffff_ffff - 1_048_576;
const nameForm = /^(?!META-INF\/|mimetype$)(?!.*(?:^|\/)\.{0,2}(?:\/|$))[A-Za-z0-9._/+@=-]{1,200}$/i;

/**
 * Writes an ASiC-E container (ETSI EN 319 162-1) as a stream; memory stays flat whatever the size. `mimetype` comes first,
 * stored; files whose CRC is not known yet travel in stored blocks of a deflate stream, which every reader of ZIP
 * takes together with a data descriptor (Java's does not take one after stored files).
 *
 * @throws AsicWriteError when a file is not what `sha256` and `size` say, when a name is not allowed or comes twice, or at 4 GiB
 */
export async function* writeAsic(
  entries: Iterable<AsicEntry> | AsyncIterable<AsicEntry>,
  signature: AsicSignature,
): AsyncGenerator<Uint8Array> {
  const directory: ZipRecord[] = [];
  yield* known({ name: 'mimetype', content: new TextEncoder().encode(asicMediaType), directory });
  for await (const entry of entries) yield* streamed(entry, directory);
  yield* known({ name: asicManifestName, content: signature.manifest, directory });
  yield* known({ name: asicSignatureName, content: signature.signature, directory });
  const headers = directory.map(centralHeader);
  const bytes = headers.reduce((sum, header) => sum + header.length, 0);
  yield* headers;
  yield endRecord({ entries: directory.length, bytes, offset: offsetAfter(directory) });
}

/** How long the container will be: known before the first byte, so that a download can say its length. */
export function asicBytes(entries: readonly Pick<AsicEntry, 'name' | 'size'>[], signature: AsicSignature): number {
  const files = [
    { name: 'mimetype', bytes: asicMediaType.length, descriptor: 0 },
    ...entries.map(({ name, size }) => ({ name, bytes: storedBlocksBytes(size), descriptor: descriptorBytes })),
    { name: asicManifestName, bytes: signature.manifest.length, descriptor: 0 },
    { name: asicSignatureName, bytes: signature.signature.length, descriptor: 0 },
  ];
  return files.reduce((sum, file) => sum + 30 + 46 + 2 * file.name.length + file.bytes + file.descriptor, 22);
}

function* known(file: { readonly name: string; readonly content: Uint8Array; readonly directory: ZipRecord[] }) {
  const record: ZipRecord = {
    name: file.name,
    method: 0,
    crcFollows: 'no',
    crc: crc32(file.content, 0),
    compressed: file.content.length,
    size: file.content.length,
    offset: offsetAfter(file.directory),
  };
  file.directory.push(record);
  yield localHeader(record);
  yield file.content;
}

async function* streamed(entry: AsicEntry, directory: ZipRecord[]): AsyncGenerator<Uint8Array> {
  if (!nameForm.test(entry.name)) throw new AsicWriteError('a name is not allowed in a container');
  if (directory.some((record) => record.name.toLowerCase() === entry.name.toLowerCase())) {
    throw new AsicWriteError('a name comes twice');
  }
  const start = { name: entry.name, method: 8, crcFollows: 'yes', offset: offsetAfter(directory) } as const;
  if (start.offset + storedBlocksBytes(entry.size) > maxContainerBytes) throw new AsicWriteError('more than 4 GiB');
  yield localHeader({ ...start, crc: 0, compressed: 0, size: 0 });
  const seen = { crc: 0 };
  yield* storedBlocks(checked(entry, seen), entry.size);
  const record = { ...start, crc: seen.crc, compressed: storedBlocksBytes(entry.size), size: entry.size };
  yield dataDescriptor(record);
  directory.push(record);
}

async function* checked(entry: AsicEntry, seen: { crc: number }): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of entry.bytes) {
    size += chunk.length;
    if (size > entry.size) throw new AsicWriteError('a file is longer than announced');
    hash.update(chunk);
    seen.crc = crc32(chunk, seen.crc);
    yield chunk;
  }
  if (size !== entry.size || hash.digest('hex') !== entry.sha256) {
    throw new AsicWriteError('a file is not what its size and digest say');
  }
}

function offsetAfter(directory: readonly ZipRecord[]): number {
  const last = directory.at(-1);
  if (last === undefined) return 0;
  return last.offset + 30 + last.name.length + last.compressed + (last.crcFollows === 'yes' ? descriptorBytes : 0);
}

export interface AsicFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A container, unpacked and judged by its form alone; nothing about its signatures has been verified. */
export interface AsicContainer {
  /** `META-INF/ASiCManifest*.xml`. */
  readonly manifests: readonly AsicFile[];
  /** Every other file under META-INF. */
  readonly signatures: readonly AsicFile[];
  /** What the container is about. */
  readonly files: readonly AsicFile[];
}

export type AsicReason = ZipReason | 'asic-mimetype' | 'asic-manifest-missing';

/** 64 documents, their sealed manifest and the container's own files; archives inside stay closed only if asked for. */
export const asicLimits: ZipLimits = {
  maxEntries: 72,
  maxBytes: 200 * 1024 * 1024,
  maxRatio: 100,
  nestedArchives: 'refused',
};

/** Reads a container: all checks of a hostile ZIP first, then the rule of `mimetype`, then the contents. */
export function readAsic(bytes: Uint8Array, limits: ZipLimits = asicLimits): Result<AsicContainer, AsicReason> {
  const entries = readZip(bytes, limits);
  if (!entries.ok) return entries;
  const [first, ...others] = entries.value;
  // EN 319 162-1 §A.1: first, stored, no extra field, exactly the media type.
  if (first?.name !== 'mimetype' || first.method !== 0 || first.localExtraBytes !== 0) return refuse('asic-mimetype');
  if (new TextDecoder().decode(first.data) !== asicMediaType) return refuse('asic-mimetype');
  const files: AsicFile[] = [];
  for (const entry of others) {
    const content = zipContent(entry, limits);
    if (!content.ok) return content;
    files.push({ name: entry.name, content: content.value });
  }
  const meta = files.filter(({ name }) => name.startsWith('META-INF/'));
  const manifests = meta.filter(({ name }) => /^META-INF\/ASiCManifest[0-9A-Za-z._-]*\.xml$/.test(name));
  if (manifests.length === 0) return refuse('asic-manifest-missing');
  return ok({
    manifests,
    signatures: meta.filter((file) => !manifests.includes(file)),
    files: files.filter((file) => !meta.includes(file)),
  });
}
