import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import { createKeyCache } from '../../../src/crypto/x509/algorithms.ts';
import { noRevocationSource, type RevocationSource } from '../../../src/crypto/x509/crl.ts';
import {
  type PathInput,
  type PathVerdict,
  type Purpose,
  type TrustAnchor,
  verifyPath,
} from '../../../src/crypto/x509/path.ts';
import { hex, integer, oid, sequence, tlv, utf8 } from './der-writer.ts';
import {
  anchorOf,
  dn,
  ID,
  keyUsage,
  makeAuthority,
  makeKey,
  makeLeaf,
  NOW,
  named,
  parsed,
  pathLength,
  type Recipe,
  type TestExtension,
  type TestName,
} from './make.ts';

const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
const purpose: Purpose = { keyUsage: ['digitalSignature'], extendedKeyUsage: DOCUMENT_SIGNING };
const alwaysGood: RevocationSource = { check: () => Promise.resolve({ status: 'good' }) };

let root: TestName;
let middle: TestName;
let person: TestName;
let anchor: TrustAnchor;

beforeAll(async () => {
  [root, middle, person] = await Promise.all([named('Root'), named('Middle'), named('Person')]);
  anchor = anchorOf(await makeAuthority({ subject: root, issuer: root }));
});

const intermediate = (changes: Partial<Recipe> = {}) => makeAuthority({ subject: middle, issuer: root, ...changes });
const leaf = (changes: Partial<Recipe> = {}) => makeLeaf({ subject: person, issuer: middle, ...changes });

async function verify(
  leafDer: Uint8Array,
  pool: readonly Uint8Array[],
  changes: Partial<PathInput> = {},
): Promise<PathVerdict> {
  const input = {
    leaf: parsed(leafDer),
    pool: pool.map(parsed),
    anchors: [anchor],
    at: NOW,
    purpose,
    revocation: alwaysGood,
  };
  return verifyPath({ ...input, ...changes });
}

const codes = ({ reasons }: PathVerdict) => reasons.map(({ code }) => code);
const constraints = (tag: number, ...bases: readonly Uint8Array[]): TestExtension => ({
  oid: ID.nameConstraints,
  critical: true,
  value: sequence(tlv(tag, ...bases.map((base) => sequence(base)))),
});
const alternatives = (...names: readonly Uint8Array[]): TestExtension => ({
  oid: ID.alternativeNames,
  value: sequence(...names),
});
const policies = (...oids: readonly string[]): TestExtension => ({
  oid: ID.policies,
  value: sequence(...oids.map((policy) => sequence(oid(policy)))),
});

