import { parseBase64url } from './jose-encoding.ts';
import { isRocaModulus } from './roca.ts';
import { importParameters, type SignerAlgorithm } from './signer.ts';

/** A public key to verify with: SubjectPublicKeyInfo as DER, a JWK, or a key WebCrypto holds already. */
export type VerificationKey =
  | { readonly spki: Uint8Array }
  | { readonly jwk: Readonly<Record<string, unknown>> }
  | { readonly key: CryptoKey };

/**
 * Imports a public key for exactly one algorithm; null when the key does not fit it.
 * A JWK that says what it is for is believed: `use`, `key_ops` and `alg` must permit this verification (RFC 7517 §4).
 */
export async function importVerificationKey(
  given: VerificationKey,
  algorithm: SignerAlgorithm,
): Promise<CryptoKey | null> {
  try {
    if ('key' in given) return fits(given.key, algorithm) ? given.key : null;
    const key = await importGiven(given, algorithm);
    return key !== null && fits(key, algorithm) ? key : null;
  } catch {
    return null;
  }
}

async function importGiven(
  given: { readonly spki: Uint8Array } | { readonly jwk: Readonly<Record<string, unknown>> },
  algorithm: SignerAlgorithm,
): Promise<CryptoKey | null> {
  const parameters = importParameters(algorithm);
  if ('spki' in given) return crypto.subtle.importKey('spki', new Uint8Array(given.spki), parameters, true, ['verify']);
  if (!mayVerify(given.jwk, algorithm)) return null;
  // Only the public numbers go on: a registered key that carries its private part is refused above.
  const { kty, n, e, crv, x, y } = given.jwk;
  const numbers = Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined);
  if (numbers.some(([, value]) => typeof value !== 'string')) return null;
  if (kty === 'RSA' && !isSoundModulus(n)) return null;
  return crypto.subtle.importKey('jwk', Object.fromEntries(numbers), parameters, true, ['verify']);
}

function isSoundModulus(n: unknown): boolean {
  const modulus = typeof n === 'string' ? parseBase64url(n) : null;
  return modulus !== null && modulus.length > 0 && !isRocaModulus(modulus);
}

function mayVerify(jwk: Readonly<Record<string, unknown>>, algorithm: SignerAlgorithm): boolean {
  if ('d' in jwk || 'k' in jwk) return false;
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') return false;
  if (jwk['alg'] !== undefined && jwk['alg'] !== algorithm) return false;
  const operations = jwk['key_ops'];
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'));
}

function fits(key: CryptoKey, algorithm: SignerAlgorithm): boolean {
  const wanted = importParameters(algorithm);
  if (key.type !== 'public' || key.algorithm.name !== wanted.name) return false;
  if ('namedCurve' in wanted) return 'namedCurve' in key.algorithm && key.algorithm.namedCurve === wanted.namedCurve;
  // RFC 7518 §3.3: 2048 bits or more.
  return (
    'modulusLength' in key.algorithm &&
    typeof key.algorithm.modulusLength === 'number' &&
    key.algorithm.modulusLength >= 2048 &&
    key.algorithm.modulusLength <= 8192 &&
    'publicExponent' in key.algorithm &&
    isSoundExponent(key.algorithm.publicExponent)
  );
}

/** docs/path-validation.md §2: odd and at least 65537; more than five octets only cost time. */
function isSoundExponent(exponent: unknown): boolean {
  if (!(exponent instanceof Uint8Array)) return false;
  const digits = exponent.subarray(
    Math.max(
      0,
      exponent.findIndex((octet) => octet !== 0),
    ),
  );
  const value = digits.reduce((sum, octet) => sum * 256 + octet, 0);
  return digits.length <= 5 && value >= 65_537 && value % 2 === 1;
}
