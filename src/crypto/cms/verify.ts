import { DerError, type DerValue } from '../der.ts';
import { endOf, innerDer, membersOf, nextDer, nextIf, octetsOf, oidOf, openDer, TAG } from '../der-reader.ts';
import { verifySignature } from '../x509/algorithms.ts';
import { parseX509Certificate, type X509Certificate } from '../x509/certificate.ts';
import { type DigestAlgorithm, readDigestIdentifier, sameBytes } from './algorithm-identifiers.ts';
import { issuerSerialOf } from './issuer-serial.ts';
import { oids } from './oids.ts';
import { type SignedData, singleValue } from './parse.ts';

export type IntegrityReason =
  | 'attribute-repeated'
  | 'content-type-mismatch'
  | 'digest-mismatch'
  | 'certificate-missing'
  | 'certificate-malformed'
  | 'ess-missing'
  | 'ess-mismatch'
  | 'signature-mismatch';

export interface SignedDataVerdict {
  /** Empty when the signature is that of the content by the certificate. */
  readonly reasons: readonly IntegrityReason[];
  readonly certificate: X509Certificate | null;
  /** The other certificates of the message and of the caller, to build the path from. */
  readonly pool: readonly X509Certificate[];
}

/**
 * Verifies the signature of a SignedData: attributes, digest, ESS certificate binding, signature value.
 * Whose key it is remains open: the certificate's path is the caller's to verify.
 *
 * @param input.contentDigest - the content's hash, by the hash the signer chose
 * @param input.pool - certificates known from elsewhere, for messages that carry none
 */
export async function verifySignedData(input: {
  readonly signedData: SignedData;
  readonly contentType: string;
  contentDigest(algorithm: DigestAlgorithm): Promise<Uint8Array>;
  readonly pool: readonly X509Certificate[];
}): Promise<SignedDataVerdict> {
  const { signedData } = input;
  const carried = signedData.certificates.map(parseX509Certificate);
  const pool = [...carried.flatMap((parsed) => (parsed.ok ? [parsed.value] : [])), ...input.pool];
  const reasons: IntegrityReason[] = [];
  // Broken bytes are not read around; a certificate of a kind we do not use (an old root, say) is merely useless.
  if (carried.some((parsed) => !parsed.ok && parsed.fault.startsWith('der.'))) reasons.push('certificate-malformed');
  reasons.push(...attributeReasons(signedData, input.contentType));
  const digest = singleValue(signedData.signedAttributes, oids.messageDigest);
  const actual = await input.contentDigest(signedData.digest);
  if (digest?.tag !== TAG.octetString || !sameBytes(digest.content, actual)) reasons.push('digest-mismatch');
  const certificate = pool.find((candidate) => isIdentified(candidate, signedData)) ?? null;
  if (certificate === null) return { reasons: [...reasons, 'certificate-missing'], certificate, pool };
  reasons.push(...(await essReasons(signedData, certificate)));
  const signed = await verifySignature({
    algorithm: signedData.signatureAlgorithm,
    spki: certificate.publicKey.spki,
    data: signedData.signedBytes,
    signature: signedData.signature,
  });
  if (!signed) reasons.push('signature-mismatch');
  return { reasons, certificate, pool };
}

function attributeReasons(signedData: SignedData, contentType: string): readonly IntegrityReason[] {
  const reasons: IntegrityReason[] = [];
  const types = signedData.signedAttributes.map((attribute) => attribute.type);
  // RFC 5652 §5.3: each type once; the ones we know have a single value (§11).
  const single = signedData.signedAttributes.every((attribute) => attribute.values.length === 1);
  if (new Set(types).size !== types.length || !single) reasons.push('attribute-repeated');
  const stated = singleValue(signedData.signedAttributes, oids.contentType);
  if (signedData.contentType !== contentType || stated?.tag !== TAG.oid || oidOf(stated) !== contentType) {
    reasons.push('content-type-mismatch');
  }
  return reasons;
}

function isIdentified(candidate: X509Certificate, { signerIdentifier }: SignedData): boolean {
  if ('subjectKeyIdentifier' in signerIdentifier) {
    const identifier = candidate.extensions.subjectKeyIdentifier;
    return identifier !== undefined && sameBytes(identifier.keyIdentifier, signerIdentifier.subjectKeyIdentifier);
  }
  const { issuer, serial } = issuerSerialOf(candidate.der);
  return sameBytes(issuer, signerIdentifier.issuer) && sameBytes(serial, signerIdentifier.serial);
}

/** ESS signing-certificate-v2 (RFC 5035 §3): its first entry is the signer's certificate. The SHA-1 form does not count. */
async function essReasons(signedData: SignedData, certificate: X509Certificate): Promise<readonly IntegrityReason[]> {
  const value = singleValue(signedData.signedAttributes, oids.signingCertificateV2);
  if (value === null) return ['ess-missing'];
  try {
    const entry = readEssEntry(value);
    const hash = await crypto.subtle.digest(entry.digest, new Uint8Array(certificate.der));
    if (!sameBytes(entry.hash, new Uint8Array(hash))) return ['ess-mismatch'];
    return entry.issuerSerial === null || namesCertificate(entry.issuerSerial, certificate) ? [] : ['ess-mismatch'];
  } catch (error) {
    if (error instanceof DerError) return ['ess-mismatch'];
    throw error;
  }
}

interface EssEntry {
  readonly digest: DigestAlgorithm;
  readonly hash: Uint8Array;
  readonly issuerSerial: DerValue | null;
}

function readEssEntry(value: DerValue): EssEntry {
  const [first] = membersOf(nextDer(openDer(value)));
  if (first === undefined) throw new DerError('der.structure');
  const cursor = openDer(first);
  const algorithm = nextIf(cursor, TAG.sequence);
  const digest = algorithm === null ? 'SHA-256' : readDigestIdentifier(algorithm);
  if (digest === null) throw new DerError('der.structure');
  const hash = octetsOf(nextDer(cursor));
  const issuerSerial = nextIf(cursor, TAG.sequence);
  endOf(cursor);
  return { digest, hash, issuerSerial };
}

/** IssuerSerial = GeneralNames with one directoryName [4], then the serial number. */
function namesCertificate(issuerSerial: DerValue, certificate: X509Certificate): boolean {
  const cursor = openDer(issuerSerial);
  const [name, ...others] = membersOf(nextDer(cursor));
  const serial = nextDer(cursor);
  endOf(cursor);
  if (name?.tag !== 0xa4 || others.length > 0) return false;
  const expected = issuerSerialOf(certificate.der);
  return sameBytes(innerDer(name).bytes, expected.issuer) && sameBytes(serial.bytes, expected.serial);
}