describe('verifyPath', () => {
  it('accepts a good path and says how it went', async () => {
    const verdict = await verify(await leaf(), [await intermediate()]);
    expect(verdict).toMatchObject({ valid: true, reasons: [], revocation: 'good', at: NOW });
    expect(verdict.path.map(({ subject }) => subject.keys)).toEqual(
      [person, middle, root].map(({ name }) => parsedKeys(name)),
    );
    expect(verdict.anchor?.name).toBe('test');
  });

  it.each([
    [
      'A-09 a leaf that is an authority',
      { extensions: [{ oid: ID.basicConstraints, critical: true, value: hex('30030101ff') }] },
      'leaf-is-authority',
    ],
    ['a leaf with keyCertSign', { extensions: [keyUsage('authority')] }, 'leaf-is-authority'],
    ['A-09 an expired leaf', { notAfter: new Date('2026-06-15T11:59:59Z') }, 'expired'],
    ['a leaf of tomorrow', { notBefore: new Date('2026-06-15T12:00:01Z') }, 'not-yet-valid'],
    [
      'A-09 an unknown critical extension in the leaf',
      { twice: [{ oid: '1.2.3', critical: true, value: hex('0500') }] },
      'unknown-critical-extension',
    ],
    ['a leaf without the bit asked for', { extensions: [keyUsage('listsOnly')] }, 'key-usage'],
    ['a leaf without key usage', { without: [ID.keyUsage] }, 'key-usage'],
    [
      'a leaf for something else',
      { extensions: [{ oid: ID.extendedKeyUsage, value: sequence(oid('1.3.6.1.5.5.7.3.8')) }] },
      'extended-key-usage',
    ],
    [
      'a leaf for anything',
      { extensions: [{ oid: ID.extendedKeyUsage, value: sequence(oid('2.5.29.37.0')) }] },
      'extended-key-usage',
    ],
    ['a leaf without its purpose', { without: [ID.extendedKeyUsage] }, 'extended-key-usage'],
    ['serial zero', { serial: hex('00') }, 'serial-not-positive'],
    ['a serial of 21 octets', { serial: hex(`01${'00'.repeat(20)}`) }, 'serial-too-long'],
    ['no authority key identifier', { without: [ID.authorityKey] }, 'authority-key-identifier-missing'],
    [
      'name constraints in the leaf',
      { twice: [constraints(0xa0, utf8('example.jp', 0x82))] },
      'name-constraints-misplaced',
    ],
  ] satisfies [string, Partial<Recipe>, string][])('refuses %s', async (_what, changes, code) => {
    const verdict = await verify(await leaf(changes), [await intermediate()]);
    expect(verdict.valid).toBe(false);
    expect(verdict.reasons).toContainEqual(expect.objectContaining({ code, certificate: 0 }));
  });

  it.each([
    ['no basic constraints', { without: [ID.basicConstraints] }, 'not-an-authority'],
    [
      'basic constraints that are not critical',
      { extensions: [{ oid: ID.basicConstraints, value: hex('30030101ff') }] },
      'basic-constraints-not-critical',
    ],
    ['no key usage', { without: [ID.keyUsage] }, 'key-usage'],
    ['no keyCertSign', { extensions: [keyUsage('listsOnly')] }, 'key-usage'],
    ['no subject key identifier', { without: [ID.subjectKey] }, 'subject-key-identifier-missing'],
    [
      'another purpose',
      { twice: [{ oid: ID.extendedKeyUsage, value: sequence(oid('1.3.6.1.5.5.7.3.8')) }] },
      'extended-key-usage',
    ],
    [
      'policy constraints that are not critical',
      { twice: [{ oid: ID.policyConstraints, value: hex('3003800100') }, policies('1.2.3')] },
      'policy-constraints-not-critical',
    ],
    ['an end', { notAfter: new Date('2026-06-01T00:00:00Z') }, 'expired'],
  ] satisfies [string, Partial<Recipe>, string][])('refuses an intermediate with %s', async (_what, changes, code) => {
    const verdict = await verify(await leaf(), [await intermediate(changes)]);
    expect(verdict.valid).toBe(false);
    expect(verdict.reasons).toContainEqual(expect.objectContaining({ code, certificate: 1 }));
  });

  it('counts both ends of validity as valid, to the second', async () => {
    const der = await leaf({ notBefore: new Date('2026-06-15T12:00:00Z'), notAfter: new Date('2026-06-15T12:00:00Z') });
    const pool = [await intermediate()];
    expect((await verify(der, pool)).valid).toBe(true);
    expect((await verify(der, pool, { at: new Date('2026-06-15T12:00:00.999Z') })).valid).toBe(true);
    expect(codes(await verify(der, pool, { at: new Date('2026-06-15T12:00:01Z') }))).toEqual(['expired']);
  });

  it('applies validity, path length, purpose and constraints of the anchor itself', async () => {
    const anchors = async (changes: Partial<Recipe>) => [
      anchorOf(await makeAuthority({ subject: root, issuer: root, ...changes })),
    ];
    const chain = [await leaf(), [await intermediate()]] as const;
    expect(
      codes(await verify(...chain, { anchors: await anchors({ notAfter: new Date('2026-06-01T00:00:00Z') }) })),
    ).toEqual(['expired']);
    expect(codes(await verify(...chain, { anchors: await anchors({ extensions: [pathLength(0)] }) }))).toEqual([
      'path-length-exceeded',
    ]);
    expect((await verify(...chain, { anchors: await anchors({ extensions: [pathLength(1)] }) })).valid).toBe(true);
    const other = { oid: ID.extendedKeyUsage, value: sequence(oid('1.3.6.1.5.5.7.3.8')) };
    expect(codes(await verify(...chain, { anchors: await anchors({ extensions: [other] }) }))).toEqual([
      'extended-key-usage',
    ]);
    const excluded = constraints(0xa1, tlv(0xa4, dn('Person')));
    expect(codes(await verify(...chain, { anchors: await anchors({ extensions: [excluded] }) }))).toEqual([
      'name-excluded',
    ]);
  });

  it('refuses what is under no anchor, and a certificate somebody made with the same names', async () => {
    const stranger = { name: 'Root', key: await makeKey() };
    const forged = await makeLeaf({ subject: person, issuer: stranger });
    expect(codes(await verify(forged, []))).toEqual(['signature-invalid']);
    expect(codes(await verify(await leaf(), []))).toEqual(['issuer-not-found']);
    const selfMade = await makeAuthority({ subject: stranger, issuer: stranger });
    expect((await verify(forged, [selfMade])).valid).toBe(false);
  });

  it('takes the algorithm from the list of the anchor', async () => {
    const verdict = await verify(await leaf(), [await intermediate()], {
      anchors: [{ ...anchor, algorithms: ['ed25519'] }],
    });
    expect(codes(verdict)).toEqual(['algorithm-not-allowed', 'algorithm-not-allowed']);
  });

  it('relaxes only what the anchor names', async () => {
    const anchors = [{ ...anchor, relax: ['serial-not-positive'] as const }];
    expect((await verify(await leaf({ serial: hex('00') }), [await intermediate()], { anchors })).valid).toBe(true);
    const both = await leaf({ serial: hex('00'), without: [ID.authorityKey] });
    expect(codes(await verify(both, [await intermediate()], { anchors }))).toEqual([
      'authority-key-identifier-missing',
    ]);
  });

  it('finds the issuer among three generations of one name by the signature', async () => {
    const generations = await Promise.all([1, 2, 3].map(async () => ({ name: 'JPKI', key: await makeKey() })));
    const anchors = await Promise.all(
      generations.map(async (each) => anchorOf(await makeAuthority({ subject: each, issuer: each }))),
    );
    for (const [index, issuer] of generations.entries()) {
      // A wrong key identifier is a wrong hint, no more.
      const wrongHint = { oid: ID.authorityKey, value: sequence(tlv(0x80, hex('00'))) };
      for (const extensions of [[], [wrongHint]]) {
        const verdict = await verify(await makeLeaf({ subject: person, issuer, extensions }), [], { anchors });
        expect(verdict).toMatchObject({
          valid: true,
          anchor: { certificate: { sha256: anchors[index]?.certificate.sha256 } },
        });
      }
    }
  });

  it('requires a policy when the purpose names one', async () => {
    const wanted: Purpose = { ...purpose, policy: ['1.2.392.1'] };
    const pool = [await intermediate({ twice: [policies('1.2.392.1', '1.2.392.2')] })];
    const accepted = await verify(await leaf({ twice: [policies('1.2.392.1')] }), pool, { purpose: wanted });
    expect(accepted).toMatchObject({ valid: true, policies: ['1.2.392.1'] });
    for (const twice of [[policies('1.2.392.2')], []]) {
      expect(codes(await verify(await leaf({ twice }), pool, { purpose: wanted }))).toEqual(['policy']);
    }
  });
});

