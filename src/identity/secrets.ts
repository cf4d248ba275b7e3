import { createHash, createHmac } from 'node:crypto';
import { toBase64url } from '../crypto/jose-encoding.ts';
import type { X509Certificate } from '../crypto/x509/certificate.ts';

/** A value nobody can guess, as base64url: 256 bits unless told otherwise. */
export function randomToken(bytes = 32): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** What is stored of a random token. A plain hash suffices for ≥ 112 random bits (ASVS 6.5.2, 11.4.2). */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** By what a DPoP proof is remembered, so that it comes once, with whatever it was sent. */
export function proofHash({ thumbprint, jti }: { readonly thumbprint: string; readonly jti: string }): string {
  return hashToken(JSON.stringify(['dpop', thumbprint, jti]));
}

/** The subject and the session of a provider have their issuer with them: two providers may use the same words. */
export function providerNameHash(issuer: string, kind: 'sub' | 'sid', value: string): string {
  return hashToken(JSON.stringify(['hikitsugi/provider-name', issuer, kind, value]));
}

/**
 * The key under which a person's certificate is known: HMAC-SHA-256 over issuer and serial, so that the database alone
 * lets nobody look a card up. The issuer's key counts with its name: generations of one authority share a name, and a
 * serial may come again.
 */
export function certificateKey(indexKey: Uint8Array, leaf: X509Certificate, issuer: X509Certificate): string {
  const hash = createHmac('sha256', indexKey).update('hikitsugi/person-certificate/v1\0');
  for (const part of [leaf.issuer.der, issuer.publicKey.spki]) hash.update(lengthOf(part)).update(part);
  return hash.update(leaf.serial).digest('hex');
}

/** The key under which an account at a provider for persons is known: HMAC-SHA-256 over issuer and subject. */
export function accountKey(
  indexKey: Uint8Array,
  account: { readonly issuer: string; readonly subject: string },
): string {
  const hash = createHmac('sha256', indexKey).update('hikitsugi/person-account/v1\0');
  for (const part of [account.issuer, account.subject]) {
    const bytes = new TextEncoder().encode(part);
    hash.update(lengthOf(bytes)).update(bytes);
  }
  return hash.digest('hex');
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(4);
  new DataView(prefix.buffer).setUint32(0, bytes.length);
  return prefix;
}
