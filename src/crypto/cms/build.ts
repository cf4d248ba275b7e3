import { digestOf, type Signer } from '../signer.ts';
import { digestIdentifier, signatureIdentifier } from './algorithm-identifiers.ts';
import { derElement, derInteger, derOctetString, derOid, derSequence, derSetOf, retagged } from './der-write.ts';
import { ecdsaToDer } from './ecdsa-form.ts';
import { issuerSerialOf } from './issuer-serial.ts';
import { oids } from './oids.ts';

export interface SignedDataInput {
  readonly contentType: typeof oids.data | typeof oids.tstInfo;
  /** The content to carry; null when it travels beside the signature. */
  readonly content: Uint8Array | null;
  /** Hash of the content with {@link digestOf} the signer's algorithm. */
  readonly messageDigest: Uint8Array;
  readonly signer: Signer;
  /** DER certificates to carry. */
  readonly certificates: readonly Uint8Array[];
  /** A time-stamp token over the signature value, or null for none. */
  stamp(signature: Uint8Array): Promise<Uint8Array | null>;
}

/**
 * Builds a CMS SignedData with one signer as DER (RFC 5652 §5), attributes as in CAdES: content type, message digest,
 * ESS signing-certificate-v2.
 *
 * @throws when the signer has no certificate
 */
export async function buildSignedData(input: SignedDataInput): Promise<Uint8Array> {
  const [leaf] = input.signer.chain;
  if (leaf === undefined) throw new Error('a CMS signer needs its certificate');
  const digest = digestIdentifier(digestOf(input.signer.algorithm));
  const content = input.content === null ? [] : [derElement(0xa0, derOctetString(input.content))];
  const certificates = input.certificates.length === 0 ? [] : [derSetOf(input.certificates, 0xa0)];
  const signedData = derSequence(
    // RFC 5652 §5.1: 1 for id-data, 3 for any other content.
    derInteger(input.contentType === oids.data ? 1 : 3),
    derSetOf([digest]),
    derSequence(derOid(input.contentType), ...content),
    ...certificates,
    derSetOf([await signerInfo(input, leaf, digest)]),
  );
  return derSequence(derOid(oids.signedData), derElement(0xa0, signedData));
}

export function attribute(type: string, value: Uint8Array): Uint8Array {
  return derSequence(derOid(type), derSetOf([value]));
}

async function signerInfo(input: SignedDataInput, leaf: Uint8Array, digest: Uint8Array): Promise<Uint8Array> {
  const { issuer, serial } = issuerSerialOf(leaf);
  const attributes = derSetOf([
    attribute(oids.contentType, derOid(input.contentType)),
    attribute(oids.messageDigest, derOctetString(input.messageDigest)),
    attribute(oids.signingCertificateV2, await essCertificate(leaf, issuer, serial)),
  ]);
  // RFC 5652 §5.4: what is signed has the tag of SET OF; in the message the same bytes stand under [0].
  const raw = await input.signer.sign(attributes);
  const signature = input.signer.algorithm.startsWith('ES') ? ecdsaToDer(raw) : raw;
  const token = await input.stamp(signature);
  return derSequence(
    derInteger(1),
    derSequence(issuer, serial),
    digest,
    retagged(attributes, 0xa0),
    signatureIdentifier(input.signer.algorithm),
    derOctetString(signature),
    ...(token === null ? [] : [derSetOf([attribute(oids.signatureTimeStamp, token)], 0xa1)]),
  );
}

/** SigningCertificateV2 (RFC 5035 §3); the hash algorithm is left out, being SHA-256, the default. */
async function essCertificate(leaf: Uint8Array, issuer: Uint8Array, serial: Uint8Array): Promise<Uint8Array> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(leaf)));
  const issuerSerial = derSequence(derSequence(derElement(0xa4, issuer)), serial);
  return derSequence(derSequence(derSequence(derOctetString(hash), issuerSerial)));
}
