import { close, fdatasync, open, read, unlink, write } from 'node:fs';
import { promisify } from 'node:util';

// Callbacks made into promises: half the cost of FileHandle for short files.
const openFile = promisify(open);
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

/** Opens the file only when the first piece is asked for: an iterable that nobody reads holds nothing. */
export async function* readFileRange(
  file: string,
  from: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
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