describe('name constraints', () => {
  const uri = (text: string) => utf8(text, 0x86);
  const mail = (text: string) => utf8(text, 0x81);
  const dns = (text: string) => utf8(text, 0x82);
  const otherName = tlv(0xa0, oid('1.2.3'), tlv(0xa0, utf8('x')));

  it.each([
    ['host inside', constraints(0xa0, dns('example.jp')), dns('a.example.jp'), null],
    ['host outside', constraints(0xa0, dns('example.jp')), dns('badexample.jp'), 'name-not-permitted'],
    ['host excluded, other case', constraints(0xa1, dns('example.jp')), dns('A.EXAMPLE.JP'), 'name-excluded'],
    [
      'wildcard that covers an excluded host',
      constraints(0xa1, dns('secret.example.jp')),
      dns('*.example.jp'),
      'name-excluded',
    ],
    ['address inside', constraints(0xa0, hex('8708c0000200ffffff00')), hex('8704c0000237'), null],
    ['address outside', constraints(0xa0, hex('8708c0000200ffffff00')), hex('8704c0000337'), 'name-not-permitted'],
    [
      'other family than permitted',
      constraints(0xa0, hex('8708c0000200ffffff00')),
      hex('871020010db8000000000000000000000001'),
      'name-not-permitted',
    ],
    ['mail at the host', constraints(0xa0, mail('example.jp')), mail('a@example.jp'), null],
    ['mail below the host', constraints(0xa0, mail('example.jp')), mail('a@b.example.jp'), 'name-not-permitted'],
    ['mail below the domain', constraints(0xa0, mail('.example.jp')), mail('a@b.example.jp'), null],
    [
      'mailbox of another case excluded',
      constraints(0xa1, mail('A@example.jp')),
      mail('a@example.jp'),
      'name-excluded',
    ],
    ['URI at the host', constraints(0xa0, uri('example.jp')), uri('https://example.jp:8443/a'), null],
    [
      'URI with the host in its user part',
      constraints(0xa0, uri('example.jp')),
      uri('https://example.jp@evil.example/'),
      'name-not-permitted',
    ],
    ['URI without a host', constraints(0xa0, uri('example.jp')), uri('urn:example:a'), 'name-constraint-unsupported'],
    ['directory name inside', constraints(0xa0, tlv(0xa4, dn('Person'))), tlv(0xa4, dn('Person', 'More')), null],
    ['otherName under a constraint on it', constraints(0xa0, otherName), otherName, 'name-constraint-unsupported'],
    ['otherName under a constraint on hosts', constraints(0xa0, dns('example.jp')), otherName, null],
  ])('%s', async (_what, constraint, name, code) => {
    const pool = [await intermediate({ twice: [constraint] })];
    const verdict = await verify(await leaf({ twice: [alternatives(name)] }), pool);
    expect(codes(verdict)).toEqual(code === null ? [] : [code]);
  });

  it('apply to a self-issued leaf, and to an address in the subject', async () => {
    const excluded = [await intermediate({ twice: [constraints(0xa1, tlv(0xa4, dn('Middle')))] })];
    const selfIssued = await makeLeaf({ subject: { name: 'Middle', key: person.key }, issuer: middle });
    expect(codes(await verify(selfIssued, excluded))).toEqual(['name-excluded']);
    const address = tlv(0x31, sequence(oid('1.2.840.113549.1.9.1'), utf8('a@evil.example', 0x16)));
    const pool = [await intermediate({ twice: [constraints(0xa0, mail('example.jp'))] })];
    expect(codes(await verify(await leaf({ subjectDer: sequence(address) }), pool))).toEqual(['name-not-permitted']);
  });

  it('end with an error of their own when there are too many', async () => {
    const many = Array.from({ length: 1_200 }, (_, index) => dns(`h${index}.example.jp`));
    const pool = [await intermediate({ twice: [constraints(0xa1, ...many)] })];
    const names = Array.from({ length: 100 }, (_, index) => dns(`n${index}.example.org`));
    const verdict = await verify(await leaf({ twice: [alternatives(...names)] }), pool);
    expect(codes(verdict)).toEqual(['limit-comparisons']);
  });
});

