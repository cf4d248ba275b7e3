import { close, fdatasync, fstatSync, read, unlink, write } from 'node:fs';
import { promisify } from 'node:util';

// Callbacks made into promises: half the cost of FileHandle for short files.
const closeFile = promisify(close);
const readFile = promisify(read);
const writeFile = promisify(write);
const syncData = promisify(fdatasync);
const unlinkFile = promisify(unlink);

const readBytes = 256 * 1024;
/** Written back while the rest still comes in, so that the last fsync of a large object is short. */
const flushEveryBytes = 32 * 1024 * 1024;

export interface Filling {
  readonly file: string;
  readonly descriptor: number;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Writes and syncs a new file; removes it when the body or the disk fails. */
export async function fillFile({ file, descriptor, body }: Filling): Promise<void> {
  try {
    try {
      await writeBody(descriptor, body);
      await syncData(descriptor);
    } finally {
      await closeFile(descriptor);
    }
  } catch (error) {
    await unlinkFile(file);
    throw error;
  }
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

/**
 * What an open file holds, or the part from `from` to `to`; null when it is no file. The first piece is read at once: a
 * short file is closed again before this resolves, a longer one has to be read to its end or returned.
 */
export async function readOpenFile(
  descriptor: number,
  range: { readonly from: number; readonly to?: number | undefined } = { from: 0 },
): Promise<AsyncIterable<Uint8Array> | null> {
  const reading: Reading = { descriptor, position: range.from, end: 0, isOpen: true };
  let first: Uint8Array | null = null;
  try {
    // The size of an open file is in memory: this waits for no disk.
    const found = fstatSync(descriptor);
    reading.end = found.isFile() ? Math.min(found.size, (range.to ?? found.size) + 1) : -1;
    first = await readPiece(reading);
  } catch (error) {
    release(reading);
    throw error;
  }
  if (reading.end === -1) return null;
  const iterator: AsyncIterator<Uint8Array, void, undefined> = {
    async next() {
      const piece = first ?? (await readPiece(reading));
      first = null;
      return piece === null ? { done: true, value: undefined } : { done: false, value: piece };
    },
    async return() {
      first = null;
      release(reading);
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

interface Reading {
  readonly descriptor: number;
  position: number;
  end: number;
  isOpen: boolean;
}

/** The next piece; null at the end, and then nothing is open any more. */
async function readPiece(reading: Reading): Promise<Uint8Array | null> {
  const { descriptor, position, end, isOpen } = reading;
  if (!isOpen || position >= end) return release(reading);
  const buffer = Buffer.allocUnsafeSlow(Math.min(readBytes, end - position));
  const { bytesRead } = await readFile(descriptor, buffer, 0, buffer.length, position);
  if (bytesRead === 0) return release(reading);
  reading.position += bytesRead;
  if (reading.position >= end) release(reading);
  return buffer.subarray(0, bytesRead);
}

function release(reading: Reading): null {
  // Nobody waits for it: closing what was only read can lose nothing.
  if (reading.isOpen) close(reading.descriptor, () => undefined);
  reading.isOpen = false;
  return null;
}
