import { type DerValue, scanDer } from '../der.ts';
import { bitOctetsOf, endOf, nextOf, openDer, TAG } from '../der-reader.ts';
import { isRocaModulus } from '../roca.ts';
import type { SignatureAlgorithm } from './algorithms.ts';
import { hexOf } from './hex.ts';
import { X509Error } from './reasons.ts';

export type KeyKind = 'rsa' | 'p256' | 'p384' | 'ed25519';

export interface PublicKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly kind: KeyKind;
  readonly bits: number;
}

/** docs/path-validation.md §2: RSA of 2048 to 8192 bits with an odd exponent ≥ 65537, P-256 and P-384 as named curves, Ed25519. */
export function readPublicKey(value: DerValue): PublicKey {
  const cursor = openDer(value);
  const kind = KINDS.get(hexOf(nextOf(cursor, TAG.sequence).bytes));
  const key = bitOctetsOf(nextOf(cursor, TAG.bitString));
  endOf(cursor);
  if (kind === undefined) throw new X509Error('certificate.key-unsupported');
  return { spki: value.bytes, kind, bits: kind === 'rsa' ? rsaBits(key) : fixedBits(kind, key) };
}

/** Whether a key of this kind can have made a signature of this algorithm. */
export function keyFits(kind: KeyKind, algorithm: SignatureAlgorithm): boolean {
  switch (kind) {
    case 'rsa':
      return algorithm.startsWith('rsa-');
    case 'p256':
      return algorithm === 'ecdsa-p256-sha256';
    case 'p384':
      return algorithm === 'ecdsa-p384-sha384';
    case 'ed25519':
      return algorithm === 'ed25519';
  }
}

const KINDS: ReadonlyMap<string, KeyKind> = new Map([
  ['300d06092a864886f70d0101010500', 'rsa'],
  ['301306072a8648ce3d020106082a8648ce3d030107', 'p256'],
  ['301006072a8648ce3d020106052b81040022', 'p384'],
  ['300506032b6570', 'ed25519'],
]);

function fixedBits(kind: Exclude<KeyKind, 'rsa'>, key: Uint8Array): number {
  const { bits, bytes } = {
    p256: { bits: 256, bytes: 65 },
    p384: { bits: 384, bytes: 97 },
    ed25519: { bits: 256, bytes: 32 },
  }[kind];
  // Points are uncompressed; whether they lie on the curve is checked when the key is imported.
  if (key.length !== bytes || (kind !== 'ed25519' && key[0] !== 4)) throw new X509Error('certificate.key-unsupported');
  return bits;
}

function rsaBits(key: Uint8Array): number {
  const cursor = openDer(scanDer(key));
  const modulus = positive(nextOf(cursor, TAG.integer).content);
  const exponent = positive(nextOf(cursor, TAG.integer).content);
  endOf(cursor);
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  const value = exponent.reduce((sum, byte) => sum * 256 + byte, 0);
  const odd = ((exponent.at(-1) ?? 0) & (modulus.at(-1) ?? 0) & 1) === 1;
  // The upper bounds keep one verification cheap: an exponent as long as the modulus costs a thousand times more.
  if (bits < 2048 || bits > 8192 || value < 65_537 || exponent.length > 5 || !odd || isRocaModulus(modulus)) {
    throw new X509Error('certificate.key-weak');
  }
  return bits;
}

function positive(content: Uint8Array): Uint8Array {
  if ((content[0] ?? 0x80) >= 0x80) throw new X509Error('certificate.key-weak');
  return content[0] === 0 ? content.subarray(1) : content;
}
