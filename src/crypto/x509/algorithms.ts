import { DerError, scanDer } from '../der.ts';
import { endOf, nextOf, openDer, TAG } from '../der-reader.ts';
import { hexOf } from './hex.ts';
import { keepRecent, type Recent } from './recent.ts';

/** Everything we accept. The curve belongs to the name: ecdsa-with-SHA384 by a P-256 key is refused (docs/path-validation.md §2). */
export type SignatureAlgorithm =
  | 'rsa-pkcs1-sha256'
  | 'rsa-pkcs1-sha384'
  | 'rsa-pkcs1-sha512'
  | 'rsa-pss-sha256'
  | 'ecdsa-p256-sha256'
  | 'ecdsa-p384-sha384'
  | 'ed25519';

export interface SignatureInput {
  readonly algorithm: SignatureAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** Imported keys, kept by `createKeyCache`; importing costs more than an ECDSA-free verification. */
export type KeyCache = Recent<CryptoKey>;

/** A least-recently-used cache of imported public keys, to be passed in by whoever verifies often. */
export function createKeyCache(maxKeys = 256): KeyCache {
  return keepRecent(maxKeys);
}

/**
 * Whether the signature is that of `data` by the key. ECDSA signatures in DER form (certificates, CMS, CRLs).
 * A key or signature that cannot be read is false, never an exception.
 */
export async function verifySignature(input: SignatureInput, cache?: KeyCache): Promise<boolean> {
  const width = CURVE_BYTES[input.algorithm];
  if (width === undefined) return verifyRawSignature(input, cache);
  const signature = ecdsaDerToRaw(input.signature, width);
  return signature !== null && verifyRawSignature({ ...input, signature }, cache);
}

/** The same with ECDSA signatures as r‖s (JWS, WebCrypto; IEEE P1363). */
export async function verifyRawSignature(input: SignatureInput, cache?: KeyCache): Promise<boolean> {
  const { importing, verifying } = WEB_CRYPTO[input.algorithm];
  try {
    const key = await importKey(input, importing, cache);
    return await crypto.subtle.verify(verifying, key, owned(input.signature), owned(input.data));
  } catch (error) {
    // WebCrypto reports an unusable key as DOMException (Node, workerd) or TypeError (workerd); both mean "not verified".
    if (error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}

/** r‖s of fixed width from the DER form, or null when it is not exactly SEQUENCE { positive r, positive s } in DER. */
function ecdsaDerToRaw(der: Uint8Array, width: number): Uint8Array | null {
  try {
    const cursor = openDer(scanDer(der, { maxBytes: 2 * width + 16, maxDepth: 2 }));
    const halves = [nextOf(cursor, TAG.integer).content, nextOf(cursor, TAG.integer).content];
    endOf(cursor);
    const raw = new Uint8Array(2 * width);
    for (const [index, half] of halves.entries()) {
      const digits = half[0] === 0 ? half.subarray(1) : half;
      if ((half[0] ?? 0x80) >= 0x80 || digits.length > width) return null;
      raw.set(digits, (index + 1) * width - digits.length);
    }
    return raw;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** The algorithm of an AlgorithmIdentifier, compared octet by octet with its only permitted encodings; null for any other. */
export function signatureAlgorithmOf(identifier: Uint8Array): SignatureAlgorithm | null {
  return ENCODINGS.get(hexOf(identifier)) ?? null;
}

const CURVE_BYTES: Partial<Record<SignatureAlgorithm, number>> = { 'ecdsa-p256-sha256': 32, 'ecdsa-p384-sha384': 48 };

const SHA256_NULL = '300d06096086480165030402010500';
const SHA256_BARE = '300b0609608648016503040201';
// RFC 4055 §3.1: hash and MGF hash SHA-256, salt of 32 octets; parameters of the hash NULL or absent, both must be read.
const ENCODINGS: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  ['300d06092a864886f70d01010b0500', 'rsa-pkcs1-sha256'],
  ['300d06092a864886f70d01010c0500', 'rsa-pkcs1-sha384'],
  ['300d06092a864886f70d01010d0500', 'rsa-pkcs1-sha512'],
  [
    `304106092a864886f70d01010a3034a00f${SHA256_NULL}a11c301a06092a864886f70d010108${SHA256_NULL}a203020120`,
    'rsa-pss-sha256',
  ],
  [
    `303d06092a864886f70d01010a3030a00d${SHA256_BARE}a11a301806092a864886f70d010108${SHA256_BARE}a203020120`,
    'rsa-pss-sha256',
  ],
  ['300a06082a8648ce3d040302', 'ecdsa-p256-sha256'],
  ['300a06082a8648ce3d040303', 'ecdsa-p384-sha384'],
  ['300506032b6570', 'ed25519'],
]);

interface WebCryptoNames {
  readonly importing: RsaHashedImportParams | EcKeyImportParams | Algorithm;
  readonly verifying: RsaPssParams | EcdsaParams | Algorithm;
}

const WEB_CRYPTO: Record<SignatureAlgorithm, WebCryptoNames> = {
  'rsa-pkcs1-sha256': rsaPkcs1('SHA-256'),
  'rsa-pkcs1-sha384': rsaPkcs1('SHA-384'),
  'rsa-pkcs1-sha512': rsaPkcs1('SHA-512'),
  'rsa-pss-sha256': {
    importing: { name: 'RSA-PSS', hash: 'SHA-256' },
    verifying: { name: 'RSA-PSS', saltLength: 32 },
  },
  'ecdsa-p256-sha256': ecdsa('P-256', 'SHA-256'),
  'ecdsa-p384-sha384': ecdsa('P-384', 'SHA-384'),
  ed25519: { importing: { name: 'Ed25519' }, verifying: { name: 'Ed25519' } },
};

function rsaPkcs1(hash: string): WebCryptoNames {
  return { importing: { name: 'RSASSA-PKCS1-v1_5', hash }, verifying: { name: 'RSASSA-PKCS1-v1_5' } };
}

function ecdsa(namedCurve: string, hash: string): WebCryptoNames {
  return { importing: { name: 'ECDSA', namedCurve }, verifying: { name: 'ECDSA', hash } };
}

/**
 * A public key, imported for one algorithm, out of the cache where it is there.
 *
 * @throws DOMException or TypeError for what is no such key
 */
export function importedKey(
  input: Pick<SignatureInput, 'algorithm' | 'spki'>,
  cache: KeyCache | undefined,
): Promise<CryptoKey> {
  return importKey(input, WEB_CRYPTO[input.algorithm].importing, cache);
}

async function importKey(
  input: Pick<SignatureInput, 'algorithm' | 'spki'>,
  importing: WebCryptoNames['importing'],
  cache?: KeyCache,
) {
  const name = cache === undefined ? '' : `${input.algorithm} ${hexOf(input.spki)}`;
  const known = cache?.get(name);
  if (known !== undefined) return known;
  const key = await crypto.subtle.importKey('spki', owned(input.spki), importing, false, ['verify']);
  cache?.set(name, key);
  return key;
}

/** WebCrypto takes no view of a SharedArrayBuffer; a copy is never one. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
