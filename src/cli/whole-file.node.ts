import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/**
 * Writes a file that is whole or not there: beside its place first, to the disk, then renamed. It is only its owner's to read.
 *
 * @param accept - looks at what has arrived before it gets its name; throws to refuse it
 */
export async function writeWholeFile(
  path: string,
  source: AsyncIterable<Uint8Array>,
  accept: (written: WrittenFile) => void = () => undefined,
): Promise<WrittenFile> {
  await mkdir(dirname(path), { recursive: true });
  const part = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(part, 'wx', 0o600);
  try {
    for await (const piece of source) {
      hash.update(piece);
      bytes += piece.length;
      await file.write(piece);
    }
    await file.sync();
    await file.close();
    const written = { path, bytes, sha256: hash.digest('hex') };
    accept(written);
    await rename(part, path);
    return written;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}
