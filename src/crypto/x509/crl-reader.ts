import { createHash } from 'node:crypto';
import { DerError, type DerValue, scanDer } from '../der.ts';
import {
  bitOctetsOf,
  booleanOf,
  type DerCursor,
  endOf,
  innerDer,
  membersOf,
  namedBitsOf,
  nextIf,
  nextOf,
  openDer,
  TAG,
  timeOf,
} from '../der-reader.ts';
import { type SignatureAlgorithm, signatureAlgorithmOf } from './algorithms.ts';
import { readPointName } from './distribution-points.ts';
import type { AuthorityKeyIdentifier, DistributionPoint, ReasonBits } from './extension-types.ts';
import { type RawExtension, readRawExtensions, typeExtensions } from './extensions.ts';
import { hexOf } from './hex.ts';
import { type DistinguishedName, readName } from './names.ts';
import { X509Error } from './reasons.ts';

export interface CrlEntry {
  readonly revokedAt: Date;
  /** Number of CRLReason; null when it is not stated. */
  readonly reason: number | null;
  readonly invalidAt: Date | null;
}

/** RFC 5280 §5.2.5. */
export interface IssuingDistributionPoint extends Pick<DistributionPoint, 'fullName' | 'relativeKey'> {
  readonly onlyUsers: boolean;
  readonly onlyAuthorities: boolean;
  readonly onlyAttributes: boolean;
  readonly onlySomeReasons: ReasonBits | null;
  readonly indirect: boolean;
}

export interface Crl {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly sha256: string;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  /** By serial, as in X509Certificate. */
  readonly entries: ReadonlyMap<string, CrlEntry>;
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | null;
  readonly number: { readonly critical: boolean; readonly value: string } | null;
  readonly scope: IssuingDistributionPoint | null;
  readonly isDelta: boolean;
  /** Whether deltas are published: the list alone is then not the newest word. */
  readonly hasDeltas: boolean;
  /** A critical extension nobody here understands, in the list or in an entry (certificateIssuer is one). */
  readonly hasUnknownCritical: boolean;
}

/** RFC 5280 §5.1; throws DerError or X509Error. */
export function readCrl(der: Uint8Array, maxBytes: number): Crl {
  const value = scanDer(der, { maxBytes });
  const outer = openDer(value);
  const tbs = nextOf(outer, TAG.sequence);
  const algorithm = nextOf(outer, TAG.sequence);
  const signature = bitOctetsOf(nextOf(outer, TAG.bitString));
  endOf(outer);
  const sha256 = createHash('sha256').update(der).digest('hex');
  return { der, tbs: tbs.bytes, sha256, signature, ...readTbs(openDer(tbs), algorithm) };
}

function readTbs(cursor: DerCursor, outerAlgorithm: DerValue) {
  const version = nextIf(cursor, TAG.integer);
  if (version === null || hexOf(version.content) !== '01') throw new X509Error('crl.version');
  const signatureAlgorithm = readAlgorithm(nextOf(cursor, TAG.sequence), outerAlgorithm);
  const issuer = readName(nextOf(cursor, TAG.sequence));
  const thisUpdate = readTime(nextTime(cursor));
  const nextUpdate = readTime(nextTime(cursor));
  const revoked = nextIf(cursor, TAG.sequence);
  const field = nextIf(cursor, 0xa0);
  endOf(cursor);
  if (thisUpdate === null) throw new DerError('der.structure');
  const raw = field === null ? [] : readRawExtensions(innerDer(field), 'crl');
  const { entries, hasUnknownCritical } = readEntries(revoked);
  const extensions = readExtensions(raw);
  const unknown = hasUnknownCritical || raw.some(({ oid, critical }) => critical && !KNOWN.has(oid));
  return { signatureAlgorithm, issuer, thisUpdate, nextUpdate, entries, ...extensions, hasUnknownCritical: unknown };
}

function readAlgorithm(inner: DerValue, outer: DerValue): SignatureAlgorithm {
  if (hexOf(inner.bytes) !== hexOf(outer.bytes)) throw new X509Error('crl.algorithms-differ');
  const algorithm = signatureAlgorithmOf(inner.bytes);
  if (algorithm === null) throw new X509Error('crl.algorithm-unsupported');
  return algorithm;
}

function nextTime(cursor: DerCursor): DerValue | null {
  return nextIf(cursor, TAG.utcTime) ?? nextIf(cursor, TAG.generalizedTime);
}

