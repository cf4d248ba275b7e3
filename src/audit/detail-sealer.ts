import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { hkdfExpandSha512 } from '../crypto/hkdf.ts';
import { concatBytes } from './bytes.ts';
import type { SealDetail } from './detail.ts';

/**
 * Seals details under one 32-byte key, at a few microseconds each, since every act of the gateway does it once:
 * salt(24) ‖ counter(12) ‖ AES-256-GCM ciphertext and tag. The salt is drawn once for each sealer and gives it a key of
 * its own, so that its counter can serve as nonce. AES-GCM does not commit to its key; the entry's commitment does.
 */
export function detailSealer(key: Uint8Array): SealDetail {
  const salt = new Uint8Array(randomBytes(saltBytes));
  const ownKey = deriveKey(key, salt);
  let count = 0;
  return (plaintext) => {
    const nonce = new Uint8Array(nonceBytes);
    new DataView(nonce.buffer).setBigUint64(4, BigInt((count += 1)));
    const cipher = createCipheriv('aes-256-gcm', ownKey, nonce);
    return concatBytes([salt, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  };
}

/** The plaintext again; null when the key is another or a byte has changed. */
export function openSealedDetail(key: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  const start = saltBytes + nonceBytes;
  if (sealed.length < start + tagBytes) return null;
  const nonce = sealed.subarray(saltBytes, start);
  const decipher = createDecipheriv('aes-256-gcm', deriveKey(key, sealed.subarray(0, saltBytes)), nonce);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return concatBytes([decipher.update(sealed.subarray(start, -tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}

const saltBytes = 24;
const nonceBytes = 12;
const tagBytes = 16;
const label = new TextEncoder().encode('hikitsugi audit detail');

function deriveKey(key: Uint8Array, salt: Uint8Array): KeyObject {
  if (key.length !== 32) throw new RangeError('a detail is sealed under 32 bytes');
  return createSecretKey(hkdfExpandSha512(key, concatBytes([label, salt]), 32));
}
