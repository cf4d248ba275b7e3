/**
 * C2SP chunked-encryption with SHA-512 and AES-256-GCM behind a header of 8 bytes of ours (docs/formats.md):
 * header ‖ salt(24) ‖ commitment(32) ‖ chunks of 16,384 + 16 bytes. The last chunk is always shorter and may be
 * empty, so that a cut at any place shows. Key and nonce of a stream come from HKDF-Expand over salt and context.
 */
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type ByteQueue, createByteQueue, push, takeExactly, takePiece } from './byte-queue.ts';
import {
  beginStream,
  ChunkedDecryptionError,
  chunkNonce,
  headBytes,
  type KeyAndContext,
  openHead,
  plainChunkBytes,
  type StreamKeys,
  sealedChunkBytes,
  tagBytes,
} from './chunked-format.ts';

/** A running digest, such as a `Hash` of node:crypto, that sees the bytes as they pass. */
export interface ByteTally {
  update(bytes: Uint8Array): unknown;
}

export interface EncryptInput extends KeyAndContext {
  readonly source: AsyncIterable<Uint8Array>;
  readonly plaintext?: ByteTally;
  readonly ciphertext?: ByteTally;
}

export interface DecryptInput extends KeyAndContext {
  readonly source: AsyncIterable<Uint8Array>;
  readonly plaintext?: ByteTally;
}

// Worked on at once: few large writes, little memory per connection, and less than a millisecond without a pause.
const batchChunks = 16;

/** Length of the ciphertext of so many plaintext bytes. */
export function ciphertextBytes(plainBytes: number): number {
  return headBytes + plainBytes + (Math.floor(plainBytes / plainChunkBytes) + 1) * tagBytes;
}

/** Encrypts a stream; the pieces it yields are new memory, about 256 KiB each. Errors of the source are passed on. */
export async function* encryptStream(input: EncryptInput): AsyncGenerator<Uint8Array, void, undefined> {
  const { keys, head } = beginStream(input);
  const queue = createByteQueue();
  let index = 0;
  let prefix = head;
  for await (const piece of input.source) {
    input.plaintext?.update(piece);
    push(queue, piece);
    while (queue.length >= batchChunks * plainChunkBytes) {
      const batch = sealBatch({ keys, queue, index, prefix, chunks: batchChunks });
      index += batchChunks;
      prefix = emptyPrefix;
      input.ciphertext?.update(batch);
      yield batch;
    }
  }
  const chunks = Math.floor(queue.length / plainChunkBytes) + 1;
  const batch = sealBatch({ keys, queue, index, prefix, chunks });
  input.ciphertext?.update(batch);
  yield batch;
}

/**
 * Decrypts a stream. No byte of a chunk is released before the chunk is authenticated.
 * @throws {ChunkedDecryptionError} with the reason; what was released before is a true beginning of the plaintext.
 */
export async function* decryptStream(input: DecryptInput): AsyncGenerator<Uint8Array, void, undefined> {
  const queue = createByteQueue();
  let keys: StreamKeys | null = null;
  let index = 0;
  for await (const piece of input.source) {
    push(queue, piece);
    if (keys === null) {
      if (queue.length < headBytes) continue;
      keys = openHead(input, takeExactly(queue, headBytes));
    }
    while (queue.length >= batchChunks * sealedChunkBytes) {
      const batch = openBatch({ keys, queue, index, chunks: batchChunks });
      index += batchChunks;
      input.plaintext?.update(batch);
      yield batch;
    }
  }
  // What is left ends with the last chunk, which is shorter than the others.
  const lastBytes = queue.length % sealedChunkBytes;
  if (keys === null || lastBytes < tagBytes) throw new ChunkedDecryptionError('truncated');
  const chunks = Math.floor(queue.length / sealedChunkBytes) + 1;
  const batch = openBatch({ keys, queue, index, chunks });
  input.plaintext?.update(batch);
  if (batch.length > 0) yield batch;
}

