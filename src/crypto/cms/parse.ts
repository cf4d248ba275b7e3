import { ok, type Result, refuse } from '../../result.ts';
import { DerError, type DerValue, scanDer } from '../der.ts';
import {
  countOf,
  endOf,
  innerDer,
  membersOf,
  nextDer,
  nextIf,
  nextOf,
  octetsOf,
  oidOf,
  openDer,
  TAG,
} from '../der-reader.ts';
import type { SignatureAlgorithm } from '../x509/algorithms.ts';
import {
  type DigestAlgorithm,
  readDigestIdentifier,
  readSignatureIdentifier,
  sameBytes,
} from './algorithm-identifiers.ts';
import { derSetOf, retagged } from './der-write.ts';
import { oids } from './oids.ts';

export type CmsReason = 'malformed' | 'too-large' | 'signer-count' | 'algorithm-not-allowed';

export interface CmsAttribute {
  readonly type: string;
  readonly values: readonly DerValue[];
}

export type SignerIdentifier =
  | { readonly issuer: Uint8Array; readonly serial: Uint8Array }
  | { readonly subjectKeyIdentifier: Uint8Array };

/** A SignedData with exactly one signer; bytes are views of the message. */
export interface SignedData {
  readonly contentType: string;
  /** The encapsulated content; null when it travels beside the signature. */
  readonly content: Uint8Array | null;
  readonly certificates: readonly Uint8Array[];
  readonly signerIdentifier: SignerIdentifier;
  readonly digest: DigestAlgorithm;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** The signed attributes as they are hashed: the original bytes under the tag of SET OF. */
  readonly signedBytes: Uint8Array;
  readonly signedAttributes: readonly CmsAttribute[];
  readonly signature: Uint8Array;
  readonly unsignedAttributes: readonly CmsAttribute[];
}

const maxCmsBytes = 256 * 1024;
const maxCertificates = 64;

/**
 * Parses a CMS ContentInfo with SignedData (RFC 5652). DER only, one signer, signed attributes present and in canonical
 * order. Nothing is verified.
 */
export function parseSignedData(bytes: Uint8Array): Result<SignedData, CmsReason> {
  if (bytes.length > maxCmsBytes) return refuse('too-large');
  try {
    const contentInfo = openDer(scanDer(bytes, { maxBytes: maxCmsBytes }));
    if (oidOf(nextDer(contentInfo)) !== oids.signedData) return refuse('malformed');
    const explicit = nextOf(contentInfo, 0xa0);
    endOf(contentInfo);
    return readSignedData(innerDer(explicit));
  } catch (error) {
    if (error instanceof DerError) return refuse('malformed');
    throw error;
  }
}

function readSignedData(value: DerValue): Result<SignedData, CmsReason> {
  const cursor = openDer(value);
  const version = countOf(nextDer(cursor));
  const digests = membersOf(nextDer(cursor), TAG.set).map(readDigestIdentifier);
  const encapsulated = openDer(nextDer(cursor));
  const contentType = oidOf(nextDer(encapsulated));
  const content = nextIf(encapsulated, 0xa0);
  endOf(encapsulated);
  const certificates = nextIf(cursor, 0xa0);
  nextIf(cursor, 0xa1);
  const signers = membersOf(nextDer(cursor), TAG.set);
  endOf(cursor);
  const [signer, ...others] = signers;
  if (signer === undefined || others.length > 0) return refuse('signer-count');
  const info = readSignerInfo(signer);
  if (info === null) return refuse('algorithm-not-allowed');
  // RFC 5652 §5.1: the list of hashes names that of the signer, the version follows from the content.
  if (digests.length !== 1 || digests[0] !== info.digest) return refuse('malformed');
  if (version !== versionOf(contentType, info.signerIdentifier)) return refuse('malformed');
  return ok({
    ...info,
    contentType,
    content: content === null ? null : octetsOf(innerDer(content)),
    certificates: certificates === null ? [] : readCertificates(certificates),
  });
}

function versionOf(contentType: string, signer: SignerIdentifier): number {
  return contentType === oids.data && 'issuer' in signer ? 1 : 3;
}

type SignerPart = Omit<SignedData, 'contentType' | 'content' | 'certificates'>;

/** Null when an algorithm is none of ours. */
function readSignerInfo(value: DerValue): SignerPart | null {
  const cursor = openDer(value);
  const version = countOf(nextDer(cursor));
  const signerIdentifier = readSignerIdentifier(nextDer(cursor));
  // RFC 5652 §5.3: 1 with issuerAndSerialNumber, 3 with subjectKeyIdentifier.
  if (version !== ('issuer' in signerIdentifier ? 1 : 3)) throw new DerError('der.structure');
  const digest = readDigestIdentifier(nextDer(cursor));
  const signed = nextOf(cursor, 0xa0);
  const algorithm = nextDer(cursor);
  const signature = octetsOf(nextDer(cursor));
  const unsigned = nextIf(cursor, 0xa1);
  endOf(cursor);
  if (digest === null) return null;
  const signatureAlgorithm = readSignatureIdentifier(algorithm, digest);
  if (signatureAlgorithm === null) return null;
  return {
    signerIdentifier,
    digest,
    signatureAlgorithm,
    signedBytes: canonicalSet(signed),
    signedAttributes: readAttributes(signed),
    signature,
    unsignedAttributes: unsigned === null ? [] : readAttributes(unsigned),
  };
}

function readSignerIdentifier(value: DerValue): SignerIdentifier {
  if (value.tag === 0x80) return { subjectKeyIdentifier: value.content };
  const cursor = openDer(value);
  const issuer = nextOf(cursor, TAG.sequence).bytes;
  const serial = nextOf(cursor, TAG.integer).bytes;
  endOf(cursor);
  return { issuer, serial };
}

/** The original bytes under tag 0x31, refused unless they are the canonical order: never hash a re-encoding. */
function canonicalSet(value: DerValue): Uint8Array {
  const original = retagged(value.bytes, 0x31);
  const sorted = derSetOf(membersOf(value, 0xa0).map((member) => member.bytes));
  if (!sameBytes(original, sorted)) throw new DerError('der.set-order');
  return original;
}

function readAttributes(value: DerValue): readonly CmsAttribute[] {
  return membersOf(value, value.tag).map((member) => {
    const cursor = openDer(member);
    const type = oidOf(nextDer(cursor));
    const values = membersOf(nextDer(cursor), TAG.set);
    endOf(cursor);
    return { type, values };
  });
}

function readCertificates(value: DerValue): readonly Uint8Array[] {
  const certificates = membersOf(value, 0xa0);
  // RFC 5652 §10.2.2: plain certificates only; the obsolete and attribute kinds are not ours.
  if (certificates.length > maxCertificates || certificates.some(({ tag }) => tag !== TAG.sequence)) {
    throw new DerError('der.structure');
  }
  return certificates.map((certificate) => certificate.bytes);
}

/** The single value of an attribute that must occur once with one value; null when it does not. */
export function singleValue(attributes: readonly CmsAttribute[], type: string): DerValue | null {
  const [found, ...others] = attributes.filter((attribute) => attribute.type === type);
  const [value, ...otherValues] = found?.values ?? [];
  return value !== undefined && others.length === 0 && otherValues.length === 0 ? value : null;
}
