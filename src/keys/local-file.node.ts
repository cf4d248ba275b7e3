import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { openSmall, sealSmall } from '../crypto/chunked.ts';
import { ChunkedDecryptionError } from '../crypto/chunked-format.ts';
import { lengthPrefixed } from '../crypto/length-prefixed.ts';
import { type KeyRef, KeyRefused, type KeyService, KeyServiceUnavailable } from './service.ts';

const keyFile = z.strictObject({
  version: z.literal(1),
  root: z.string(),
  keys: z.record(z.string(), z.strictObject({ label: z.string(), key: z.base64(), createdAt: z.iso.datetime() })),
});
type KeyFile = z.infer<typeof keyFile>;

/**
 * Root keys in one file that only its owner may read; made at the first start. For development and small installations:
 * whoever reads this file and the database reads every record. The file is read at each use, so a key that another
 * process destroyed is gone here too; organisation keys are cached by the locker, not here.
 */
export async function openLocalFileKeyService(file: string): Promise<KeyService> {
  await createFirst(file);
  await read(file);
  let turn: Promise<unknown> = Promise.resolve();
  /** Changes of the file come one after the other. */
  function change<T>(work: (keys: KeyFile) => T): Promise<T> {
    const done = turn.then(async () => {
      const keys = await read(file);
      const result = work(keys);
      await write(file, keys);
      return result;
    });
    turn = done.catch(() => undefined);
    return done;
  }
  return {
    generate: (label) => change((keys) => addKey(keys, label)),
    async wrap(ref, plaintext, context) {
      return sealSmall({ key: await rootKey(file, ref), context: bound(ref, context), message: plaintext });
    },
    async unwrap(ref, wrapped, context) {
      return unwrapWith(await rootKey(file, ref), wrapped, bound(ref, context));
    },
    async destroy(ref) {
      await change((keys) => {
        if (!Object.hasOwn(keys.keys, ref)) throw new KeyRefused('unknown-key');
        delete keys.keys[ref];
      });
    },
    describe: () => describe(file),
  };
}

async function describe(file: string) {
  const known = { kind: 'local-file', development: true };
  try {
    const keys = await read(file);
    const ready = Object.hasOwn(keys.keys, keys.root);
    return { ...known, ready, root: ready ? keys.root : null };
  } catch (error) {
    if (!(error instanceof KeyServiceUnavailable)) throw error;
    return { ...known, ready: false, root: null };
  }
}

function unwrapWith(key: Uint8Array, wrapped: Uint8Array, context: Uint8Array): Uint8Array {
  try {
    return openSmall({ key, context, sealed: wrapped });
  } catch (error) {
    if (!(error instanceof ChunkedDecryptionError)) throw error;
    const reason = error.reason === 'wrong-key-or-context' ? 'wrong-key-or-context' : 'malformed';
    throw new KeyRefused(reason, { cause: error });
  }
}

function bound(ref: KeyRef, context: string): Uint8Array {
  return lengthPrefixed(['hikitsugi/key-service/v1', ref, context]);
}

async function rootKey(file: string, ref: KeyRef): Promise<Uint8Array> {
  const { keys } = await read(file);
  const found = Object.hasOwn(keys, ref) ? keys[ref] : undefined;
  if (found === undefined) throw new KeyRefused('unknown-key');
  return Buffer.from(found.key, 'base64');
}

function addKey(file: KeyFile, label: string): KeyRef {
  const ref = `root-${randomBytes(8).toString('hex')}`;
  file.keys[ref] = { label, key: randomBytes(32).toString('base64'), createdAt: new Date().toISOString() };
  return ref;
}

async function createFirst(file: string): Promise<void> {
  if (await exists(file)) return;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const keys: KeyFile = { version: 1, root: '', keys: {} };
  keys.root = addKey(keys, 'root');
  const temporary = await writeTemporary(file, keys);
  try {
    // Two processes may start at once: a link does not overwrite, so both use the file of the first.
    await link(temporary, file);
  } catch (error) {
    if (!(await exists(file))) throw error;
  } finally {
    await unlink(temporary);
  }
  await syncFolder(file);
}

async function read(file: string): Promise<KeyFile> {
  try {
    const { mode } = await stat(file);
    // POSIX permission bits of group and others.
    if ((mode & 0o077) !== 0) throw new Error('the key file may be read by others than its owner (chmod 600)');
    return keyFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new KeyServiceUnavailable({ cause: error });
  }
}

async function write(file: string, keys: KeyFile): Promise<void> {
  await rename(await writeTemporary(file, keys), file);
  await syncFolder(file);
}

async function writeTemporary(file: string, keys: KeyFile): Promise<string> {
  const temporary = `${file}.${randomBytes(8).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(keys, null, 2));
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}

async function syncFolder(file: string): Promise<void> {
  const folder = await open(path.dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
