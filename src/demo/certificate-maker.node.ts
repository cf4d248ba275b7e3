import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { derElement, derInteger, derNull, derOid, derSequence } from '../crypto/cms/der-write.ts';

export type KeyKind = 'rsa-2048' | 'rsa-3072' | 'p256' | 'p384';

/** A key with its certificate; `chain` is leaf first and leaves out the self-signed anchor. */
export interface Identity {
  readonly algorithm: 'RS256' | 'ES256' | 'ES384';
  readonly pkcs8: Uint8Array<ArrayBuffer>;
  readonly chain: readonly Uint8Array<ArrayBuffer>[];
}

export type DistinguishedNameParts = readonly Readonly<Record<string, readonly string[]>>[];

/** An authority that can issue: its own identity and, below an anchor, the certificates above it. */
export interface Authority extends Identity {
  readonly certificate: x509.X509Certificate;
  readonly signingKey: CryptoKey;
}

export interface CertificateRequest {
  readonly subject: DistinguishedNameParts;
  readonly keyKind: KeyKind;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keyUsage: x509.KeyUsageFlags;
  /** Object identifiers, with their criticality. */
  readonly extendedKeyUsage?: readonly [oids: readonly string[], critical: boolean];
  readonly policies?: readonly [oids: readonly string[], critical: boolean];
  /** Present in authorities: how many more authorities may follow below. */
  readonly pathLength?: number;
  readonly extra?: readonly x509.Extension[];
}

/** Issues a certificate; without an issuer it is self-signed. */
export async function issueCertificate(request: CertificateRequest, issuer: Authority | null): Promise<Authority> {
  const keys = await generateKeys(request.keyKind);
  const issuerKey = issuer?.certificate.publicKey ?? keys.publicKey;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: nameOf(request.subject),
    issuer: issuer ? issuer.certificate.subjectName : nameOf(request.subject),
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: keys.publicKey,
    signingKey: issuer?.signingKey ?? keys.privateKey,
    signingAlgorithm: signingAlgorithm(issuer?.signingKey ?? keys.privateKey),
    extensions: [...(await commonExtensions(request, keys.publicKey, issuerKey)), ...(request.extra ?? [])],
  });
  const der = new Uint8Array(certificate.rawData);
  return {
    algorithm: jwsAlgorithms[request.keyKind],
    pkcs8: new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
    chain: [der, ...(issuer && !isSelfSigned(issuer) ? issuer.chain : [])],
    certificate,
    signingKey: keys.privateKey,
  };
}

/** Makes an authority usable again from its stored form. */
export async function reviveAuthority(identity: Identity): Promise<Authority> {
  const [leaf] = identity.chain;
  if (!leaf) throw new Error('An identity without a certificate');
  const signingKey = await crypto.subtle.importKey('pkcs8', identity.pkcs8, webAlgorithm(identity.algorithm), true, [
    'sign',
  ]);
  return { ...identity, certificate: new x509.X509Certificate(leaf), signingKey };
}

export interface CrlRequest {
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly revoked: readonly { readonly serialNumber: string; readonly at: Date }[];
  readonly extra?: readonly x509.Extension[];
}

/** RFC 5280 §5: version 2, with number and key identifier. */
export async function issueCrl(issuer: Authority, request: CrlRequest): Promise<Uint8Array<ArrayBuffer>> {
  const crl = await x509.X509CrlGenerator.create({
    issuer: issuer.certificate.subjectName,
    thisUpdate: request.thisUpdate,
    nextUpdate: request.nextUpdate,
    signingAlgorithm: signingAlgorithm(issuer.signingKey),
    signingKey: issuer.signingKey,
    entries: request.revoked.map((entry) => ({
      serialNumber: entry.serialNumber,
      revocationDate: entry.at,
      reason: x509.X509CrlReason.cessationOfOperation,
    })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      extension('2.5.29.20', 'ordinary', derInteger(request.number)),
      ...(request.extra ?? []),
    ],
  });
  return new Uint8Array(crl.rawData);
}

