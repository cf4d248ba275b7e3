import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { type SignatureAlgorithm, verifySignature } from '../../../src/crypto/x509/algorithms.ts';
import { crlSource } from '../../../src/crypto/x509/crl.ts';
import { verifyPath } from '../../../src/crypto/x509/path.ts';
import { anchorOf, parsed } from './make.ts';

const rsa = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
const rows: readonly [SignatureAlgorithm, RsaHashedKeyGenParams | EcKeyGenParams | Algorithm, string | null][] = [
  ['rsa-pkcs1-sha256', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', ...rsa }, null],
  ['rsa-pkcs1-sha384', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384', ...rsa }, null],
  ['rsa-pkcs1-sha512', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512', ...rsa }, null],
  ['rsa-pss-sha256', { name: 'RSA-PSS', hash: 'SHA-256', ...rsa }, null],
  ['ecdsa-p256-sha256', { name: 'ECDSA', namedCurve: 'P-256' }, 'SHA-256'],
  ['ecdsa-p384-sha384', { name: 'ECDSA', namedCurve: 'P-384' }, 'SHA-384'],
  ['ed25519', { name: 'Ed25519' }, null],
];

describe('every signature algorithm', () => {
  it.each(rows)(
    '%s: path and list made by another library verify, under its own name only',
    async (algorithm, key, hash) => {
      const { anchor, leaf, list } = await hierarchy(key, hash);
      expect(leaf.signatureAlgorithm).toBe(algorithm);
      const attempt = (algorithms: readonly SignatureAlgorithm[]) =>
        verifyPath({
          leaf,
          pool: [],
          anchors: [{ ...anchor, algorithms }],
          at: new Date(),
          purpose: { keyUsage: ['digitalSignature'] },
          revocation: crlSource([list]),
        });
      expect(await attempt([algorithm])).toMatchObject({ valid: true, revocation: 'good' });
      const others = rows.map(([other]) => other).filter((other) => other !== algorithm);
      expect((await attempt(others)).reasons).toEqual([
        { code: 'algorithm-not-allowed', certificate: 0, detail: algorithm },
      ]);
      const { spki } = anchor.certificate.publicKey;
      for (const other of others) {
        const input = { algorithm: other, spki, data: leaf.tbs, signature: leaf.signature };
        expect(await verifySignature(input)).toBe(false);
      }
    },
  );

  it('refuses ECDSA with the hash of the other curve', async () => {
    const { leaf, anchor } = await hierarchy({ name: 'ECDSA', namedCurve: 'P-256' }, 'SHA-384');
    const revocation = crlSource([]);
    const input = { leaf, pool: [], anchors: [anchor], at: new Date(), purpose: { keyUsage: [] }, revocation };
    expect((await verifyPath(input)).reasons.map(({ code }) => code)).toEqual(['signature-invalid']);
  });
});

async function hierarchy(key: RsaHashedKeyGenParams | EcKeyGenParams | Algorithm, hash: string | null) {
  const newPair = async () => {
    const pair = await crypto.subtle.generateKey(key, true, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('not a pair');
    return pair;
  };
  const [top, end] = await Promise.all([newPair(), newPair()]);
  const signingAlgorithm = { ...key, ...(hash === null ? {} : { hash }), saltLength: 32 };
  const common = { issuer: 'CN=Top', signingKey: top.privateKey, signingAlgorithm };
  const identifiers = [await x509.AuthorityKeyIdentifierExtension.create(top.publicKey)];
  const root = await x509.X509CertificateGenerator.create({
    ...common,
    subject: 'CN=Top',
    publicKey: top.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      await x509.SubjectKeyIdentifierExtension.create(top.publicKey),
    ],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    ...common,
    subject: 'CN=End',
    publicKey: end.publicKey,
    extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true), ...identifiers],
  });
  const list = await x509.X509CrlGenerator.create({
    ...common,
    thisUpdate: new Date(Date.now() - 60_000),
    nextUpdate: new Date(Date.now() + 3_600_000),
    extensions: [new x509.Extension('2.5.29.20', false, Uint8Array.of(2, 1, 1)), ...identifiers],
  });
  const bytes = ({ rawData }: { rawData: ArrayBuffer }) => new Uint8Array(rawData);
  const algorithms = rows.map(([algorithm]) => algorithm);
  return { anchor: anchorOf(bytes(root), { algorithms }), leaf: parsed(bytes(leaf)), list: bytes(list) };
}
