import { randomBytes } from 'node:crypto';
import { close, fdatasync, link, mkdir, open, read, rename, stat, unlink, write } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { listDirectory } from './directory-list.node.ts';
import { createFolderSync, type FolderSync } from './folder-sync.node.ts';
import { selfTestStore } from './self-test.ts';
import { type ByteRange, checkObjectKey, type ObjectStore } from './store.ts';

// Callbacks made into promises: half the cost of FileHandle for short files.
const openFile = promisify(open);
const closeFile = promisify(close);
const readFile = promisify(read);
const writeFile = promisify(write);
const syncData = promisify(fdatasync);
const linkFile = promisify(link);
const unlinkFile = promisify(unlink);
const renameFile = promisify(rename);
const statFile = promisify(stat);
const makeFolder = promisify(mkdir);

/** Unfinished objects lie here, on the same file system; no key begins with a dot. */
const incoming = '.incoming';
const readBytes = 256 * 1024;
/** Written back while the rest still comes in, so that the last fsync of a large object is short. */
const flushEveryBytes = 32 * 1024 * 1024;

interface Directory {
  readonly root: string;
  readonly folders: FolderSync;
  readonly known: Set<string>;
}

/**
 * Keeps objects as files: written under a temporary name, synced, linked to the final name (which fails when it
 * exists), then the folder is synced. Whoever can write into the folder can delete objects, but not read or forge them.
 */
export async function openDirectoryStore(root: string): Promise<ObjectStore> {
  const directory: Directory = { root: path.resolve(root), folders: createFolderSync(), known: new Set() };
  await makeFolder(path.join(directory.root, incoming), { recursive: true, mode: 0o700 });
  await directory.folders.sync(directory.root);
  const store: ObjectStore = {
    put: (key, body) => putObject(directory, key, body),
    get: (key, range) => getObject(fileOf(directory, key), range),
    async head(key) {
      const found = await findFile(fileOf(directory, key));
      return found === null ? null : { bytes: found };
    },
    async delete(key) {
      const file = fileOf(directory, key);
      await unlinkFile(file).catch(ignoreMissing);
      if (await exists(path.dirname(file))) await directory.folders.sync(path.dirname(file));
    },
    list: (prefix, after) => listDirectory(directory.root, prefix, after),
    replace: (key, bytes) => replaceObject(directory, key, bytes),
    sweep: (before) => sweepIncoming(directory, before),
    selfTest: () => selfTestStore(store),
  };
  return store;
}

async function putObject(
  directory: Directory,
  key: string,
  body: AsyncIterable<Uint8Array>,
): Promise<'stored' | 'exists'> {
  const file = fileOf(directory, key);
  const temporary = await writeTemporary(directory, body);
  try {
    await openFolder(directory, path.dirname(file));
    await linkFile(temporary, file);
  } catch (error) {
    await unlinkFile(temporary);
    if (hasCode(error, 'EEXIST')) return 'exists';
    throw error;
  }
  await Promise.all([directory.folders.sync(path.dirname(file)), unlinkFile(temporary)]);
  return 'stored';
}

async function replaceObject(directory: Directory, key: string, bytes: Uint8Array): Promise<void> {
  const file = fileOf(directory, key);
  const temporary = await writeTemporary(directory, single(bytes));
  await openFolder(directory, path.dirname(file));
  await renameFile(temporary, file);
  await directory.folders.sync(path.dirname(file));
}

/** Writes and syncs a file under a random name; removes it when the body or the disk fails. */
async function writeTemporary(directory: Directory, body: AsyncIterable<Uint8Array>): Promise<string> {
  const temporary = path.join(directory.root, incoming, randomBytes(16).toString('hex'));
  const descriptor = await openFile(temporary, 'wx', 0o600);
  try {
    try {
      await writeBody(descriptor, body);
      await syncData(descriptor);
    } finally {
      await closeFile(descriptor);
    }
  } catch (error) {
    await unlinkFile(temporary);
    throw error;
  }
  return temporary;
}

/** One write is under way while the next piece is made, so that encryption and disk work side by side. */
async function writeBody(descriptor: number, body: AsyncIterable<Uint8Array>): Promise<void> {
  let pending: Promise<void> = Promise.resolve();
  let flush: Promise<void> = Promise.resolve();
  let position = 0;
  let flushed = 0;
  try {
    for await (const piece of body) {
      await pending;
      pending = writeFully(descriptor, piece, position);
      // The loop awaits it later; without this a failure meanwhile would count as unhandled.
      pending.catch(() => undefined);
      position += piece.length;
      if (position - flushed < flushEveryBytes) continue;
      await flush;
      flush = syncData(descriptor);
      flush.catch(() => undefined);
      flushed = position;
    }
  } finally {
    // The descriptor must not be closed under a write that still runs.
    await Promise.allSettled([pending, flush]);
  }
  await pending;
  await flush;
}

async function writeFully(descriptor: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await writeFile(descriptor, bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function getObject(file: string, range: ByteRange | undefined): Promise<AsyncIterable<Uint8Array> | null> {
  const size = await findFile(file);
  if (size === null) return null;
  const from = range?.from ?? 0;
  const end = Math.min(size, (range?.to ?? size) + 1);
  return readFrom(file, from, end);
}

/** Opens the file only when the first piece is asked for: an iterable that nobody reads holds nothing. */
async function* readFrom(file: string, from: number, end: number): AsyncGenerator<Uint8Array, void, undefined> {
  if (from >= end) return;
  const descriptor = await openFile(file, 'r');
  try {
    for (let position = from; position < end; ) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(readBytes, end - position));
      const { bytesRead } = await readFile(descriptor, buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await closeFile(descriptor);
  }
}

async function sweepIncoming(directory: Directory, before: Date): Promise<void> {
  const folder = path.join(directory.root, incoming);
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await statFile(file).catch(ignoreMissing);
    if (found !== undefined && found.mtime < before) await unlinkFile(file).catch(ignoreMissing);
  }
}

/** Creates the folder of a key when it is new, and makes its own name durable up to the root. */
async function openFolder(directory: Directory, folder: string): Promise<void> {
  if (directory.known.has(folder) || folder === directory.root) return;
  await openFolder(directory, path.dirname(folder));
  await makeFolder(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  await directory.folders.sync(path.dirname(folder));
  directory.known.add(folder);
}

function fileOf(directory: Directory, key: string): string {
  checkObjectKey(key);
  return path.join(directory.root, key);
}

async function findFile(file: string): Promise<number | null> {
  const found = await statFile(file).catch(ignoreMissing);
  return found?.isFile() ? found.size : null;
}

async function exists(file: string): Promise<boolean> {
  return (await statFile(file).catch(ignoreMissing)) !== undefined;
}

function ignoreMissing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')) throw error;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