/** Seals a message shorter than a chunk, such as a key under another key: the same format, head and one chunk. */
export function sealSmall(input: KeyAndContext & { readonly message: Uint8Array }): Uint8Array {
  if (input.message.length >= plainChunkBytes) throw new RangeError('the message does not fit into one chunk');
  const { keys, head } = beginStream(input);
  const queue = createByteQueue();
  push(queue, input.message);
  return sealBatch({ keys, queue, index: 0, prefix: head, chunks: 1 });
}

/** @throws {ChunkedDecryptionError} */
export function openSmall(input: KeyAndContext & { readonly sealed: Uint8Array }): Uint8Array {
  const chunk = input.sealed.subarray(headBytes);
  if (chunk.length >= sealedChunkBytes) throw new ChunkedDecryptionError('malformed');
  return openChunk({ ...input, head: input.sealed.subarray(0, headBytes), index: 0, chunk });
}

/** Opens one chunk by itself, for spot checks and ranges. @throws {ChunkedDecryptionError} */
export function openChunk(
  input: KeyAndContext & { readonly head: Uint8Array; readonly index: number; readonly chunk: Uint8Array },
): Uint8Array {
  const keys = openHead(input, input.head);
  if (input.chunk.length < tagBytes) throw new ChunkedDecryptionError('truncated');
  if (input.chunk.length > sealedChunkBytes) throw new ChunkedDecryptionError('malformed');
  const queue = createByteQueue();
  push(queue, input.chunk);
  return openBatch({ keys, queue, index: input.index, chunks: 1 });
}

interface SealBatch {
  readonly keys: StreamKeys;
  readonly queue: ByteQueue;
  /** Index of the first chunk. */
  readonly index: number;
  readonly prefix: Uint8Array;
  readonly chunks: number;
}

const emptyPrefix = new Uint8Array(0);
const gcm = { authTagLength: tagBytes };

function sealBatch({ keys, queue, index, prefix, chunks }: SealBatch): Uint8Array {
  const plain = Math.min(queue.length, chunks * plainChunkBytes);
  const output = newBytes(prefix.length + plain + chunks * tagBytes);
  output.set(prefix);
  let at = prefix.length;
  for (let i = 0; i < chunks; i++) {
    const cipher = createCipheriv('aes-256-gcm', keys.key, chunkNonce(keys.baseNonce, index + i), gcm);
    for (let left = Math.min(plainChunkBytes, queue.length); left > 0; ) {
      const sealed = cipher.update(takePiece(queue, left));
      output.set(sealed, at);
      at += sealed.length;
      left -= sealed.length;
    }
    cipher.final();
    output.set(cipher.getAuthTag(), at);
    at += tagBytes;
  }
  return output;
}

interface OpenBatch {
  readonly keys: StreamKeys;
  readonly queue: ByteQueue;
  readonly index: number;
  readonly chunks: number;
}

function openBatch({ keys, queue, index, chunks }: OpenBatch): Uint8Array {
  const sealedBytes = Math.min(queue.length, chunks * sealedChunkBytes);
  const output = newBytes(sealedBytes - chunks * tagBytes);
  let at = 0;
  for (let i = 0; i < chunks; i++) {
    const decipher = createDecipheriv('aes-256-gcm', keys.key, chunkNonce(keys.baseNonce, index + i), gcm);
    for (let left = Math.min(plainChunkBytes, output.length - at); left > 0; ) {
      const opened = decipher.update(takePiece(queue, left));
      output.set(opened, at);
      at += opened.length;
      left -= opened.length;
    }
    decipher.setAuthTag(takeExactly(queue, tagBytes));
    try {
      decipher.final();
    } catch {
      throw new ChunkedDecryptionError('corrupt-chunk');
    }
  }
  return output;
}

// Not zeroed first: every byte is written before the batch leaves.
function newBytes(length: number): Uint8Array {
  return Buffer.allocUnsafeSlow(length);
}
