import forge from 'node-forge';
import { parseX509Certificate, type X509Certificate } from '../crypto/x509/certificate.ts';
import { sameName } from '../crypto/x509/names.ts';
import { ok, type Result, refuse } from '../result.ts';

/** A private key with its certificates, out of a PKCS#12 file. */
export interface ImportedKey {
  /** PKCS#8, DER. */
  readonly privateKey: Uint8Array;
  /** DER, leaf first; self-signed roots left out. */
  readonly chain: readonly Uint8Array[];
}

export type Pkcs12Reason = 'password-or-file-wrong' | 'no-key' | 'no-certificate';

const maxBytes = 64 * 1024;

/**
 * Opens a PKCS#12 file with one key, RSA or elliptic (the one place besides the development authority where node-forge is used; it
 * opens the container and verifies nothing). Whether key and leaf belong together is for `wrapSealKey` to say.
 */
export function parsePkcs12(file: Uint8Array, password: string): Result<ImportedKey, Pkcs12Reason> {
  if (file.length > maxBytes) return refuse('password-or-file-wrong');
  const pfx = openPfx(file, password);
  if (pfx === null) return refuse('password-or-file-wrong');
  const keys = [...bagsOf(pfx, 'pkcs8ShroudedKeyBag'), ...bagsOf(pfx, 'keyBag')].flatMap(keyIn);
  const [privateKey] = keys;
  if (privateKey === undefined || keys.length !== 1) return refuse('no-key');
  const certificates = bagsOf(pfx, 'certBag').flatMap(certificateIn);
  const [leaf, ...more] = certificates.filter((one) => !certificates.some((other) => isIssuerOf(one, other)));
  if (leaf === undefined || more.length > 0) return refuse('no-certificate');
  const others = certificates.filter((one) => one !== leaf && !isIssuerOf(one, one));
  return ok({ privateKey, chain: [leaf, ...others].map(({ der }) => der) });
}

function openPfx(file: Uint8Array, password: string): forge.pkcs12.Pkcs12Pfx | null {
  try {
    const asn1 = forge.asn1.fromDer(forge.util.createBuffer(binary(file)));
    return forge.pkcs12.pkcs12FromAsn1(asn1, true, password);
  } catch {
    return null;
  }
}

function bagsOf(pfx: forge.pkcs12.Pkcs12Pfx, name: 'certBag' | 'keyBag' | 'pkcs8ShroudedKeyBag'): forge.pkcs12.Bag[] {
  return Object.values(pfx.getBags({ bagType: forge.pki.oids[name] ?? '' })).flatMap((bags) => bags ?? []);
}

/** node-forge knows RSA keys; whatever else it leaves as it was, a PKCS#8 structure. */
function keyIn({ key, asn1 }: forge.pkcs12.Bag): Uint8Array[] {
  if (key) return [derBytes(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)))];
  return asn1 ? [derBytes(asn1)] : [];
}

function certificateIn({ cert, asn1 }: forge.pkcs12.Bag): X509Certificate[] {
  const given = cert ? forge.pki.certificateToAsn1(cert) : asn1;
  const parsed = given ? parseX509Certificate(derBytes(given)) : null;
  return parsed?.ok ? [parsed.value] : [];
}

/** By name alone: the path is verified before anybody uses it. A certificate that signed itself is no leaf. */
function isIssuerOf(issuer: X509Certificate, of: X509Certificate): boolean {
  return sameName(issuer.subject, of.issuer);
}

function derBytes(asn1: forge.asn1.Asn1): Uint8Array {
  return Uint8Array.from(forge.asn1.toDer(asn1).getBytes(), (c) => c.charCodeAt(0));
}

function binary(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
