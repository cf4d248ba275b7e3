import { derToPem } from '../crypto/x509/pem.ts';
import { systemScope } from '../database/scope.ts';
import type { Gateway } from '../gateway.ts';
import { findPublishedSeal } from '../records/seal-keys.ts';

/**
 * The certificates of a seal in PEM, leaf first, by what the code on paper calls it (base64url SHA-256). Null for what is none, what
 * nobody knows and what is in doubt, alike.
 */
export async function publishedSeal({ database }: Pick<Gateway, 'database'>, kid: string): Promise<string | null> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(kid)) return null;
  const fingerprint = Buffer.from(kid, 'base64url').toString('hex');
  const chain = await database.transaction(systemScope('published-seals'), (tx) => findPublishedSeal(tx, fingerprint));
  return chain === null ? null : chain.map((der) => derToPem(der, 'CERTIFICATE')).join('');
}
