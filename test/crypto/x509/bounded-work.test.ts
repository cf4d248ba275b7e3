import { beforeAll, describe, expect, it } from 'vitest';
import { verifyPath } from '../../../src/crypto/x509/path.ts';
import { createPathCache } from '../../../src/crypto/x509/path-cache.ts';
import { crossSigned } from './cross-signed.ts';
import { hex, integer, oid, sequence } from './der-writer.ts';
import { ID, makeAuthority, makeLeaf, named } from './make.ts';
import { alwaysGood, codes, policies, purpose, type TestWorld, testWorld } from './test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});

describe('bounded work', () => {
  it('finds the short path among nine cross-signed intermediates, made by another library', async () => {
    const hierarchy = await crossSigned(9);
    const cache = createPathCache();
    const verdict = await verifyPath({ ...hierarchy, at: new Date(), purpose, revocation: alwaysGood, cache });
    expect(verdict).toMatchObject({ valid: true, reasons: [] });
    expect(verdict.path).toHaveLength(3);
    expect(cache.keys.size).toBeLessThanOrEqual(10);
  });

  it('gives up in an orderly way when nine cross-signed intermediates lead nowhere', async () => {
    const hierarchy = await crossSigned(9);
    const verdict = await verifyPath({
      ...hierarchy,
      anchors: [world.anchor],
      at: new Date(),
      purpose,
      revocation: alwaysGood,
      // One for each certificate, however often it is tried.
      limits: { maxSignatures: 64 },
    });
    expect(codes(verdict)).toEqual(['limit-steps']);
  });

  it('stops at the signal, at the pool size and at the length of a path', async () => {
    const chain = [await world.leaf(), [await world.intermediate()]] as const;
    expect(codes(await world.verify(...chain, { signal: AbortSignal.abort() }))).toEqual(['limit-deadline']);
    expect(codes(await world.verify(...chain, { limits: { maxPool: 0 } }))).toEqual(['limit-pool']);
    expect((await world.verify(...chain, { limits: { maxCertificates: 1 } })).valid).toBe(false);
    expect(codes(await world.verify(...chain, { limits: { maxSignatures: 1 } }))).toEqual(['limit-signatures']);
  });

  it('does not walk in circles', async () => {
    const other = await named('Other');
    const circle = [
      await makeAuthority({ subject: world.middle, issuer: other }),
      await makeAuthority({ subject: other, issuer: world.middle }),
      await makeAuthority({ subject: world.middle, issuer: world.middle }),
    ];
    expect(codes(await world.verify(await world.leaf(), circle, { limits: { maxSteps: 24 } }))).toEqual([
      'issuer-not-found',
    ]);
  });

  it('survives thousands of policies and mappings', async () => {
    const arcs = Array.from({ length: 800 }, (_, index) => `1.2.3.${index}`);
    const mapping = sequence(...arcs.map((arc) => sequence(oid(arc), oid('1.2.4.1'))));
    const pool = [
      await world.intermediate({ twice: [policies(...arcs), { oid: '2.5.29.33', critical: true, value: mapping }] }),
    ];
    const verdict = await world.verify(await world.leaf({ twice: [policies('1.2.4.1')] }), pool, {
      purpose: { ...purpose, policy: ['1.2.3.799'] },
    });
    expect(verdict).toMatchObject({ valid: true, policies: ['1.2.3.799'] });
  });

  it('counts the path length over intermediates that are not self-issued', async () => {
    const below = await named('Below');
    const pool = async (length: number) => [
      await world.intermediate({
        extensions: [{ oid: ID.basicConstraints, critical: true, value: sequence(hex('0101ff'), integer(length)) }],
      }),
      await makeAuthority({ subject: below, issuer: world.middle }),
    ];
    const der = await makeLeaf({ subject: world.person, issuer: below });
    expect((await world.verify(der, await pool(1))).valid).toBe(true);
    expect(codes(await world.verify(der, await pool(0)))).toEqual(['path-length-exceeded']);
  });
});
