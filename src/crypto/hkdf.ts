import { createHmac, createSecretKey } from 'node:crypto';

const sha512Bytes = 64;

/**
 * HKDF-Expand (RFC 5869 §2.3) with SHA-512, without the extract step: the input key is uniformly random already.
 * @param prk pseudorandom key, ≥ 32 bytes.
 * @param length bytes wanted, ≤ 255 · 64.
 */
export function hkdfExpandSha512(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (prk.length < 32 || length < 1 || length > 255 * sha512Bytes) throw new RangeError('HKDF-Expand out of range');
  const output = new Uint8Array(Math.ceil(length / sha512Bytes) * sha512Bytes);
  // A KeyObject: with bare bytes node:crypto takes four times as long.
  const key = createSecretKey(prk);
  let block: Uint8Array = new Uint8Array(0);
  for (let i = 0; i * sha512Bytes < length; i++) {
    block = createHmac('sha512', key)
      .update(block)
      .update(info)
      .update(Uint8Array.of(i + 1))
      .digest();
    output.set(block, i * sha512Bytes);
  }
  return output.subarray(0, length);
}
