import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { cryptoKeySigner, importParameters, type Signer, type SignerAlgorithm } from '../../../src/crypto/signer.ts';

x509.cryptoProvider.set(crypto);

/** The time the tests live in; certificates are valid one year to each side of it. */
export const now = new Date('2026-11-21T03:00:00Z');
const year = 366 * 24 * 3600 * 1000;

export interface TestAuthority {
  readonly root: Uint8Array;
  readonly issuing: Uint8Array;
  /** CRLs of root and issuing authority, as DER. */
  readonly crls: readonly Uint8Array[];
  issue(wanted: LeafWanted): Promise<TestLeaf>;
  /** New CRLs on which these serials (hexadecimal) are revoked a day before now. */
  /** @param revokedAt - a day ago unless given */
  revoke(serials: readonly string[], revokedAt?: Date): Promise<readonly Uint8Array[]>;
}

export interface TestLeaf {
  readonly signer: Signer;
  readonly certificate: Uint8Array;
  readonly serial: string;
  /** PKCS#8, for the tools of others. */
  readonly privateKey: Uint8Array;
}

export interface LeafWanted {
  readonly algorithm: SignerAlgorithm;
  readonly name?: string;
  readonly extendedKeyUsage?: { readonly oids: readonly string[]; readonly critical: boolean };
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** What the leaf speaks for: a URI among its alternative names. */
  readonly uri?: string;
}

export const timeStampingUsage = { oids: ['1.3.6.1.5.5.7.3.8'], critical: true };

interface Authority {
  readonly name: string;
  readonly keys: CryptoKeyPair;
  readonly certificate: x509.X509Certificate;
  readonly at: Date;
}

async function keysFor(algorithm: SignerAlgorithm): Promise<CryptoKeyPair> {
  const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
  // Sound: the RSA half of the union needs the two extra fields, the EC half ignores them.
  const parameters = { ...rsa, ...importParameters(algorithm) } as RsaHashedKeyGenParams;
  return crypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
}

/** A root, an issuing authority under it (both P-256) and their CRLs, made anew. */
export async function createTestAuthority(label = '試験', at = now): Promise<TestAuthority> {
  const root = await createRoot(`CN=${label} Root,C=JP`, at);
  const issuing = await createIssuing(root, `CN=${label} Issuing CA,C=JP`);
  let serials = 100;
  return {
    root: new Uint8Array(root.certificate.rawData),
    issuing: new Uint8Array(issuing.certificate.rawData),
    crls: [await crl(root, []), await crl(issuing, [])],
    async issue(wanted) {
      serials += 1;
      return issueLeaf(issuing, wanted, serials.toString(16).padStart(4, '0'));
    },
    revoke: async (revoked, revokedAt) => [await crl(root, []), await crl(issuing, revoked, revokedAt)],
  };
}

async function createRoot(name: string, at: Date): Promise<Authority> {
  const keys = await keysFor('ES256');
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name,
    ...validity(at, {}),
    keys,
    signingAlgorithm: signing('ES256'),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { name, keys, certificate, at };
}

async function createIssuing(root: Authority, name: string): Promise<Authority> {
  const keys = await keysFor('ES256');
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '02',
    subject: name,
    issuer: root.name,
    ...validity(root.at, {}),
    publicKey: keys.publicKey,
    signingKey: root.keys.privateKey,
    signingAlgorithm: signing('ES256'),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.keys.publicKey),
    ],
  });
  return { name, keys, certificate, at: root.at };
}

async function issueLeaf(issuing: Authority, wanted: LeafWanted, serial: string): Promise<TestLeaf> {
  const keys = await keysFor(wanted.algorithm);
  const usage = wanted.extendedKeyUsage;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial,
    subject: `CN=${wanted.name ?? '桜台中学校 公印'},C=JP`,
    issuer: issuing.name,
    ...validity(issuing.at, wanted),
    publicKey: keys.publicKey,
    signingKey: issuing.keys.privateKey,
    signingAlgorithm: signing('ES256'),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuing.keys.publicKey),
      ...(usage === undefined ? [] : [new x509.ExtendedKeyUsageExtension([...usage.oids], usage.critical)]),
      ...(wanted.uri === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension([{ type: 'url', value: wanted.uri }])]),
    ],
  });
  const der = new Uint8Array(certificate.rawData);
  const chain = [der, new Uint8Array(issuing.certificate.rawData)];
  const privateKey = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { signer: cryptoKeySigner(keys.privateKey, chain, wanted.algorithm), certificate: der, serial, privateKey };
}

async function crl(
  authority: Authority,
  revoked: readonly string[],
  revokedAt = new Date(authority.at.getTime() - 24 * 3600_000),
): Promise<Uint8Array> {
  const list = await x509.X509CrlGenerator.create({
    issuer: authority.name,
    thisUpdate: new Date(authority.at.getTime() - 3600_000),
    nextUpdate: new Date(authority.at.getTime() + year / 2),
    entries: revoked.map((serialNumber) => ({
      serialNumber,
      revocationDate: revokedAt,
      // Without a reason this generator writes an empty list of extensions, which is no DER of an entry.
      reason: x509.X509CrlReason.superseded,
    })),
    signingKey: authority.keys.privateKey,
    signingAlgorithm: signing('ES256'),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
      // cRLNumber 1, which the generator has no class for.
      new x509.Extension('2.5.29.20', false, Uint8Array.of(2, 1, 1)),
    ],
  });
  return new Uint8Array(list.rawData);
}

function validity(at: Date, { notBefore, notAfter }: { readonly notBefore?: Date; readonly notAfter?: Date }) {
  return {
    notBefore: notBefore ?? new Date(at.getTime() - year),
    notAfter: notAfter ?? new Date(at.getTime() + year),
  };
}

function signing(algorithm: 'ES256') {
  return { ...importParameters(algorithm), hash: 'SHA-256' };
}
