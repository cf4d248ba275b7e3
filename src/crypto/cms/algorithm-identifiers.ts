import { compareBytes, type DerValue } from '../der.ts';
import { endOf, nextDer, nextIf, oidOf, openDer, TAG } from '../der-reader.ts';
import { digestOf, type SignerAlgorithm } from '../signer.ts';
import { type SignatureAlgorithm, signatureAlgorithmOf } from '../x509/algorithms.ts';
import { derElement, derInteger, derNull, derOid, derSequence } from './der-write.ts';
import { oids } from './oids.ts';

export type DigestAlgorithm = 'SHA-256' | 'SHA-384' | 'SHA-512';

const digestOids: Readonly<Record<DigestAlgorithm, string>> = {
  'SHA-256': oids.sha256,
  'SHA-384': oids.sha384,
  'SHA-512': oids.sha512,
};

/** AlgorithmIdentifier of a hash: parameters absent (RFC 5754 §2). */
export function digestIdentifier(algorithm: DigestAlgorithm): Uint8Array {
  return derSequence(derOid(digestOids[algorithm]));
}

/** AlgorithmIdentifier that a SignerInfo carries for this signer. */
export function signatureIdentifier(algorithm: SignerAlgorithm): Uint8Array {
  switch (algorithm) {
    case 'RS256':
      return derSequence(derOid(oids.rsaPkcs1Sha256), derNull());
    case 'PS256':
      return derSequence(derOid(oids.rsaPss), pssSha256Parameters());
    case 'ES256':
    case 'ES384':
      return derSequence(derOid(digestOf(algorithm) === 'SHA-256' ? oids.ecdsaSha256 : oids.ecdsaSha384));
  }
}

/** The hash an AlgorithmIdentifier names, parameters NULL or absent; null when it is none of ours. */
export function readDigestIdentifier(value: DerValue): DigestAlgorithm | null {
  const cursor = openDer(value);
  const oid = oidOf(nextDer(cursor));
  nextIf(cursor, TAG.null);
  endOf(cursor);
  switch (oid) {
    case oids.sha256:
      return 'SHA-256';
    case oids.sha384:
      return 'SHA-384';
    case oids.sha512:
      return 'SHA-512';
    default:
      return null;
  }
}

/**
 * The signature algorithm of a SignerInfo, read together with its digest algorithm: both must name the same hash.
 * Null when the combination is not one of ours.
 */
export function readSignatureIdentifier(value: DerValue, digest: DigestAlgorithm): SignatureAlgorithm | null {
  // RFC 3370 §3.2: the bare key algorithm may stand here; then the digest algorithm says which hash.
  if (sameBytes(value.bytes, derSequence(derOid(oids.rsaEncryption), derNull()))) return rsaPkcs1[digest];
  // RFC 5754 §3.2: NULL "MUST be", and yet its absence MUST be accepted. It carries nothing.
  if (sameBytes(value.bytes, derSequence(derOid(rsaPkcs1Oids[digest])))) return rsaPkcs1[digest];
  const algorithm = signatureAlgorithmOf(value.bytes);
  return algorithm !== null && hashOf[algorithm] === digest ? algorithm : null;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0;
}

const rsaPkcs1: Readonly<Record<DigestAlgorithm, SignatureAlgorithm>> = {
  'SHA-256': 'rsa-pkcs1-sha256',
  'SHA-384': 'rsa-pkcs1-sha384',
  'SHA-512': 'rsa-pkcs1-sha512',
};

const rsaPkcs1Oids: Readonly<Record<DigestAlgorithm, string>> = {
  'SHA-256': oids.rsaPkcs1Sha256,
  'SHA-384': oids.rsaPkcs1Sha384,
  'SHA-512': oids.rsaPkcs1Sha512,
};

const hashOf: Readonly<Record<SignatureAlgorithm, DigestAlgorithm | null>> = {
  'rsa-pkcs1-sha256': 'SHA-256',
  'rsa-pkcs1-sha384': 'SHA-384',
  'rsa-pkcs1-sha512': 'SHA-512',
  'rsa-pss-sha256': 'SHA-256',
  'ecdsa-p256-sha256': 'SHA-256',
  'ecdsa-p384-sha384': 'SHA-384',
  // RFC 8419 wants SHA-512 beside it; nobody we deal with signs CMS so.
  ed25519: null,
};

function pssSha256Parameters(): Uint8Array {
  const sha256 = derSequence(derOid(oids.sha256), derNull());
  // RFC 4055 §3.1: hash [0], mask generation [1], salt length [2]; the trailer field is the default.
  return derSequence(
    derElement(0xa0, sha256),
    derElement(0xa1, derSequence(derOid(oids.mgf1), sha256)),
    derElement(0xa2, derInteger(32)),
  );
}
