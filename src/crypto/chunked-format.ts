import { createSecretKey, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { hkdfExpandSha512 } from './hkdf.ts';

/** Why a ciphertext does not open. `wrong-key-or-context` is found before any chunk is touched (F-18). */
export type ChunkedReason = 'malformed' | 'wrong-key-or-context' | 'corrupt-chunk' | 'truncated';

export class ChunkedDecryptionError extends Error {
  readonly reason: ChunkedReason;
  constructor(reason: ChunkedReason) {
    super(`the ciphertext does not open: ${reason}`);
    this.name = 'ChunkedDecryptionError';
    this.reason = reason;
  }
}

export const plainChunkBytes = 16_384;
export const tagBytes = 16;
export const sealedChunkBytes = plainChunkBytes + tagBytes;
/** Our header, salt and commitment: what precedes the first chunk. */
export const headBytes = 64;

// Magic "HKCE", format version 1, suite 1 (SHA-512 + AES-256-GCM), two zeros.
const header = Uint8Array.of(0x48, 0x4b, 0x43, 0x45, 1, 1, 0, 0);
const saltBytes = 24;
const label = new TextEncoder().encode('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0');

/** What one stream is sealed or opened with. */
export interface StreamKeys {
  /** A KeyObject, because node:crypto takes ten times as long to begin a cipher with bare bytes. */
  readonly key: KeyObject;
  readonly baseNonce: Uint8Array;
}

export interface KeyAndContext {
  /** 32 uniformly random bytes, never used for anything else. */
  readonly key: Uint8Array;
  /** What the ciphertext is bound to: it opens under exactly the same bytes only. */
  readonly context: Uint8Array;
}

/** Begins a new ciphertext: a fresh salt, and the head that goes before its first chunk. */
export function beginStream(input: KeyAndContext): { readonly keys: StreamKeys; readonly head: Uint8Array } {
  const salt = randomBytes(saltBytes);
  const { keys, commitment } = derive(input, salt);
  const head = new Uint8Array(headBytes);
  head.set(header);
  head.set(salt, header.length);
  head.set(commitment, header.length + saltBytes);
  return { keys, head };
}

/** Reads the head of a ciphertext; the commitment is compared in constant time before any chunk is opened. */
export function openHead(input: KeyAndContext, head: Uint8Array): StreamKeys {
  if (head.length !== headBytes) throw new ChunkedDecryptionError('truncated');
  if (!header.every((byte, i) => head[i] === byte)) throw new ChunkedDecryptionError('malformed');
  const { keys, commitment } = derive(input, head.subarray(header.length, header.length + saltBytes));
  if (!timingSafeEqual(commitment, head.subarray(header.length + saltBytes))) {
    throw new ChunkedDecryptionError('wrong-key-or-context');
  }
  return keys;
}

/** baseNonce XOR chunk index, big-endian. */
export function chunkNonce(baseNonce: Uint8Array, index: number): Uint8Array {
  const nonce = Uint8Array.from(baseNonce);
  let rest = index;
  for (let at = nonce.length - 1; rest > 0; at--) {
    nonce[at] = (nonce[at] ?? 0) ^ (rest % 256);
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

function derive({ key, context }: KeyAndContext, salt: Uint8Array): { keys: StreamKeys; commitment: Uint8Array } {
  if (key.length !== 32) throw new RangeError('the key must have 32 bytes');
  const info = new Uint8Array(label.length + saltBytes + context.length);
  info.set(label);
  info.set(salt, label.length);
  info.set(context, label.length + saltBytes);
  const output = hkdfExpandSha512(key, info, 32 + 12 + 32);
  return {
    keys: { key: createSecretKey(output.subarray(0, 32)), baseNonce: output.subarray(32, 44) },
    commitment: output.subarray(44),
  };
}
