import { deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signCompactJwt } from '../../src/crypto/jose.ts';
import { toBase64, toBase64url } from '../../src/crypto/jose-encoding.ts';
import { randomBelow, systemRandom } from '../../src/crypto/random.ts';
import { packStatuses, readStatus, statusListSize } from '../../src/crypto/status-list/entries.ts';
import { deflate, inflateBounded } from '../../src/crypto/status-list/inflate.ts';
import type { CredentialStatus } from '../../src/crypto/status-list/reference.ts';
import { signStatusList } from '../../src/crypto/status-list/sign.ts';
import { maxListBytes, statusOf, statusSourceOf, verifyStatusList } from '../../src/crypto/status-list/verify.ts';
import { crlSource } from '../../src/crypto/x509/crl.ts';
import { createTestAuthority, now } from './support/authorities.ts';
import { createCredentialWorld, day, issuer, listUri } from './support/credentials.ts';
import { valueOf } from './support/trust.ts';

const world = await createCredentialWorld();
const { authority, school, trust } = world;
const given: readonly (readonly [number, CredentialStatus])[] = [
  [7, 'revoked'],
  [8, 'suspended'],
  [9, 'superseded'],
  [statusListSize - 1, 'revoked'],
];
const entries = packStatuses(statusListSize, given);
const expiresAt = new Date(now.getTime() + 2 * day);
const toSign = { uri: listUri, issuedAt: now, expiresAt, ttlSeconds: 3600, entries, signer: school.signer };
const token = await signStatusList(toSign);
const list = valueOf(await verifyStatusList({ ...trust, token }));
const ask = (index: number, change: Partial<Parameters<typeof statusOf>[1]> = {}) =>
  statusOf(list, { reference: { uri: listUri, index }, issuer, at: now, ...change });

/** A list with other claims, signed by the school itself. */
async function signed(change: Record<string, unknown>, header: Record<string, unknown> = {}) {
  const lst = toBase64url(await deflate(entries));
  const iat = Math.floor(now.getTime() / 1000);
  const claims = { sub: listUri, iat, exp: iat + 86_400, ttl: 3600, status_list: { bits: 2, lst }, ...change };
  const all = { typ: 'statuslist+jwt', x5c: school.signer.chain.map(toBase64), ...header };
  return signCompactJwt({ claims, header: all, signer: school.signer });
}

const reasonOf = async (wrong: unknown, change: Partial<Parameters<typeof verifyStatusList>[0]> = {}) => {
  const verified = await verifyStatusList({ ...trust, token: wrong, ...change });
  return verified.ok ? 'accepted' : verified.fault;
};

