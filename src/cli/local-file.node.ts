import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Progress } from './cli.ts';
import { notChecked } from './cli-error.ts';

export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

const pieceBytes = 256 * 1024;

/** Reads a file once to know its digest before the first byte is sent. */
export async function digestFile(path: string): Promise<LocalFile> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile() !== true) throw notChecked('file.missing', { path });
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of readPieces(path)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { path, bytes, sha256: hash.digest('hex') };
}

/** The file again, counted while it goes out. */
export async function* countedPieces(path: string, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const piece of readPieces(path)) {
    progress.add(piece.length);
    yield piece;
  }
}

function readPieces(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: pieceBytes });
}
