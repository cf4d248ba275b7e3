import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { type ClientKey, importClientKey } from '../identity/client-key.ts';
import { readOrNull, writePrivately } from './identity-file.node.ts';

/** The gateway's key for `private_key_jwt`, made at the first start. */
export async function keepClientKey(path: string): Promise<ClientKey> {
  const stored = await readOrNull(path);
  if (stored !== null) return importClientKey(pkcs8Of(stored));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await writePrivately(path, pem);
  return importClientKey(pkcs8Of(pem));
}

function pkcs8Of(pem: string): Uint8Array {
  return new Uint8Array(createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }));
}
