import type { OpenedCertificateFile } from './opened.ts';

/**
 * Opens a .p12 here, in the browser: RSA by node-forge, else by pkijs. Both are loaded only when somebody has chosen a
 * file, since most people come through the other door.
 *
 * @throws CertificateFileError
 */
export async function openCertificateFile(file: Uint8Array, password: string): Promise<OpenedCertificateFile> {
  const { openRsaFile } = await import('./rsa.ts');
  const rsa = await openRsaFile(file, password);
  if (rsa !== null) return rsa;
  const { openEcFile } = await import('./ec.ts');
  return openEcFile(file, password);
}
