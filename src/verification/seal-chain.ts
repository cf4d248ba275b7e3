import { toBase64url } from '../crypto/jose-encoding.ts';
import { parseX509Certificate, type X509Certificate } from '../crypto/x509/certificate.ts';
import { pemToDer } from '../crypto/x509/pem.ts';

/** The certificate of a seal, and those between it and its authority. */
export interface SealChain {
  readonly leaf: X509Certificate;
  readonly pool: readonly X509Certificate[];
  /** SHA-256 of the leaf, base64url: what the code on paper calls it. */
  readonly fingerprint: string;
}

const maxBytes = 65_536;
const maxCertificates = 6;

/** A chain in PEM, leaf first, or one certificate in DER; null for anything else. */
export function sealChainIn(bytes: Uint8Array): SealChain | null {
  const ders = bytes.length > maxBytes ? [] : dersIn(bytes);
  const parsed = ders.length > maxCertificates ? [] : ders.map(parseX509Certificate);
  const certificates = parsed.flatMap((one) => (one.ok ? [one.value] : []));
  const [leaf, ...pool] = certificates;
  if (leaf === undefined || certificates.length !== parsed.length) return null;
  return { leaf, pool, fingerprint: toBase64url(new Uint8Array(Buffer.from(leaf.sha256, 'hex'))) };
}

function dersIn(bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes[0] === 0x30) return [bytes];
  try {
    return pemToDer(new TextDecoder('latin1').decode(bytes), 'CERTIFICATE');
  } catch {
    // pemToDer throws for what is no base64.
    return [];
  }
}
