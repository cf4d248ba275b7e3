import { ok, type Result, refuse } from '../result.ts';
import { type JwsHeader, parseJws, verifyParsedJws } from './jose.ts';
import { parseBase64 } from './jose-encoding.ts';
import type { VerificationKey } from './jose-key.ts';
import type { JoseReason } from './jose-reasons.ts';
import type { SignerAlgorithm } from './signer.ts';
import { importedKey, type KeyCache, type SignatureAlgorithm } from './x509/algorithms.ts';
import { parseX509Certificate, type X509Certificate } from './x509/certificate.ts';
import type { Purpose } from './x509/path.ts';
import type { PathCache } from './x509/path-cache.ts';

/** Whoever seals for a school: digitalSignature or nonRepudiation, any extended usage that the anchor's CA gives. */
export const sealing: Purpose = { keyUsage: ['digitalSignature', 'nonRepudiation'] };

const maxCertificates = 6;

/** The certificates of `x5c` (RFC 7515 §4.1.6), leaf first; null unless each is canonical base64 of a certificate. */
export function readX5c(header: JwsHeader, cache?: PathCache): readonly X509Certificate[] | null {
  const { x5c } = header;
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.length > maxCertificates) return null;
  const entries: readonly unknown[] = x5c;
  const chain = entries.flatMap((entry) => {
    const certificate = typeof entry === 'string' ? readEntry(entry, cache) : null;
    return certificate === null ? [] : [certificate];
  });
  return chain.length === entries.length ? chain : null;
}

function readEntry(entry: string, cache: PathCache | undefined): X509Certificate | null {
  const known = cache?.certificates.get(entry);
  if (known !== undefined) return known;
  const der = parseBase64(entry);
  const parsed = der === null ? null : parseX509Certificate(der);
  if (!parsed?.ok) return null;
  cache?.certificates.set(entry, parsed.value);
  return parsed.value;
}

/** A token whose signature fits the first certificate of its own `x5c`; nothing is said yet about whom to trust. */
export interface X5cToken {
  readonly payload: Uint8Array;
  readonly leaf: X509Certificate;
  readonly pool: readonly X509Certificate[];
}

export type X5cReason = JoseReason | 'certificate-malformed';

/** Verifies a compact ES256 JWS whose protected header is exactly `{alg, typ, x5c}`, so that nothing in it goes unread. */
export async function verifyX5cToken(
  token: string,
  typ: string,
  cache?: PathCache,
): Promise<Result<X5cToken, X5cReason>> {
  const parsed = parseJws(token);
  if (!parsed.ok) return parsed;
  const { protectedHeader } = parsed.value;
  // Before the certificate: whoever sends `none` is to be told that.
  if (protectedHeader.alg !== 'ES256') return refuse('algorithm-not-allowed');
  if (protectedHeader['typ'] !== typ) return refuse('type-mismatch');
  if (Object.keys(protectedHeader).sort().join(' ') !== 'alg typ x5c') return refuse('header-not-allowed');
  const [leaf, ...pool] = readX5c(protectedHeader, cache) ?? [];
  if (leaf === undefined) return refuse('certificate-malformed');
  const key = await keyOf(leaf, cache?.keys);
  const keyFrom = () => key;
  const verified = await verifyParsedJws(parsed.value, { algorithms: ['ES256'], typ, keyFrom });
  return verified.ok ? ok({ payload: verified.value.payload, leaf, pool }) : verified;
}

/** Out of the cache where there is one; whether a key fits at all is found out when it is used. */
async function keyOf({ publicKey: { spki } }: X509Certificate, keys: KeyCache | undefined): Promise<VerificationKey> {
  const cached = keys === undefined ? null : importedKey({ algorithm: 'ecdsa-p256-sha256', spki }, keys);
  const key = (await cached?.catch(() => null)) ?? null;
  return key === null ? { spki } : { key };
}

/** Addresses that a certificate speaks for: the URIs among its alternative names. */
export function issuerNamesOf({ extensions }: X509Certificate): readonly string[] {
  return (extensions.subjectAltNames?.names ?? []).flatMap((name) => (name.kind === 'uri' ? [name.text] : []));
}

/** The name that the path validator has for an algorithm of JWS. */
export const x509Names: Readonly<Record<SignerAlgorithm, SignatureAlgorithm>> = {
  RS256: 'rsa-pkcs1-sha256',
  PS256: 'rsa-pss-sha256',
  ES256: 'ecdsa-p256-sha256',
  ES384: 'ecdsa-p384-sha384',
};
