import { createHash } from 'node:crypto';
import { canonicalJson } from './jcs.ts';

/** SHA-256 over the public numbers of a key (RFC 7638 §3), base64url; null for kinds that nothing here signs with. */
export function jwkThumbprint(jwk: Readonly<Record<string, unknown>>): string | null {
  const { kty, crv, x, y, n, e } = jwk;
  const members = kty === 'EC' ? { crv, kty, x, y } : kty === 'RSA' ? { e, kty, n } : null;
  if (members === null || Object.values(members).some((member) => typeof member !== 'string')) return null;
  return createHash('sha256').update(canonicalJson(members)).digest('base64url');
}
