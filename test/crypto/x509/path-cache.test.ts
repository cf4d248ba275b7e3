import { beforeAll, describe, expect, it } from 'vitest';
import { createPathCache } from '../../../src/crypto/x509/path-cache.ts';
import type { RevocationSource } from '../../../src/crypto/x509/revocation.ts';
import { codes, type TestWorld, testWorld } from './test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});

const revoked: RevocationSource = { check: () => Promise.resolve({ status: 'revoked', reason: 'listed' }) };
const unknown: RevocationSource = { check: () => Promise.resolve({ status: 'notChecked', reason: 'crl-missing' }) };
/** Enough to look, and not for one signature. */
const none = { limits: { maxSignatures: 0 } };

describe('what is kept of earlier verifications', () => {
  it('saves the signatures of a chain that has been seen, and asks everything else anew', async () => {
    const cache = createPathCache();
    const chain = [await world.leaf(), [await world.intermediate()]] as const;
    expect(codes(await world.verify(...chain, none))).toEqual(['limit-signatures']);
    expect((await world.verify(...chain, { cache })).valid).toBe(true);
    expect((await world.verify(...chain, { cache, ...none })).valid).toBe(true);
    expect(codes(await world.verify(...chain, { cache, revocation: revoked }))).toEqual(['revoked']);
    expect(codes(await world.verify(...chain, { cache, revocation: unknown }))).toContain('revocation-unknown');
    expect(codes(await world.verify(...chain, { cache, at: new Date('2060-01-01T00:00:00Z') }))).toContain('expired');
    const other = { keyUsage: ['keyEncipherment'] } as const;
    expect((await world.verify(...chain, { cache, purpose: other })).valid).toBe(false);
    expect((await world.verify(...chain, { cache, anchors: [] })).valid).toBe(false);
  });

  it('keeps nothing of a signature that does not fit, nor takes one certificate for another', async () => {
    const cache = createPathCache();
    const [leaf, middle] = [await world.leaf(), await world.intermediate()];
    const spoilt = Uint8Array.from(leaf);
    const last = spoilt.length - 1;
    spoilt[last] = (spoilt[last] ?? 0) ^ 1;
    for (const _ of [1, 2]) {
      expect(codes(await world.verify(spoilt, [middle], { cache }))).toEqual(['signature-invalid']);
      expect((await world.verify(leaf, [middle], { cache })).valid).toBe(true);
    }
    // The same names, another key.
    const stranger = await (await testWorld()).intermediate();
    expect((await world.verify(leaf, [stranger], { cache })).valid).toBe(false);
  });

  it('is bounded: what was used last stays', () => {
    const { proved } = createPathCache(2);
    for (const name of ['a', 'b']) proved.set(name, true);
    expect(proved.get('a')).toBe(true);
    proved.set('c', true);
    expect(['a', 'b', 'c'].map((name) => proved.get(name))).toEqual([true, undefined, true]);
    expect(proved.size).toBe(2);
  });
});
