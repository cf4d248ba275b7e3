import { createHash } from 'node:crypto';
import type { X509Certificate } from '../../../src/crypto/x509/certificate.ts';
import { parseX509Certificate } from '../../../src/crypto/x509/certificate.ts';
import type { TrustAnchor } from '../../../src/crypto/x509/path.ts';
import { bits, hex, integer, octets, oid, sequence, time, tlv, utf8, yes } from './der-writer.ts';

export const NOW = new Date('2026-06-15T12:00:00Z');
export const ECDSA_SHA256 = hex('300a06082a8648ce3d040302');

export interface TestKey {
  readonly privateKey: CryptoKey;
  readonly spki: Uint8Array;
  readonly id: Uint8Array;
}

export interface TestExtension {
  readonly oid: string;
  readonly critical?: boolean;
  readonly value: Uint8Array;
}

export interface TestName {
  readonly name: string;
  readonly key: TestKey;
}

export interface Recipe {
  readonly subject: TestName;
  readonly issuer: TestName;
  /** Content octets of the INTEGER. */
  readonly serial?: Uint8Array;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly subjectDer?: Uint8Array;
  readonly validity?: Uint8Array;
  readonly outerAlgorithm?: Uint8Array;
  readonly version?: Uint8Array;
  /** Replaces the extension of the same OID, or is added. */
  readonly extensions?: readonly TestExtension[];
  /** OIDs of usual extensions to leave out. */
  readonly without?: readonly string[];
  /** Added behind everything else, whatever is there already. */
  readonly twice?: readonly TestExtension[];
}

export const ID = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  distributionPoints: '2.5.29.31',
  policies: '2.5.29.32',
  authorityKey: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  authorityInformation: '1.3.6.1.5.5.7.1.1',
} as const;

export async function makeKey(): Promise<TestKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  return { privateKey: pair.privateKey, spki, id: new Uint8Array(createHash('sha1').update(spki).digest()) };
}

export async function named(name: string): Promise<TestName> {
  return { name, key: await makeKey() };
}

export function dn(...values: readonly string[]): Uint8Array {
  return sequence(...values.map((value) => tlv(0x31, sequence(oid('2.5.4.3'), utf8(value)))));
}

/** A good end-entity certificate, but for what the recipe changes. */
export async function makeLeaf(recipe: Recipe): Promise<Uint8Array> {
  return makeCertificate(recipe, [
    keyUsage('digitalSignature'),
    { oid: ID.extendedKeyUsage, value: sequence(oid('1.3.6.1.5.5.7.3.36')) },
    { oid: ID.subjectKey, value: octets(recipe.subject.key.id) },
    { oid: ID.authorityKey, value: sequence(tlv(0x80, recipe.issuer.key.id)) },
  ]);
}

/** A good authority, but for what the recipe changes. */
export async function makeAuthority(recipe: Recipe): Promise<Uint8Array> {
  return makeCertificate(recipe, [
    keyUsage('authority'),
    { oid: ID.basicConstraints, critical: true, value: sequence(yes) },
    { oid: ID.subjectKey, value: octets(recipe.subject.key.id) },
    { oid: ID.authorityKey, value: sequence(tlv(0x80, recipe.issuer.key.id)) },
  ]);
}

export function keyUsage(kind: 'digitalSignature' | 'authority' | 'certificatesOnly' | 'listsOnly'): TestExtension {
  const value = {
    digitalSignature: '03020780',
    authority: '03020106',
    certificatesOnly: '03020204',
    listsOnly: '03020102',
  };
  return { oid: ID.keyUsage, critical: true, value: hex(value[kind]) };
}

export function pathLength(length: number): TestExtension {
  return { oid: ID.basicConstraints, critical: true, value: sequence(yes, integer(length)) };
}

export function parsed(der: Uint8Array): X509Certificate {
  const result = parseX509Certificate(der);
  if (!result.ok) throw new Error(`test certificate does not parse: ${result.fault}`);
  return result.value;
}

export function anchorOf(der: Uint8Array, rules: Partial<TrustAnchor> = {}): TrustAnchor {
  return { name: 'test', certificate: parsed(der), algorithms: ['ecdsa-p256-sha256'], ...rules };
}

export function encodeExtension({ oid: id, critical, value }: TestExtension): Uint8Array {
  return sequence(oid(id), ...(critical ? [yes] : []), octets(value));
}

/** SEQUENCE { tbs, algorithm, signature }, for certificates and lists alike. */
export async function signed(tbs: Uint8Array, key: TestKey, algorithm = ECDSA_SHA256): Promise<Uint8Array> {
  const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, new Uint8Array(tbs));
  const halves = [new Uint8Array(raw, 0, 32), new Uint8Array(raw, 32)].map(positive);
  return sequence(tbs, algorithm, bits(sequence(...halves)));
}

async function makeCertificate(recipe: Recipe, usual: readonly TestExtension[]): Promise<Uint8Array> {
  const changed = new Set([...(recipe.without ?? []), ...(recipe.extensions ?? []).map((extension) => extension.oid)]);
  const kept = usual.filter((extension) => !changed.has(extension.oid));
  const all = [...kept, ...(recipe.extensions ?? []), ...(recipe.twice ?? [])];
  const validity = sequence(
    time(recipe.notBefore ?? new Date('2026-01-01T00:00:00Z')),
    time(recipe.notAfter ?? new Date('2027-01-01T00:00:00Z')),
  );
  const tbs = sequence(
    recipe.version ?? hex('a003020102'),
    tlv(0x02, recipe.serial ?? crypto.getRandomValues(new Uint8Array(8)).fill(1, 0, 1)),
    ECDSA_SHA256,
    dn(recipe.issuer.name),
    recipe.validity ?? validity,
    recipe.subjectDer ?? dn(recipe.subject.name),
    recipe.subject.key.spki,
    ...(all.length === 0 ? [] : [tlv(0xa3, sequence(...all.map(encodeExtension)))]),
  );
  return signed(tbs, recipe.issuer.key, recipe.outerAlgorithm);
}

function positive(half: Uint8Array): Uint8Array {
  const start = half.findIndex((byte) => byte !== 0);
  const digits = half.subarray(start === -1 ? half.length - 1 : start);
  return tlv(0x02, (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...digits) : digits);
}
