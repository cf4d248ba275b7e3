import { pemToDer } from '../crypto/x509/pem.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';

const maxCertificates = 5;
const maxCertificateBytes = 15_000;

/**
 * The certificates of uploaded files, in their order: PEM with one or more of them, or DER. What they are worth is
 * checked where they are registered.
 *
 * @returns `seal.private-key` when a private key was sent along, `seal.key-refused` when there is no certificate, or too many
 */
export function certificatesOf(files: readonly Uint8Array[]): Result<readonly Uint8Array[]> {
  const found: Uint8Array[] = [];
  for (const bytes of files) {
    const text = new TextDecoder('latin1').decode(bytes);
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return refuse(fault('seal.private-key'));
    const isPem = text.includes('-----BEGIN ');
    found.push(...(isPem ? readPem(text) : [bytes]));
  }
  const isFit = found.every(({ length }) => length > 0 && length <= maxCertificateBytes);
  if (found.length === 0 || found.length > maxCertificates || !isFit) {
    return refuse(fault('seal.key-refused', { detail: 'certificates' }));
  }
  return ok(found);
}

function readPem(text: string): readonly Uint8Array[] {
  try {
    return pemToDer(text, 'CERTIFICATE');
  } catch {
    return [];
  }
}
