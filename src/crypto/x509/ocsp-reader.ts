import { ok, type Result, refuse } from '../../result.ts';
import { DerError, type DerValue, scanDer } from '../der.ts';
import {
  bitOctetsOf,
  type DerCursor,
  endOf,
  expectTag,
  innerDer,
  membersOf,
  nextDer,
  nextIf,
  nextOf,
  octetsOf,
  oidOf,
  openDer,
  TAG,
  timeOf,
} from '../der-reader.ts';
import { type SignatureAlgorithm, signatureAlgorithmOf } from './algorithms.ts';
import { parseX509Certificate, type X509Certificate } from './certificate.ts';
import { type RawExtension, readRawExtensions } from './extensions.ts';
import { hexOf } from './hex.ts';
import { type DistinguishedName, readName } from './names.ts';
import { reasonOf, X509Error, type X509Reason } from './reasons.ts';

/** RFC 6960 §4.1.1; which certificate an answer is about. Everything but the hash in hexadecimal. */
export interface OcspCertId {
  readonly hash: 'SHA-1' | 'SHA-256';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  /** As in X509Certificate. */
  readonly serial: string;
}

export interface OcspSingle {
  /** Null when it was made with a hash that nobody here computes. */
  readonly certId: OcspCertId | null;
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly revokedAt: Date | null;
  /** Number of CRLReason. */
  readonly revocationReason: number | null;
  readonly invalidAt: Date | null;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly hasUnknownCritical: boolean;
}

export type ResponderId =
  | { readonly kind: 'name'; readonly name: DistinguishedName }
  /** SHA-1 of the responder's public key, hexadecimal. */
  | { readonly kind: 'key'; readonly keyHash: string };

/** A BasicOCSPResponse as plain data; it proves nothing before `checkOcspResponse`. */
export interface OcspResponse {
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  readonly responder: ResponderId;
  readonly producedAt: Date;
  readonly singles: readonly OcspSingle[];
  readonly nonce: Uint8Array | null;
  readonly hasUnknownCritical: boolean;
  readonly certificates: readonly X509Certificate[];
}

const MAX_SINGLES = 32;
const MAX_CERTIFICATES = 8;

