import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, stat, unlink } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { listDirectory } from './directory-list.node.ts';
import { fillFile, readOpenFile } from './file-body.node.ts';
import { createFolderSync, type FolderSync } from './folder-sync.node.ts';
import { selfTestStore } from './self-test.ts';
import { type ByteRange, checkObjectKey, type ObjectStore } from './store.ts';

const openFile = promisify(open);
const linkFile = promisify(link);
const unlinkFile = promisify(unlink);
const renameFile = promisify(rename);
const statFile = promisify(stat);
const makeFolder = promisify(mkdir);

/** Unfinished objects lie here, on the same file system; no key begins with a dot. */
const incoming = '.incoming';

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
    async put(key, body, options) {
      const file = fileOf(directory, key);
      return options?.visible === 'at-once' ? createObject(directory, file, body) : putObject(directory, file, body);
    },
    async get(key, range) {
      return getObject(fileOf(directory, key), range);
    },
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
    async replace(key, bytes) {
      await replaceObject(directory, fileOf(directory, key), bytes);
    },
    sweep: (before) => sweepIncoming(directory, before),
    selfTest: () => selfTestStore(store),
  };
  return store;
}

/** Written under its final name from the first byte on: `wx` is the exclusive create. */
async function createObject(
  directory: Directory,
  file: string,
  body: AsyncIterable<Uint8Array>,
): Promise<'stored' | 'exists'> {
  await openFolder(directory, path.dirname(file));
  let descriptor: number;
  try {
    descriptor = await openFile(file, 'wx', 0o600);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return 'exists';
    throw error;
  }
  await fillFile({ file, descriptor, body });
  await directory.folders.sync(path.dirname(file));
  return 'stored';
}

async function putObject(
  directory: Directory,
  file: string,
  body: AsyncIterable<Uint8Array>,
): Promise<'stored' | 'exists'> {
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

async function replaceObject(directory: Directory, file: string, bytes: Uint8Array): Promise<void> {
  const temporary = await writeTemporary(directory, single(bytes));
  await openFolder(directory, path.dirname(file));
  await renameFile(temporary, file);
  await directory.folders.sync(path.dirname(file));
}

async function writeTemporary(directory: Directory, body: AsyncIterable<Uint8Array>): Promise<string> {
  const file = path.join(directory.root, incoming, randomBytes(16).toString('hex'));
  await fillFile({ file, descriptor: await openFile(file, 'wx', 0o600), body });
  return file;
}

async function getObject(file: string, range: ByteRange | undefined): Promise<AsyncIterable<Uint8Array> | null> {
  const descriptor = await openFile(file, 'r').catch(ignoreMissing);
  if (descriptor === undefined) return null;
  return readOpenFile(descriptor, range);
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
