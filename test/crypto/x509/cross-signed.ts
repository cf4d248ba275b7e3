import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { anchorOf, parsed } from './make.ts';
import { DOCUMENT_SIGNING } from './test-world.ts';

/** limbo cve-2024-0567: every intermediate signs every other, one of them is under the root, the leaf under another. */
export async function crossSigned(count: number) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const newPair = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const top = await newPair();
  const pairs = await Promise.all(Array.from({ length: count }, newPair));
  const authority = async (subject: CryptoKeyPair, issuer: CryptoKeyPair, names: readonly [string, string]) =>
    x509.X509CertificateGenerator.create({
      subject: `CN=${names[0]}`,
      issuer: `CN=${names[1]}`,
      publicKey: subject.publicKey,
      signingKey: issuer.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
        await x509.SubjectKeyIdentifierExtension.create(subject.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ],
    });
  const pool: x509.X509Certificate[] = [];
  for (const [row, subject] of pairs.entries()) {
    for (const [column, issuer] of pairs.entries()) {
      // Seven signers each: 63 certificates, just within the pool.
      const isUsed = column !== row && (column - row + count) % count <= 7 - (row === 0 ? 1 : 0);
      if (isUsed) pool.push(await authority(subject, issuer, [`I${row}`, `I${column}`]));
    }
  }
  const [first] = pairs;
  if (first === undefined) throw new Error('no intermediate');
  pool.push(await authority(first, top, ['I0', 'Top']));
  const signer = await newPair();
  const end = await x509.X509CertificateGenerator.create({
    subject: 'CN=End',
    issuer: 'CN=I0',
    publicKey: signer.publicKey,
    signingKey: first.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([DOCUMENT_SIGNING]),
      await x509.AuthorityKeyIdentifierExtension.create(first.publicKey),
    ],
  });
  const topCertificate = await authority(top, top, ['Top', 'Top']);
  const bytes = (certificate: x509.X509Certificate) => new Uint8Array(certificate.rawData);
  return {
    leaf: parsed(bytes(end)),
    pool: pool.map((each) => parsed(bytes(each))),
    anchors: [anchorOf(bytes(topCertificate))],
  };
}