/** CRLDistributionPoints whose only point is a directory name, as JPKI has them (no URI). */
export function directoryDistributionPoint(name: DistinguishedNameParts): x509.Extension {
  return extension('2.5.29.31', 'ordinary', derSequence(derSequence(distributionPointName(name))));
}

/** The matching IssuingDistributionPoint of the CRL (RFC 5280 §5.2.5, critical). */
export function issuingDistributionPoint(name: DistinguishedNameParts): x509.Extension {
  return extension('2.5.29.28', 'critical', derSequence(distributionPointName(name)));
}

/** A subjectAltName of otherNames, each a UTF8String (the personal data of a JPKI signature certificate). */
export function otherNames(values: readonly (readonly [oid: string, value: Uint8Array])[]): x509.Extension {
  const names = values.map(([oid, value]) => derElement(0xa0, derOid(oid), derElement(0xa0, value)));
  return extension('2.5.29.17', 'ordinary', derSequence(...names));
}

/** id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1). */
export function ocspNoCheck(): x509.Extension {
  return extension('1.3.6.1.5.5.7.48.1.5', 'ordinary', derNull());
}

function extension(oid: string, weight: 'critical' | 'ordinary', value: Uint8Array): x509.Extension {
  return new x509.Extension(oid, weight === 'critical', new Uint8Array(value));
}

function distributionPointName(name: DistinguishedNameParts): Uint8Array {
  const encoded = new Uint8Array(new x509.Name(nameOf(name)).toArrayBuffer());
  return derElement(0xa0, derElement(0xa0, derElement(0xa4, encoded)));
}

async function commonExtensions(
  request: CertificateRequest,
  publicKey: CryptoKey,
  issuerKey: CryptoKey | x509.PublicKey,
): Promise<x509.Extension[]> {
  const extensions: x509.Extension[] = [
    new x509.KeyUsagesExtension(request.keyUsage, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuerKey),
  ];
  if (request.pathLength !== undefined) {
    extensions.unshift(new x509.BasicConstraintsExtension(true, request.pathLength, true));
  }
  if (request.extendedKeyUsage) {
    const [oids, critical] = request.extendedKeyUsage;
    extensions.push(new x509.ExtendedKeyUsageExtension([...oids], critical));
  }
  if (request.policies) {
    const [oids, critical] = request.policies;
    extensions.push(new x509.CertificatePolicyExtension([...oids], critical));
  }
  return extensions;
}

function nameOf(parts: DistinguishedNameParts): x509.JsonName {
  return parts.map((part) => Object.fromEntries(Object.entries(part).map(([type, values]) => [type, [...values]])));
}

function isSelfSigned(authority: Authority): boolean {
  return authority.certificate.subject === authority.certificate.issuer && authority.chain.length === 1;
}

// RFC 5280 §4.1.2.2: positive, at most 20 octets; the first bits keep it positive and of constant length.
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const jwsAlgorithms = { 'rsa-2048': 'RS256', 'rsa-3072': 'RS256', p256: 'ES256', p384: 'ES384' } as const;

const curves: Partial<Record<KeyKind, string>> = { p256: 'P-256', p384: 'P-384' };

function generateKeys(kind: KeyKind): Promise<CryptoKeyPair> {
  const namedCurve = curves[kind];
  if (namedCurve !== undefined) {
    return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
  }
  const modulusLength = kind === 'rsa-3072' ? 3072 : 2048;
  const publicExponent = Uint8Array.of(1, 0, 1);
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength, publicExponent };
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function webAlgorithm(algorithm: Identity['algorithm']) {
  switch (algorithm) {
    case 'RS256':
      return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    case 'ES256':
      return { name: 'ECDSA', namedCurve: 'P-256' };
    case 'ES384':
      return { name: 'ECDSA', namedCurve: 'P-384' };
  }
}

/** The hash belongs to the curve: P-384 signs with SHA-384, as the next card does. */
function signingAlgorithm({ algorithm }: CryptoKey): { name: string; hash: string } {
  const isP384 = 'namedCurve' in algorithm && algorithm.namedCurve === 'P-384';
  return { name: algorithm.name, hash: isP384 ? 'SHA-384' : 'SHA-256' };
}