describe('a status list', () => {
  it('tells valid, revoked, suspended and superseded apart', () => {
    expect([0, 6, 7, 8, 9, 10, statusListSize - 1].map((index) => ask(index).status)).toEqual([
      'valid',
      'valid',
      'revoked',
      'suspended',
      'superseded',
      'valid',
      'revoked',
    ]);
  });

  it('is small, however many credentials it hides', async () => {
    expect(statusListSize).toBeGreaterThan(100_000);
    const empty = await deflate(packStatuses(statusListSize, []));
    expect(empty.length).toBeLessThan(100);
    expect(token.length).toBeLessThan(3000);
  });

  it('is what an independent reader of the draft reads', () => {
    const [, body = ''] = token.split('.');
    // Sound: signStatusList has written it; the values below are read by hand.
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
      readonly sub: string;
      readonly status_list: { readonly bits: number; readonly lst: string };
    };
    const bytes = inflateSync(Buffer.from(claims.status_list.lst, 'base64url'));
    const bits = (index: number) =>
      [0, 1].map((bit) => ((bytes[(index * 2 + bit) >> 3] ?? 0) >> ((index * 2 + bit) & 7)) & 1);
    expect([claims.sub, claims.status_list.bits, bytes.length]).toEqual([listUri, 2, statusListSize / 4]);
    expect([7, 8, 9].map(bits)).toEqual([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  it('reads the example of the draft with one and with two bits', () => {
    // draft-ietf-oauth-status-list §4.1: 0xB9 0xA3, and 0xC9 0x44 0xF9.
    const one = Array.from({ length: 16 }, (_, index) => readStatus(Uint8Array.of(0xb9, 0xa3), 1, index));
    expect(one).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    const two = Array.from({ length: 12 }, (_, index) => readStatus(Uint8Array.of(0xc9, 0x44, 0xf9), 2, index));
    expect(two).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    expect(readStatus(Uint8Array.of(0xc9), 2, 4)).toBeNull();
  });

  it('gives back whatever was put in, entry by entry', () => {
    const status = fc.constantFrom<CredentialStatus>('valid', 'revoked', 'suspended', 'superseded');
    fc.assert(
      fc.property(fc.array(status, { maxLength: 70 }), (all) => {
        const bytes = packStatuses(all.length, all.entries());
        const values = ['valid', 'revoked', 'suspended', 'superseded'];
        expect(all.map((_, index) => values[readStatus(bytes, 2, index) ?? 9])).toEqual(all);
      }),
    );
    expect(() => packStatuses(4, [[4, 'valid']])).toThrow(RangeError);
    expect(() => packStatuses(4, [[-1, 'valid']])).toThrow(RangeError);
  });

  it('says nothing when it is another list, another issuer’s, too old, too young or too short', () => {
    const at = (ms: number) => ({ at: new Date(now.getTime() + ms) });
    const cases = [
      [ask(7, { reference: { uri: `${listUri}/2`, index: 7 } }), 'list-uri-mismatch'],
      [ask(7, { issuer: 'https://hikitsugi.example/schools/other' }), 'list-issuer-mismatch'],
      [ask(0, at(3 * day)), 'list-expired'],
      [ask(0, at(-day)), 'list-not-yet-valid'],
      [ask(0, { fetchedAt: new Date(now.getTime() - 3601_000) }), 'list-stale'],
      [ask(statusListSize), 'index-out-of-range'],
      [
        statusOf(
          { ...list, bits: 4, entries: Uint8Array.of(0x05) },
          { reference: { uri: listUri, index: 0 }, issuer, at: now },
        ),
        'value-unknown',
      ],
    ] as const;
    for (const [answer, reason] of cases) expect(answer).toEqual({ status: 'unknown', reason });
    expect(ask(7, { fetchedAt: new Date(now.getTime() - 3500_000) })).toEqual({ status: 'revoked' });
  });

  it('decides about a credential that names it', async () => {
    const source = statusSourceOf([{ list }], now);
    const verdicts = await Promise.all(
      [6, 7, 8, 9, statusListSize].map(async (index) => {
        const presentation = await world.issue({ status: { uri: listUri, index } });
        const { status, reasons } = await world.verify(presentation, { status: source });
        return [status, ...reasons];
      }),
    );
    expect(verdicts).toEqual([
      ['valid'],
      ['revoked', 'status-revoked'],
      ['suspended', 'status-suspended'],
      ['superseded', 'status-superseded'],
      ['unknown', 'status-unknown'],
    ]);
    const elsewhere = await world.issue({ status: { uri: `${listUri}/9`, index: 6 } });
    expect(await world.verify(elsewhere, { status: source })).toMatchObject({
      statusAnswer: { reason: 'list-missing' },
      reasons: ['status-unknown'],
    });
    const later = statusSourceOf([{ list }], new Date(now.getTime() + 3 * day));
    const presentation = await world.issue({ status: { uri: listUri, index: 6 } });
    expect((await world.verify(presentation, { status: later })).reasons).toEqual(['status-unknown']);
  });
});

describe('a status list that is not to be believed', () => {
  it('has a reason of its own for each fault', async () => {
    const foreign = await createTestAuthority('別');
    const stranger = await foreign.issue({ algorithm: 'ES256', uri: issuer });
    const lst = toBase64url(await deflate(entries));
    const cut = toBase64url((await deflate(entries)).subarray(0, -5));
    const longer = toBase64url(Uint8Array.of(...(await deflate(entries)), 0));
    const raw = toBase64url(deflateRawSync(entries));
    const badSum = Buffer.from(await deflate(entries));
    badSum[badSum.length - 1] = (badSum.at(-1) ?? 0) ^ 1;
    const iat = Math.floor(now.getTime() / 1000);
    const [header = '', body = '', signature = ''] = token.split('.');
    const cases = [
      [7, 'malformed'],
      ['', 'malformed'],
      [`${header}.${body}`, 'malformed'],
      [`${header}.${body}.${signature}=`, 'malformed'],
      [`${header}.${body}A.${signature}`, body.length % 4 === 0 ? 'malformed' : 'signature-invalid'],
      [`${header}.${body.slice(0, -4)}.${signature}`, 'signature-invalid'],
      ['A'.repeat(2 * 1024 * 1024 + 1), 'list-too-large'],
      [await signStatusList({ ...toSign, signer: stranger.signer }), 'issuer-unknownRoot'],
      [await signed({}, { typ: 'JWT' }), 'type-mismatch'],
      [await signed({}, { typ: 'dc+sd-jwt' }), 'type-mismatch'],
      [await signed({}, { kid: 'x' }), 'header-not-allowed'],
      [await signed({}, { x5c: ['AA'] }), 'certificate-malformed'],
      [await signed({}, { x5c: stranger.signer.chain.map(toBase64) }), 'signature-invalid'],
      [await signed({ status_list: { bits: 2, lst: cut } }), 'list-malformed'],
      [await signed({ status_list: { bits: 2, lst: longer } }), 'list-malformed'],
      [await signed({ status_list: { bits: 2, lst: raw } }), 'list-malformed'],
      [await signed({ status_list: { bits: 2, lst: toBase64url(badSum) } }), 'list-malformed'],
      [await signed({ status_list: { bits: 2, lst: `${lst}=` } }), 'list-malformed'],
      [await signed({ status_list: { bits: 2, lst: '' } }), 'list-malformed'],
      [await signed({ status_list: { bits: 3, lst } }), 'list-malformed'],
      [await signed({ status_list: [lst] }), 'list-malformed'],
      [await signed({ sub: undefined }), 'list-malformed'],
      [await signed({ exp: undefined }), 'list-malformed'],
      [await signed({ exp: iat }), 'list-malformed'],
      [await signed({ ttl: undefined }), 'list-malformed'],
      [await signed({ ttl: -1 }), 'list-malformed'],
      [await signed({ more: [[[[1]]]] }), 'json-too-deep'],
    ] as const;
    for (const [wrong, reason] of cases) expect([wrong, await reasonOf(wrong)]).toEqual([wrong, reason]);
    expect(await reasonOf(token)).toBe('accepted');
    expect(await reasonOf(token, { revocation: crlSource(await authority.revoke([school.serial]), { now }) })).toBe(
      'issuer-revoked',
    );
    expect(await reasonOf(token, { notBefore: new Date(now.getTime() + 1000) })).toBe('list-older-than-known');
    expect(await reasonOf(token, { notBefore: now })).toBe('accepted');
  });

  it('may be a bomb: it is not inflated beyond its bound', async () => {
    const bomb = deflateSync(Buffer.alloc(256 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(300_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(await inflateBounded(new Uint8Array(bomb), maxListBytes)).toBeNull();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    expect(await reasonOf(await signed({ status_list: { bits: 2, lst: toBase64url(new Uint8Array(bomb)) } }))).toBe(
      'list-malformed',
    );
  });

  it('inflates exactly what it may', async () => {
    const full = new Uint8Array(maxListBytes).fill(0x5a);
    const packed = await deflate(full);
    expect(await inflateBounded(packed, maxListBytes)).toEqual(full);
    expect(await inflateBounded(packed, maxListBytes - 1)).toBeNull();
  });

  it('is never taken for anything when its bytes are damaged', async () => {
    const content = crypto.getRandomValues(new Uint8Array(2000));
    const packed = await deflate(content);
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const damaged = await inflateBounded(packed.with(at, (packed[at] ?? 0) ^ mask), 4096);
        // A stored block begins with bits that nobody reads (RFC 1951 §3.2.4): the same content, or none.
        expect(damaged === null || Buffer.from(damaged).equals(content)).toBe(true);
        expect(await inflateBounded(packed.subarray(0, at), 4096)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });
});

describe('the place of a credential in a list', () => {
  it('is any of them', () => {
    const drawn = Array.from({ length: 200 }, () => randomBelow(statusListSize, systemRandom));
    expect(new Set(drawn).size).toBeGreaterThan(190);
    expect(drawn.every((index) => index >= 0 && index < statusListSize)).toBe(true);
  });

  it('throws away the draws that would make small numbers likelier', () => {
    const draws = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 5];
    const pinned = (count: number) => Uint8Array.from(draws.splice(0, count));
    expect(randomBelow(3, pinned)).toBe(2);
  });
});