function readTime(value: DerValue | null): Date | null {
  return value === null ? null : timeOf(value).date;
}

function readEntries(revoked: DerValue | null) {
  const entries = new Map<string, CrlEntry>();
  let hasUnknownCritical = false;
  for (const member of revoked === null ? [] : membersOf(revoked)) {
    const cursor = openDer(member);
    const serial = hexOf(nextOf(cursor, TAG.integer).content);
    const revokedAt = readTime(nextTime(cursor));
    const field = nextIf(cursor, TAG.sequence);
    endOf(cursor);
    if (revokedAt === null) throw new DerError('der.structure');
    const raw = field === null ? [] : readRawExtensions(field, 'crl');
    if (raw.some(({ oid, critical }) => critical && oid !== CRL_REASON && oid !== INVALIDITY_DATE)) {
      hasUnknownCritical = true;
    }
    const entry = { revokedAt, reason: readReason(raw), invalidAt: readInvalidity(raw) };
    // Of two entries for one serial the earlier revocation counts.
    if (revokedAt < (entries.get(serial)?.revokedAt ?? new Date(8.64e15))) entries.set(serial, entry);
  }
  return { entries, hasUnknownCritical };
}

const CRL_REASON = '2.5.29.21';
const INVALIDITY_DATE = '2.5.29.24';
const CRL_NUMBER = '2.5.29.20';
const DELTA_INDICATOR = '2.5.29.27';
const ISSUING_POINT = '2.5.29.28';
const AUTHORITY_KEY = '2.5.29.35';
const FRESHEST_CRL = '2.5.29.46';
const KNOWN: ReadonlySet<string> = new Set([CRL_NUMBER, DELTA_INDICATOR, ISSUING_POINT, AUTHORITY_KEY, FRESHEST_CRL]);

function readReason(raw: readonly RawExtension[]): number | null {
  const extension = find(raw, CRL_REASON);
  if (extension === null) return null;
  const value = scanDer(extension.value);
  const reason = value.content[0];
  if (value.tag !== TAG.enumerated || value.content.length !== 1 || reason === undefined || reason > 10) {
    throw new X509Error('crl.extension-malformed');
  }
  return reason;
}

function readInvalidity(raw: readonly RawExtension[]): Date | null {
  const extension = find(raw, INVALIDITY_DATE);
  return extension === null ? null : timeOf(scanDer(extension.value)).date;
}

function readExtensions(raw: readonly RawExtension[]) {
  const number = find(raw, CRL_NUMBER);
  const scope = find(raw, ISSUING_POINT);
  const key = raw.filter(({ oid }) => oid === AUTHORITY_KEY);
  return {
    authorityKeyIdentifier: typeExtensions(key).authorityKeyIdentifier ?? null,
    number: number === null ? null : { critical: number.critical, value: readNumber(number.value) },
    scope: scope === null ? null : readScope(scanDer(scope.value)),
    isDelta: find(raw, DELTA_INDICATOR) !== null,
    hasDeltas: find(raw, FRESHEST_CRL) !== null,
  };
}

function readNumber(der: Uint8Array): string {
  const value = scanDer(der);
  // RFC 5280 §5.2.3: up to 20 octets, not negative.
  if (value.tag !== TAG.integer || value.content.length > 20 || (value.content[0] ?? 0x80) >= 0x80) {
    throw new X509Error('crl.extension-malformed');
  }
  return hexOf(value.content);
}

function readScope(value: DerValue): IssuingDistributionPoint {
  const cursor = openDer(value);
  const name = readPointName(nextIf(cursor, 0xa0));
  const flag = (tag: number) => {
    const field = nextIf(cursor, tag);
    return field !== null && booleanOf(field, tag);
  };
  const onlyUsers = flag(0x81);
  const onlyAuthorities = flag(0x82);
  const reasons = nextIf(cursor, 0x83);
  const onlySomeReasons = reasons === null ? null : namedBitsOf(reasons, 0x83);
  const indirect = flag(0x84);
  const onlyAttributes = flag(0x85);
  endOf(cursor);
  return { ...name, onlyUsers, onlyAuthorities, onlySomeReasons, indirect, onlyAttributes };
}

function find(raw: readonly RawExtension[], oid: string): RawExtension | null {
  return raw.find((extension) => extension.oid === oid) ?? null;
}
