import forge from 'node-forge';
import { CertificateFileError, type OpenedCertificateFile, signWith } from './opened.ts';

/**
 * Opens a .p12 with an RSA key. node-forge reads the container, also with the old ciphers that WebCrypto does not have;
 * it signs nothing and verifies nothing.
 *
 * @returns null when the file is none that node-forge reads, or its key is not RSA
 * @throws CertificateFileError for a wrong password, or when the certificate of the key is missing
 */
export async function openRsaFile(file: Uint8Array, password: string): Promise<OpenedCertificateFile | null> {
  const p12 = readContainer(file, password);
  if (p12 === null) return null;
  const keys = [...bagsOf(p12, 'pkcs8ShroudedKeyBag'), ...bagsOf(p12, 'keyBag')];
  // node-forge leaves `key` empty for everything but RSA.
  const rsaKey = keys.find((bag) => bag.key)?.key;
  if (!rsaKey) return null;
  const certificates = bagsOf(p12, 'certBag').flatMap((bag) => (bag.cert ? [bag.cert] : []));
  const leaf = certificates.find((certificate) => isKeyOf(certificate, rsaKey));
  if (leaf === undefined) throw new CertificateFileError('file');
  const others = certificates.filter((certificate) => certificate !== leaf);
  const pkcs8 = forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(rsaKey));
  return {
    certificates: [leaf, ...others].map((certificate) => derOf(forge.pki.certificateToAsn1(certificate))),
    sign: await signWith('rsa', derOf(pkcs8)),
  };
}

function readContainer(file: Uint8Array, password: string): forge.pkcs12.Pkcs12Pfx | null {
  try {
    const container = forge.asn1.fromDer(forge.util.createBuffer(toBinary(file)), false);
    return forge.pkcs12.pkcs12FromAsn1(container, password);
  } catch (cause) {
    // The MAC over the whole container is checked first, so a wrong password is told from all else.
    if (cause instanceof Error && /invalid password/i.test(cause.message)) {
      throw new CertificateFileError('password', { cause });
    }
    return null;
  }
}

function bagsOf(p12: forge.pkcs12.Pkcs12Pfx, name: 'certBag' | 'keyBag' | 'pkcs8ShroudedKeyBag'): forge.pkcs12.Bag[] {
  const bagType = forge.pki.oids[name];
  return bagType === undefined ? [] : (p12.getBags({ bagType })[bagType] ?? []);
}

function isKeyOf(certificate: forge.pki.Certificate, key: forge.pki.rsa.PrivateKey): boolean {
  const { publicKey } = certificate;
  return 'n' in publicKey && publicKey.n.equals(key.n);
}

function derOf(value: forge.asn1.Asn1): Uint8Array {
  return Uint8Array.from(forge.asn1.toDer(value).getBytes(), (character) => character.charCodeAt(0));
}

function toBinary(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