describe('revocation in a path', () => {
  it('is required unless the caller takes it on, and a source that fails has not said good', async () => {
    const chain = [await leaf(), [await intermediate()]] as const;
    const unknown = await verify(...chain, { revocation: noRevocationSource });
    expect(unknown).toMatchObject({ valid: false, revocation: 'notChecked' });
    expect(codes(unknown)).toEqual(['revocation-unknown', 'revocation-unknown']);
    const reported = await verify(...chain, { revocation: noRevocationSource, whenNotChecked: 'report' });
    expect(reported).toMatchObject({ valid: true, reasons: [], revocation: 'notChecked' });
    const down: RevocationSource = { check: () => Promise.reject(new Error('down')) };
    expect(codes(await verify(...chain, { revocation: down }))).toContain('revocation-unknown');
  });

  it('refuses a revoked leaf or intermediate even when unknown is only reported', async () => {
    for (const place of [0, 1]) {
      const chain = [await leaf(), await intermediate()].map(parsed);
      const revocation: RevocationSource = {
        check: ({ certificate }) =>
          Promise.resolve({ status: certificate === chain[place] ? 'revoked' : 'notChecked' }),
      };
      const [first, ...pool] = chain;
      if (first === undefined) throw new Error('no leaf');
      const input = { leaf: first, pool, anchors: [anchor], at: NOW, purpose, revocation };
      const verdict = await verifyPath({ ...input, whenNotChecked: 'report' });
      expect(verdict).toMatchObject({
        valid: false,
        revocation: 'revoked',
        reasons: [{ code: 'revoked', certificate: place }],
      });
    }
  });
});

