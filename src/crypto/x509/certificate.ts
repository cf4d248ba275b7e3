import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '../../result.ts';
import { DerError, type DerValue, scanDer } from '../der.ts';
import {
  bitOctetsOf,
  type DerCursor,
  endOf,
  innerDer,
  nextDer,
  nextIf,
  nextOf,
  openDer,
  TAG,
  type TimeForm,
  timeOf,
} from '../der-reader.ts';
import { type SignatureAlgorithm, signatureAlgorithmOf } from './algorithms.ts';
import type { Extensions } from './extension-types.ts';
import { readRawExtensions, typeExtensions } from './extensions.ts';
import { hexOf } from './hex.ts';
import { type DistinguishedName, readName } from './names.ts';
import { type PublicKey, readPublicKey } from './public-key.ts';
import { reasonOf, X509Error, type X509Reason } from './reasons.ts';

/** A certificate as plain data; every Uint8Array is a view into `der`. */
export interface X509Certificate {
  readonly der: Uint8Array;
  /** The signed part, octet for octet. */
  readonly tbs: Uint8Array;
  /** SHA-256 of `der`, hexadecimal. */
  readonly sha256: string;
  readonly version: 1 | 3;
  /** Content octets of the INTEGER, hexadecimal: a leading 00 stays, so that two serials are equal only when their DER is. */
  readonly serial: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly timeForms: { readonly notBefore: TimeForm; readonly notAfter: TimeForm };
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  readonly publicKey: PublicKey;
  /** How many of issuerUniqueID and subjectUniqueID are there; RFC 5280 §4.1.2.8 forbids both. */
  readonly uniqueIdentifiers: number;
  readonly extensions: Extensions;
}

/** docs/path-validation.md §1: 64 kB for one certificate. */
const MAX_CERTIFICATE_BYTES = 65_536;

/**
 * Reads one X.509 certificate (RFC 5280 §4.1) from strict DER. It checks form only: a certificate that parses proves nothing before
 * `verifyPath` has accepted it. Never throws on any input; the bytes must not be changed afterwards.
 */
export function parseX509Certificate(der: Uint8Array): Result<X509Certificate, X509Reason> {
  try {
    return ok(readCertificate(scanDer(der, { maxBytes: MAX_CERTIFICATE_BYTES })));
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

function readCertificate(value: DerValue): X509Certificate {
  const outer = openDer(value);
  const tbs = nextOf(outer, TAG.sequence);
  const algorithm = nextOf(outer, TAG.sequence);
  const signature = bitOctetsOf(nextOf(outer, TAG.bitString));
  endOf(outer);
  const sha256 = createHash('sha256').update(value.bytes).digest('hex');
  return { der: value.bytes, tbs: tbs.bytes, sha256, signature, ...readTbs(openDer(tbs), algorithm) };
}

function readTbs(cursor: DerCursor, outerAlgorithm: DerValue) {
  const version = readVersion(nextIf(cursor, 0xa0));
  const serial = hexOf(nextOf(cursor, TAG.integer).content);
  const signatureAlgorithm = readAlgorithm(nextOf(cursor, TAG.sequence), outerAlgorithm);
  const issuer = readName(nextOf(cursor, TAG.sequence));
  const validity = readValidity(nextOf(cursor, TAG.sequence));
  const subject = readName(nextOf(cursor, TAG.sequence));
  const publicKey = readPublicKey(nextOf(cursor, TAG.sequence));
  const uniqueIdentifiers = [nextIf(cursor, 0x81), nextIf(cursor, 0x82)].filter((field) => field !== null).length;
  const extensions = readExtensions(nextIf(cursor, 0xa3), version);
  endOf(cursor);
  return {
    version,
    serial,
    signatureAlgorithm,
    issuer,
    ...validity,
    subject,
    publicKey,
    uniqueIdentifiers,
    extensions,
  };
}

function readVersion(field: DerValue | null): 1 | 3 {
  if (field === null) return 1;
  const version = innerDer(field);
  // DEFAULT v1 is never written in DER, and v2 has no use.
  if (version.tag !== TAG.integer || hexOf(version.content) !== '02') throw new X509Error('certificate.version');
  return 3;
}

/** RFC 5280 §4.1.1.2: the algorithm outside the signature must be the one inside, parameters included. */
function readAlgorithm(inner: DerValue, outer: DerValue): SignatureAlgorithm {
  const encoding = hexOf(inner.bytes);
  if (encoding !== hexOf(outer.bytes)) throw new X509Error('certificate.algorithms-differ');
  const algorithm = signatureAlgorithmOf(inner.bytes);
  if (algorithm === null) throw new X509Error('certificate.algorithm-unsupported');
  return algorithm;
}

function readValidity(value: DerValue) {
  const cursor = openDer(value);
  try {
    const notBefore = timeOf(nextDer(cursor));
    const notAfter = timeOf(nextDer(cursor));
    endOf(cursor);
    const timeForms = { notBefore: notBefore.form, notAfter: notAfter.form };
    return { notBefore: notBefore.date, notAfter: notAfter.date, timeForms };
  } catch (error) {
    if (error instanceof DerError) throw new X509Error('certificate.validity');
    throw error;
  }
}

function readExtensions(field: DerValue | null, version: 1 | 3): Extensions {
  if (field === null) return typeExtensions([]);
  if (version !== 3) throw new X509Error('certificate.version');
  return typeExtensions(readRawExtensions(innerDer(field), 'certificate'));
}
