import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Signer, webCryptoSigner } from '../crypto/signer.ts';
import { usageError } from './cli-error.ts';

export interface MachineKey {
  readonly signer: Signer;
  /** Named in the file of a JWK; null for PEM. */
  readonly kid: string | null;
}

/** The private key of a machine client: a JWK, or PKCS#8 in PEM; P-256 (ES256) or RSA (RS256). */
export async function readMachineKey(path: string): Promise<MachineKey> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw usageError('key.missing', { path });
  const opened = openKey(text);
  const algorithm = opened === null ? null : algorithmOf(opened.key);
  if (opened === null || algorithm === null) throw usageError('key.malformed', { path });
  const pkcs8 = opened.key.export({ type: 'pkcs8', format: 'der' });
  return { signer: await webCryptoSigner(new Uint8Array(pkcs8), [], algorithm), kid: opened.kid };
}

function openKey(text: string): { readonly key: KeyObject; readonly kid: string | null } | null {
  try {
    if (!text.trimStart().startsWith('{')) return { key: createPrivateKey(text), kid: null };
    const jwk: unknown = JSON.parse(text);
    if (typeof jwk !== 'object' || jwk === null) return null;
    const kid = 'kid' in jwk && typeof jwk.kid === 'string' ? jwk.kid : null;
    return { key: createPrivateKey({ key: { ...jwk }, format: 'jwk' }), kid };
  } catch {
    return null;
  }
}

function algorithmOf(key: KeyObject): 'ES256' | 'RS256' | null {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  const isP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return isP256 ? 'ES256' : null;
}
