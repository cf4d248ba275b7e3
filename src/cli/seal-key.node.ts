import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Signer, type SignerAlgorithm, webCryptoSigner } from '../crypto/signer.ts';
import { pemToDer } from '../crypto/x509/pem.ts';
import { usageError } from './cli-error.ts';

/** The school's seal key: PKCS#8 in PEM, and its certificates in PEM, leaf first, without the root. */
export async function readSealKey(keyPath: string, chainPath: string): Promise<Signer> {
  const [keyText, chainText] = await Promise.all([readText(keyPath), readText(chainPath)]);
  const key = openKey(keyText);
  const algorithm = key === null ? null : algorithmOf(key);
  if (key === null || algorithm === null) throw usageError('key.malformed', { path: keyPath });
  const chain = pemToDer(chainText, 'CERTIFICATE');
  if (chain.length === 0) throw usageError('key.malformed', { path: chainPath });
  return webCryptoSigner(new Uint8Array(key.export({ type: 'pkcs8', format: 'der' })), chain, algorithm);
}

async function readText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw usageError('key.missing', { path });
  return text;
}

function openKey(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

function algorithmOf(key: KeyObject): SignerAlgorithm | null {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  return curve === 'prime256v1' ? 'ES256' : curve === 'secp384r1' ? 'ES384' : null;
}