/** Reads one OCSPResponse (RFC 6960 §4.2.1) from strict DER. Never throws on any input. */
export function parseOcspResponse(der: Uint8Array, maxBytes = 65_536): Result<OcspResponse, X509Reason> {
  try {
    return ok(readResponse(scanDer(der, { maxBytes })));
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

function readResponse(value: DerValue): OcspResponse {
  const outer = openDer(value);
  const status = nextOf(outer, TAG.enumerated);
  const body = nextIf(outer, 0xa0);
  endOf(outer);
  // Only "successful" carries an answer; tryLater, unauthorized and the like are none.
  if (hexOf(status.content) !== '00' || body === null) throw new X509Error('ocsp.not-successful');
  const bytes = openDer(innerDer(body));
  const type = oidOf(nextOf(bytes, TAG.oid));
  const response = octetsOf(nextOf(bytes, TAG.octetString));
  endOf(bytes);
  if (type !== '1.3.6.1.5.5.7.48.1.1') throw new X509Error('ocsp.type');
  return readBasic(scanDer(response));
}

function readBasic(value: DerValue): OcspResponse {
  const outer = openDer(value);
  const tbs = nextOf(outer, TAG.sequence);
  const signatureAlgorithm = signatureAlgorithmOf(nextOf(outer, TAG.sequence).bytes);
  const signature = bitOctetsOf(nextOf(outer, TAG.bitString));
  const field = nextIf(outer, 0xa0);
  endOf(outer);
  if (signatureAlgorithm === null) throw new X509Error('ocsp.algorithm-unsupported');
  const certificates = field === null ? [] : membersOf(innerDer(field));
  if (certificates.length > MAX_CERTIFICATES) throw new X509Error('ocsp.too-many');
  return {
    tbs: tbs.bytes,
    signatureAlgorithm,
    signature,
    ...readTbs(openDer(tbs)),
    // One that cannot be read is of no use, and does no harm.
    certificates: certificates.flatMap(({ bytes }) => {
      const parsed = parseX509Certificate(bytes);
      return parsed.ok ? [parsed.value] : [];
    }),
  };
}

/** The version is DEFAULT v1, so DER never writes it. */
function readTbs(cursor: DerCursor) {
  const responder = readResponder(nextDer(cursor));
  const producedAt = readTime(nextDer(cursor));
  const members = membersOf(nextOf(cursor, TAG.sequence));
  const field = nextIf(cursor, 0xa1);
  endOf(cursor);
  if (members.length > MAX_SINGLES) throw new X509Error('ocsp.too-many');
  const extensions = readExtensions(field);
  const nonce = extensions.find(({ oid }) => oid === NONCE);
  return {
    responder,
    producedAt,
    singles: members.map(readSingle),
    nonce: nonce === undefined ? null : octetsOf(scanDer(nonce.value)),
    hasUnknownCritical: extensions.some(({ oid, critical }) => critical && oid !== NONCE),
  };
}

const NONCE = '1.3.6.1.5.5.7.48.1.2';
const INVALIDITY_DATE = '2.5.29.24';

function readResponder(value: DerValue): ResponderId {
  if (value.tag === 0xa1) return { kind: 'name', name: readName(innerDer(value)) };
  expectTag(value, 0xa2);
  return { kind: 'key', keyHash: hexOf(octetsOf(innerDer(value))) };
}

function readSingle(value: DerValue): OcspSingle {
  const cursor = openDer(value);
  const certId = readCertId(nextOf(cursor, TAG.sequence));
  const status = readStatus(nextDer(cursor));
  const thisUpdate = readTime(nextDer(cursor));
  const next = nextIf(cursor, 0xa0);
  const field = nextIf(cursor, 0xa1);
  endOf(cursor);
  const extensions = readExtensions(field);
  const invalidity = extensions.find(({ oid }) => oid === INVALIDITY_DATE);
  return {
    certId,
    ...status,
    invalidAt: invalidity === undefined ? null : readTime(scanDer(invalidity.value)),
    thisUpdate,
    nextUpdate: next === null ? null : readTime(innerDer(next)),
    hasUnknownCritical: extensions.some(({ oid, critical }) => critical && oid !== INVALIDITY_DATE),
  };
}

const HASHES: ReadonlyMap<string, OcspCertId['hash']> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
]);

function readCertId(value: DerValue): OcspCertId | null {
  const cursor = openDer(value);
  const algorithm = openDer(nextOf(cursor, TAG.sequence));
  const hash = HASHES.get(oidOf(nextOf(algorithm, TAG.oid)));
  nextIf(algorithm, TAG.null);
  endOf(algorithm);
  const issuerNameHash = hexOf(octetsOf(nextOf(cursor, TAG.octetString)));
  const issuerKeyHash = hexOf(octetsOf(nextOf(cursor, TAG.octetString)));
  const serial = hexOf(nextOf(cursor, TAG.integer).content);
  endOf(cursor);
  return hash === undefined ? null : { hash, issuerNameHash, issuerKeyHash, serial };
}

function readStatus(value: DerValue): Pick<OcspSingle, 'status' | 'revokedAt' | 'revocationReason'> {
  if (value.tag === 0x80 || value.tag === 0x82) {
    if (value.content.length > 0) throw new DerError('der.null');
    return { status: value.tag === 0x80 ? 'good' : 'unknown', revokedAt: null, revocationReason: null };
  }
  const cursor = openDer(value, 0xa1);
  const revokedAt = readTime(nextDer(cursor));
  const field = nextIf(cursor, 0xa0);
  endOf(cursor);
  return { status: 'revoked', revokedAt, revocationReason: field === null ? null : readReason(innerDer(field)) };
}

function readReason(value: DerValue): number {
  const [reason] = value.content;
  if (value.tag !== TAG.enumerated || value.content.length !== 1 || reason === undefined || reason > 10) {
    throw new X509Error('ocsp.reason');
  }
  return reason;
}

/** RFC 6960 §4.2.2.1: GeneralizedTime everywhere. */
function readTime(value: DerValue): Date {
  expectTag(value, TAG.generalizedTime);
  return timeOf(value).date;
}

function readExtensions(field: DerValue | null): RawExtension[] {
  return field === null ? [] : readRawExtensions(innerDer(field), 'ocsp');
}
