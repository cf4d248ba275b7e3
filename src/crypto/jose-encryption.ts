import { compactDecrypt, importJWK, type JWK } from 'jose';
import { ok, type Result, refuse } from '../result.ts';
import { parseBase64url } from './jose-encoding.ts';
import type { JoseReason } from './jose-reasons.ts';

/** Ways to wrap a content key that we take. RSA1_5 is none: its padding tells attackers too much (RFC 8017 §7.2). */
export type KeyManagement =
  | 'RSA-OAEP-256'
  | 'ECDH-ES'
  | 'ECDH-ES+A128KW'
  | 'ECDH-ES+A256KW'
  | 'A128KW'
  | 'A256KW'
  | 'A128GCMKW'
  | 'A256GCMKW'
  | 'dir';

export type ContentEncryption = 'A128GCM' | 'A256GCM' | 'A128CBC-HS256' | 'A256CBC-HS512';

export interface JweToDecrypt {
  readonly jwe: string;
  /** Our key, as JWK; what it says of itself (`alg`, `use`, `key_ops`) is binding. */
  readonly key: Readonly<Record<string, unknown>>;
  readonly algorithms: readonly KeyManagement[];
  readonly encryptions: readonly ContentEncryption[];
}

const maxJweCharacters = 1024 * 1024;
// RFC 7516 §4.1: what would choose the key, or swell, or change how the rest is read.
const refusedParameters = ['jku', 'x5u', 'jwk', 'x5t', 'crit', 'b64', 'zip', 'cty'];

/**
 * Decrypts a compact JWE strictly (RFC 7516 §5.2): canonical base64url, algorithms from the caller's lists, and the key for nothing but
 * what it is for. jose alone takes a key for AES key wrap as one for AES-GCM key wrap (A-14, Wycheproof 106–109).
 */
export async function decryptJwe(input: JweToDecrypt): Promise<Result<Uint8Array, JoseReason>> {
  const header = parseHeader(input.jwe);
  if (header === null) return refuse('malformed');
  if (refusedParameters.some((name) => name in header)) return refuse('header-not-allowed');
  const algorithm = input.algorithms.find((allowed) => allowed === header['alg']);
  const encryption = input.encryptions.find((allowed) => allowed === header['enc']);
  if (algorithm === undefined || encryption === undefined) return refuse('algorithm-not-allowed');
  if (!mayDecrypt(input.key, algorithm, encryption)) return refuse('key-not-usable');
  try {
    // Sound: jose checks the members of a JWK itself and throws.
    const key = await importJWK(input.key as JWK, algorithm === 'dir' ? encryption : algorithm);
    const options = { keyManagementAlgorithms: [algorithm], contentEncryptionAlgorithms: [encryption] };
    return ok((await compactDecrypt(input.jwe, key, options)).plaintext);
  } catch {
    // One word for every failure: which part was wrong is what an attacker asks (RFC 7516 §11.5).
    return refuse('decryption-failed');
  }
}

function parseHeader(jwe: string): Readonly<Record<string, unknown>> | null {
  if (jwe.length > maxJweCharacters) return null;
  const parts = jwe.split('.');
  const decoded = parts.map(parseBase64url);
  const [header] = decoded;
  if (parts.length !== 5 || decoded.includes(null) || header === null || header === undefined) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** RFC 7517 §4.2–4.4. A key that does not say for which algorithm it is could serve several, so it serves none. */
function mayDecrypt(
  key: Readonly<Record<string, unknown>>,
  algorithm: KeyManagement,
  encryption: ContentEncryption,
): boolean {
  if (key['use'] !== undefined && key['use'] !== 'enc') return false;
  const operations = key['key_ops'];
  const useful = ['decrypt', 'unwrapKey', 'deriveKey', 'deriveBits'];
  if (operations !== undefined && !(Array.isArray(operations) && useful.some((one) => operations.includes(one)))) {
    return false;
  }
  return key['alg'] === (algorithm === 'dir' ? encryption : algorithm);
}