describe('bounded work', () => {
  it('finds the short path among nine cross-signed intermediates, made by another library', async () => {
    const hierarchy = await crossSigned(9);
    const keys = createKeyCache();
    const verdict = await verifyPath({ ...hierarchy, at: new Date(), purpose, revocation: alwaysGood, keys });
    expect(verdict).toMatchObject({ valid: true, reasons: [] });
    expect(verdict.path).toHaveLength(3);
    expect(keys.keys.size).toBeLessThanOrEqual(10);
  });

  it('gives up in an orderly way when nine cross-signed intermediates lead nowhere', async () => {
    const hierarchy = await crossSigned(9);
    const verdict = await verifyPath({
      ...hierarchy,
      anchors: [anchor],
      at: new Date(),
      purpose,
      revocation: alwaysGood,
    });
    expect(verdict.valid).toBe(false);
    expect(codes(verdict)).toHaveLength(1);
    expect(codes(verdict)[0]).toMatch(/^limit-(steps|signatures)$/);
  });

  it('stops at the signal, at the pool size and at the length of a path', async () => {
    const chain = [await leaf(), [await intermediate()]] as const;
    expect(codes(await verify(...chain, { signal: AbortSignal.abort() }))).toEqual(['limit-deadline']);
    expect(codes(await verify(...chain, { limits: { maxPool: 0 } }))).toEqual(['limit-pool']);
    expect((await verify(...chain, { limits: { maxCertificates: 1 } })).valid).toBe(false);
    expect(codes(await verify(...chain, { limits: { maxSignatures: 1 } }))).toEqual(['limit-signatures']);
  });

  it('does not walk in circles', async () => {
    const other = await named('Other');
    const circle = [
      await makeAuthority({ subject: middle, issuer: other }),
      await makeAuthority({ subject: other, issuer: middle }),
      await makeAuthority({ subject: middle, issuer: middle }),
    ];
    expect(codes(await verify(await leaf(), circle))).toEqual(['issuer-not-found']);
  });

  it('survives thousands of policies and mappings', async () => {
    const arcs = Array.from({ length: 800 }, (_, index) => `1.2.3.${index}`);
    const mapping = sequence(...arcs.map((arc) => sequence(oid(arc), oid('1.2.4.1'))));
    const pool = [
      await intermediate({ twice: [policies(...arcs), { oid: '2.5.29.33', critical: true, value: mapping }] }),
    ];
    const verdict = await verify(await leaf({ twice: [policies('1.2.4.1')] }), pool, {
      purpose: { ...purpose, policy: ['1.2.3.799'] },
    });
    expect(verdict).toMatchObject({ valid: true, policies: ['1.2.3.799'] });
  });

  it('counts the path length over intermediates that are not self-issued', async () => {
    const below = await named('Below');
    const pool = async (length: number) => [
      await intermediate({
        extensions: [{ oid: ID.basicConstraints, critical: true, value: sequence(hex('0101ff'), integer(length)) }],
      }),
      await makeAuthority({ subject: below, issuer: middle }),
    ];
    const der = await makeLeaf({ subject: person, issuer: below });
    expect((await verify(der, await pool(1))).valid).toBe(true);
    expect(codes(await verify(der, await pool(0)))).toEqual(['path-length-exceeded']);
  });
});

function parsedKeys(name: string): string[] {
  return [JSON.stringify([`2.5.4.3=${name.toLowerCase()}`])];
}

/** limbo cve-2024-0567: every intermediate signs every other, one of them is under the root, the leaf under another. */
async function crossSigned(count: number) {
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
