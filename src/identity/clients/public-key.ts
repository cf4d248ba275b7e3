import { createPublicKey, type KeyObject } from 'node:crypto';
import { jwkThumbprint } from '../../crypto/jwk-thumbprint.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { PublicJwk } from './tables.ts';

export interface ClientKey {
  readonly thumbprint: string;
  readonly jwk: PublicJwk;
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * A public key as somebody pastes it: a JWK, or PEM (SubjectPublicKeyInfo). P-256 or RSA of 2048 bits or more. Only the
 * public numbers and the key id are kept.
 *
 * @returns `client.private-key` when the private part was pasted along, `client.key-refused`
 */
export function parsePublicKey(text: string): Result<ClientKey> {
  const trimmed = text.trim();
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(trimmed)) return refuse(fault('client.private-key'));
  const jwk = trimmed.startsWith('{') ? parseObject(trimmed) : {};
  if (jwk === null) return refuse(fault('client.key-refused', { detail: 'not-json' }));
  if (privateMembers.some((name) => name in jwk)) return refuse(fault('client.private-key'));
  const key = openKey(trimmed, jwk);
  const algorithm = key === null ? null : algorithmOf(key);
  if (key === null || algorithm === null) return refuse(fault('client.key-refused', { detail: 'kind' }));
  if (jwk['use'] === 'enc') return refuse(fault('client.key-refused', { detail: 'use' }));
  // From the opened key and not from the text, so that one key has one spelling and one thumbprint.
  const { kty = '', crv, x, y, n, e } = key.export({ format: 'jwk' });
  const numbers = kty === 'EC' ? { kty, crv, x, y } : { kty, n, e };
  const thumbprint = jwkThumbprint(numbers);
  if (thumbprint === null) return refuse(fault('client.key-refused', { detail: 'thumbprint' }));
  const { kid } = jwk;
  const named = typeof kid === 'string' && /^[\x21-\x7e]{1,100}$/.test(kid) ? kid : thumbprint;
  // Sound: `export` gives the members of the kind, all of them text.
  return ok({ thumbprint, jwk: { ...numbers, kid: named, alg: algorithm, use: 'sig' } as PublicJwk });
}

function openKey(text: string, jwk: Readonly<Record<string, unknown>>): KeyObject | null {
  try {
    if (text.startsWith('{')) return createPublicKey({ key: { ...jwk }, format: 'jwk' });
    return text.startsWith('-----BEGIN PUBLIC KEY-----') ? createPublicKey(text) : null;
  } catch {
    return null;
  }
}

function algorithmOf(key: KeyObject): 'ES256' | 'RS256' | null {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec') return namedCurve === 'prime256v1' ? 'ES256' : null;
  // RFC 7518 §3.3: 2048 bits or more.
  return key.asymmetricKeyType === 'rsa' && modulusLength >= 2048 && modulusLength <= 8192 ? 'RS256' : null;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
