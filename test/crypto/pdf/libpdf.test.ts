import { CryptoKeySigner, type PAdESLevel, PDF } from '@libpdf/core';
import { beforeAll, expect, it } from 'vitest';
import { requestTimestamp } from '../../../src/crypto/timestamp.ts';
import { parseX509Certificate } from '../../../src/crypto/x509/certificate.ts';
import { parseCrl } from '../../../src/crypto/x509/crl.ts';
import { nameKey } from '../../../src/crypto/x509/names.ts';
import { noRevocationSource } from '../../../src/crypto/x509/revocation.ts';
import { now } from '../support/authorities.ts';
import { createTestWorld, stampingFetch, type TestWorld, testPolicy, valueOf } from '../support/trust.ts';
import { makeDocument } from './support/signed-pdf.ts';
import { linesOf, trustOf, verified } from './support/verified.ts';

/** Files that a library of others has signed, which shares nothing with ours. */
let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld();
});

async function signedByLibrary(level: PAdESLevel, times = 1): Promise<Uint8Array> {
  const pdf = await PDF.load(await makeDocument());
  let bytes: Uint8Array = new Uint8Array();
  for (let count = 0; count < times; count++) {
    const leaf = await world.seal.issue({ algorithm: 'RS256' });
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
    const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(leaf.privateKey), algorithm, true, ['sign']);
    const chain = [world.seal.issuing, world.seal.root];
    const signer = new CryptoKeySigner(key, leaf.certificate, 'RSA', 'RSASSA-PKCS1-v1_5', chain);
    const options = { signer, level, signingTime: now, estimatedSize: 20_000, fieldName: `Seal${count + 1}` };
    const evidence = { timestampAuthority: { timestamp }, revocationProvider: { getCRL } };
    ({ bytes } = await pdf.sign({ ...options, ...(level === 'B-B' ? {} : evidence) }));
  }
  return bytes;
}

async function timestamp(digest: Uint8Array): Promise<Uint8Array> {
  const { timestampAnchors: anchors, revocation, stamper } = world;
  const rest = { policies: [testPolicy], timeoutMs: 1000, clock: { now: () => now } };
  const authority = { url: 'http://tsa.invalid/', anchors, revocation, ...rest, fetch: stampingFetch(stamper, now) };
  return valueOf(await requestTimestamp(authority, digest));
}

function getCRL(certificate: Uint8Array): Promise<Uint8Array | null> {
  const { issuer } = valueOf(parseX509Certificate(certificate));
  const found = [...world.seal.crls, ...world.time.crls].find(
    (der) => nameKey(valueOf(parseCrl(der)).issuer) === nameKey(issuer),
  );
  return Promise.resolve(found ?? null);
}

const rest = {
  'B-B': 'file | none | trusted | notChecked no-source | absent',
  'B-T': 'file | none | trusted | good | proved',
  'B-LT': 'revision | allowed validation-data | trusted | good | proved',
  'B-LTA': 'revision | allowed validation-data document-timestamp | trusted | good | proved',
} as const;

it.each(['B-B', 'B-T', 'B-LT', 'B-LTA'] as const)('reaches %s here as there', async (level) => {
  // Beyond B-T the file has to bring along what proves it.
  const revocation = level === 'B-T' ? world.revocation : noRevocationSource;
  const report = await verified(await signedByLibrary(level), trustOf(world, { revocation }));
  expect(linesOf(report)).toEqual([
    `Seal1 signature | valid | ${rest[level]} | ${level}`,
    ...(level === 'B-LTA'
      ? ['Timestamp_1 document-timestamp | valid | revision | allowed validation-data | trusted | good | proved | none']
      : []),
  ]);
});

it('signs twice, and the first signature stays good', async () => {
  const { revocation } = world;
  expect(linesOf(await verified(await signedByLibrary('B-T', 2), trustOf(world, { revocation })))).toEqual([
    'Seal1 signature | valid | revision | allowed signature | trusted | good | proved | B-T',
    'Seal2 signature | valid | file | none | trusted | good | proved | B-T',
  ]);
});
