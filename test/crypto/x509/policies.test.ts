import { beforeAll, describe, expect, it } from 'vitest';
import { hex, oid, sequence } from './der-writer.ts';
import { ID, makeAuthority, makeLeaf, named } from './make.ts';
import { codes, policies, purpose, type TestWorld, testWorld } from './test-world.ts';

/** What PKITS leaves open of RFC 9618; the rest of policy processing is proved there. */
const [A, B] = ['1.2.392.1', '1.2.392.2'];
const ANY = '2.5.29.32.0';
const mapping = { oid: '2.5.29.33', critical: true, value: sequence(sequence(oid(A), oid(B))) };

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});

describe('certificate policies', () => {
  it('map out of any-policy: the answer is in the words of the anchor', async () => {
    const pool = [await world.intermediate({ twice: [policies(ANY), mapping] })];
    const leaf = await world.leaf({ twice: [policies(B)] });
    expect(await world.verify(leaf, pool, { purpose: { ...purpose, policy: [A] } })).toMatchObject({
      valid: true,
      policies: [A],
    });
    expect(codes(await world.verify(leaf, pool, { purpose: { ...purpose, policy: [B] } }))).toEqual(['policy']);
  });

  it('do not map when mapping is inhibited, out of any-policy neither', async () => {
    const pool = [await world.intermediate({ twice: [policies(ANY), mapping] })];
    const leaf = await world.leaf({ twice: [policies(B)] });
    const policySettings = { explicit: true, inhibitMapping: true, inhibitAny: false };
    const verdict = await world.verify(leaf, pool, { purpose: { ...purpose, policy: [A], policySettings } });
    expect(codes(verdict)).toEqual(['policy']);
  });

  it('are required when the leaf itself says so', async () => {
    const required = { oid: ID.policyConstraints, critical: true, value: hex('3003800100') };
    const pool = [await world.intermediate({ twice: [policies(A)] })];
    expect(codes(await world.verify(await world.leaf({ twice: [required] }), pool))).toEqual(['policy']);
    expect((await world.verify(await world.leaf({ twice: [required, policies(A)] }), pool)).valid).toBe(true);
    expect((await world.verify(await world.leaf(), pool)).valid).toBe(true);
  });

  it('refuse any-policy in a mapping', async () => {
    const toAny = { ...mapping, value: sequence(sequence(oid(A), oid(ANY))) };
    const pool = [await world.intermediate({ twice: [policies(A), toAny] })];
    expect(codes(await world.verify(await world.leaf({ twice: [policies(A)] }), pool))).toEqual(['policy-mapping-any']);
  });

  it('grow with the path, not with the power of the path', async () => {
    // Every level maps every policy to every other: the tree of RFC 5280 would have 40^5 leaves (CVE-2023-0464).
    const arcs = Array.from({ length: 40 }, (_, index) => `1.2.3.${index}`);
    const all = sequence(...arcs.flatMap((from) => arcs.map((to) => sequence(oid(from), oid(to)))));
    const names = await Promise.all([0, 1, 2, 3, 4].map((index) => named(`Level ${index}`)));
    const pool: Uint8Array[] = [];
    let issuer = world.root;
    for (const subject of names) {
      pool.push(await makeAuthority({ subject, issuer, twice: [policies(...arcs), { ...mapping, value: all }] }));
      issuer = subject;
    }
    const leaf = await makeLeaf({ subject: world.person, issuer, twice: [policies('1.2.3.7')] });
    const verdict = await world.verify(leaf, pool, { purpose: { ...purpose, policy: ['1.2.3.9'] } });
    expect(verdict).toMatchObject({ valid: true, policies: ['1.2.3.9'] });
  });
});
