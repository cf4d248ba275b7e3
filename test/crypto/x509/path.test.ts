import { beforeAll, describe, expect, it } from 'vitest';
import { type Purpose, verifyPath } from '../../../src/crypto/x509/path.ts';
import { noRevocationSource, type RevocationSource } from '../../../src/crypto/x509/revocation.ts';
import { hex, oid, sequence, tlv, utf8 } from './der-writer.ts';
import {
  anchorOf,
  dn,
  ID,
  keyUsage,
  makeAuthority,
  makeKey,
  makeLeaf,
  NOW,
  parsed,
  pathLength,
  type Recipe,
} from './make.ts';
import { codes, constraints, policies, purpose, type TestWorld, testWorld } from './test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});

describe('verifyPath', () => {
  it('accepts a good path and says how it went', async () => {
    const verdict = await world.verify(await world.leaf(), [await world.intermediate()]);
    expect(verdict).toMatchObject({ valid: true, reasons: [], revocation: 'good', at: NOW });
    expect(verdict.path.map(({ subject }) => subject.keys)).toEqual(
      [world.person, world.middle, world.root].map(({ name }) => parsedKeys(name)),
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
    const verdict = await world.verify(await world.leaf(changes), [await world.intermediate()]);
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
    const verdict = await world.verify(await world.leaf(), [await world.intermediate(changes)]);
    expect(verdict.valid).toBe(false);
    expect(verdict.reasons).toContainEqual(expect.objectContaining({ code, certificate: 1 }));
  });

  it('counts both ends of validity as valid, to the second', async () => {
    const der = await world.leaf({
      notBefore: new Date('2026-06-15T12:00:00Z'),
      notAfter: new Date('2026-06-15T12:00:00Z'),
    });
    const pool = [await world.intermediate()];
    expect((await world.verify(der, pool)).valid).toBe(true);
    expect((await world.verify(der, pool, { at: new Date('2026-06-15T12:00:00.999Z') })).valid).toBe(true);
    expect(codes(await world.verify(der, pool, { at: new Date('2026-06-15T12:00:01Z') }))).toEqual(['expired']);
  });

  it('applies validity, path length, purpose and constraints of the anchor itself', async () => {
    const anchors = async (changes: Partial<Recipe>) => [
      anchorOf(await makeAuthority({ subject: world.root, issuer: world.root, ...changes })),
    ];
    const chain = [await world.leaf(), [await world.intermediate()]] as const;
    expect(
      codes(await world.verify(...chain, { anchors: await anchors({ notAfter: new Date('2026-06-01T00:00:00Z') }) })),
    ).toEqual(['expired']);
    expect(codes(await world.verify(...chain, { anchors: await anchors({ extensions: [pathLength(0)] }) }))).toEqual([
      'path-length-exceeded',
    ]);
    expect((await world.verify(...chain, { anchors: await anchors({ extensions: [pathLength(1)] }) })).valid).toBe(
      true,
    );
    const other = { oid: ID.extendedKeyUsage, value: sequence(oid('1.3.6.1.5.5.7.3.8')) };
    expect(codes(await world.verify(...chain, { anchors: await anchors({ extensions: [other] }) }))).toEqual([
      'extended-key-usage',
    ]);
    const excluded = constraints(0xa1, tlv(0xa4, dn('Person')));
    expect(codes(await world.verify(...chain, { anchors: await anchors({ extensions: [excluded] }) }))).toEqual([
      'name-excluded',
    ]);
  });

  it('refuses what is under no anchor, and a certificate somebody made with the same names', async () => {
    const stranger = { name: 'Root', key: await makeKey() };
    const forged = await makeLeaf({ subject: world.person, issuer: stranger });
    expect(codes(await world.verify(forged, []))).toEqual(['signature-invalid']);
    expect(codes(await world.verify(await world.leaf(), []))).toEqual(['issuer-not-found']);
    const selfMade = await makeAuthority({ subject: stranger, issuer: stranger });
    expect((await world.verify(forged, [selfMade])).valid).toBe(false);
  });

  it('takes the algorithm from the list of the anchor', async () => {
    const verdict = await world.verify(await world.leaf(), [await world.intermediate()], {
      anchors: [{ ...world.anchor, algorithms: ['ed25519'] }],
    });
    expect(codes(verdict)).toEqual(['algorithm-not-allowed', 'algorithm-not-allowed']);
  });

  it('relaxes only what the anchor names', async () => {
    const anchors = [{ ...world.anchor, relax: ['serial-not-positive'] as const }];
    expect(
      (await world.verify(await world.leaf({ serial: hex('00') }), [await world.intermediate()], { anchors })).valid,
    ).toBe(true);
    const both = await world.leaf({ serial: hex('00'), without: [ID.authorityKey] });
    expect(codes(await world.verify(both, [await world.intermediate()], { anchors }))).toEqual([
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
        const verdict = await world.verify(await makeLeaf({ subject: world.person, issuer, extensions }), [], {
          anchors,
        });
        expect(verdict).toMatchObject({
          valid: true,
          anchor: { certificate: { sha256: anchors[index]?.certificate.sha256 } },
        });
      }
    }
  });

  it('requires a policy when the purpose names one', async () => {
    const wanted: Purpose = { ...purpose, policy: ['1.2.392.1'] };
    const pool = [await world.intermediate({ twice: [policies('1.2.392.1', '1.2.392.2')] })];
    const accepted = await world.verify(await world.leaf({ twice: [policies('1.2.392.1')] }), pool, {
      purpose: wanted,
    });
    expect(accepted).toMatchObject({ valid: true, policies: ['1.2.392.1'] });
    for (const twice of [[policies('1.2.392.2')], []]) {
      expect(codes(await world.verify(await world.leaf({ twice }), pool, { purpose: wanted }))).toEqual(['policy']);
    }
  });
});

describe('revocation in a path', () => {
  it('is required unless the caller takes it on, and a source that fails has not said good', async () => {
    const chain = [await world.leaf(), [await world.intermediate()]] as const;
    const unknown = await world.verify(...chain, { revocation: noRevocationSource });
    expect(unknown).toMatchObject({ valid: false, revocation: 'notChecked' });
    expect(codes(unknown)).toEqual(['revocation-unknown', 'revocation-unknown']);
    const reported = await world.verify(...chain, { revocation: noRevocationSource, whenNotChecked: 'report' });
    expect(reported).toMatchObject({ valid: true, reasons: [], revocation: 'notChecked' });
    const down: RevocationSource = { check: () => Promise.reject(new Error('down')) };
    expect(codes(await world.verify(...chain, { revocation: down }))).toContain('revocation-unknown');
  });

  it('refuses a revoked leaf or intermediate even when unknown is only reported', async () => {
    for (const place of [0, 1]) {
      const chain = [await world.leaf(), await world.intermediate()].map(parsed);
      const revocation: RevocationSource = {
        check: ({ certificate }) =>
          Promise.resolve({ status: certificate === chain[place] ? 'revoked' : 'notChecked' }),
      };
      const [first, ...pool] = chain;
      if (first === undefined) throw new Error('no leaf');
      const input = { leaf: first, pool, anchors: [world.anchor], at: NOW, purpose, revocation };
      const verdict = await verifyPath({ ...input, whenNotChecked: 'report' });
      expect(verdict).toMatchObject({
        valid: false,
        revocation: 'revoked',
        reasons: [{ code: 'revoked', certificate: place }],
      });
    }
  });

  it('refuses a leaf that its issuer revoked, whatever other way leads up', async () => {
    const [first, second] = [await world.intermediate(), await world.intermediate({ serial: hex('0909') })];
    const asked: string[] = [];
    const revocation: RevocationSource = {
      check: ({ certificate, issuer }) => {
        asked.push(issuer.serial);
        const isFirst = certificate.subject.keys.join() === parsedKeys('Person').join() && asked.length === 2;
        return Promise.resolve({ status: isFirst ? 'revoked' : 'good' });
      },
    };
    const verdict = await world.verify(await world.leaf(), [first, second], { revocation });
    expect(verdict).toMatchObject({ valid: false, reasons: [{ code: 'revoked', certificate: 0 }] });
  });
});

function parsedKeys(name: string): string[] {
  return [JSON.stringify([`2.5.4.3=${name.toLowerCase()}`])];
}
