import { createPrivateKey } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Identity } from './certificate-maker.node.ts';

/** Reads an identity made at an earlier start, or makes and keeps it: `<path>.key.pem` (0600) and `<path>.pem`. */
export async function keepIdentity(path: string, make: () => Promise<Identity>): Promise<Identity> {
  const stored = await readIdentity(path);
  if (stored) return stored;
  const made = await make();
  await writePrivately(`${path}.key.pem`, pem('PRIVATE KEY', made.pkcs8));
  // The certificates come last: an interrupted start leaves no identity, not half of one.
  await writeWhole(`${path}.pem`, made.chain.map((der) => pem('CERTIFICATE', der)).join(''));
  return made;
}

export async function writePrivately(path: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(path, content, 0o600);
}

/** All or nothing, by renaming. */
export async function writeWhole(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.new`;
  await writeFile(temporary, content, { mode });
  await rename(temporary, path);
}

export function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g);
  return `-----BEGIN ${label}-----\n${(lines ?? []).join('\n')}\n-----END ${label}-----\n`;
}

export async function readOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function readIdentity(path: string): Promise<Identity | null> {
  const [certificates, key] = await Promise.all([readOrNull(`${path}.pem`), readOrNull(`${path}.key.pem`)]);
  const [pkcs8] = key === null ? [] : fromPem(key);
  if (certificates === null || pkcs8 === undefined) return null;
  return { algorithm: algorithmOf(key ?? ''), pkcs8, chain: fromPem(certificates) };
}

function algorithmOf(pemKey: string): Identity['algorithm'] {
  const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pemKey);
  if (asymmetricKeyType !== 'ec') return 'RS256';
  return asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : 'ES256';
}

function fromPem(text: string): Uint8Array<ArrayBuffer>[] {
  return [...text.matchAll(/-----BEGIN [A-Z ]+-----([^-]+)-----END/g)].map((match) =>
    Uint8Array.from(Buffer.from(match[1] ?? '', 'base64')),
  );
}
