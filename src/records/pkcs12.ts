import forge from 'node-forge';
import { ok, type Result, refuse } from '../result.ts';

/** A private key with its certificates, out of a PKCS#12 file. */
export interface ImportedKey {
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
  /** DER, leaf first; self-signed roots left out. */
  readonly chain: readonly Uint8Array[];
}

export type Pkcs12Reason = 'password-or-file-wrong' | 'no-rsa-key' | 'no-certificate';

const maxBytes = 64 * 1024;

/**
 * Opens a PKCS#12 file with an RSA key (the one place besides the development authority where node-forge is used; it
 * never verifies anything here). The leaf is the certificate whose public key belongs to the private key.
 */
export function parsePkcs12(file: Uint8Array, password: string): Result<ImportedKey, Pkcs12Reason> {
  if (file.length > maxBytes) return refuse('password-or-file-wrong');
  const pfx = openPfx(file, password);
  if (pfx === null) return refuse('password-or-file-wrong');
  const shrouded = pfx.getBags({ bagType: forge.pki.oids['pkcs8ShroudedKeyBag'] ?? '' });
  const plain = pfx.getBags({ bagType: forge.pki.oids['keyBag'] ?? '' });
  const key = [...Object.values(shrouded), ...Object.values(plain)].flat().find((bag) => bag?.key)?.key;
  // Sound: node-forge only knows RSA keys; an elliptic-curve bag has no `key`.
  const rsa = key as forge.pki.rsa.PrivateKey | null | undefined;
  if (!rsa) return refuse('no-rsa-key');
  const bags = pfx.getBags({ bagType: forge.pki.oids['certBag'] ?? '' });
  const certificates = Object.values(bags)
    .flat()
    .flatMap((bag) => (bag?.cert ? [bag.cert] : []));
  const leaf = certificates.find((certificate) => sameKey(certificate.publicKey, rsa));
  if (leaf === undefined) return refuse('no-certificate');
  const others = certificates.filter((certificate) => certificate !== leaf && !certificate.isIssuer(certificate));
  return ok({
    privateKey: derBytes(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(rsa))),
    chain: [leaf, ...others].map((certificate) => derBytes(forge.pki.certificateToAsn1(certificate))),
  });
}

function openPfx(file: Uint8Array, password: string): forge.pkcs12.Pkcs12Pfx | null {
  try {
    const asn1 = forge.asn1.fromDer(forge.util.createBuffer(binary(file)));
    return forge.pkcs12.pkcs12FromAsn1(asn1, true, password);
  } catch {
    return null;
  }
}

function sameKey(publicKey: unknown, privateKey: forge.pki.rsa.PrivateKey): boolean {
  // Sound: only read after the modulus was found there.
  const key = publicKey as Partial<forge.pki.rsa.PublicKey>;
  return key.n !== undefined && key.n.equals(privateKey.n);
}

function derBytes(asn1: forge.asn1.Asn1): Uint8Array {
  return Uint8Array.from(forge.asn1.toDer(asn1).getBytes(), (c) => c.charCodeAt(0));
}

function binary(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
