import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VerificationKey } from '../../src/crypto/jose-key.ts';
import { checkIdToken } from '../../src/identity/check-id-token.ts';

const now = 1_790_000_000;
const good = { sub: 'subject-1', iat: now, auth_time: now - 100 };

describe('an ID token, once the library has compared what it compares', () => {
  let keys: CryptoKeyPair;
  let key: VerificationKey;

  beforeAll(async () => {
    keys = await generateKeyPair('ES256', { extractable: true });
    key = { jwk: { ...(await exportJWK(keys.publicKey)) } };
  });
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: now * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function check(
    payload: object | string,
    header: Readonly<Record<string, unknown>> = {},
    wanted = { maxAgeSeconds: 3600, mustSay: true },
  ) {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const token = await new CompactSign(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
      .sign(keys.privateKey);
    const find = async (kid: unknown) => (kid === 'k1' ? key : null);
    return checkIdToken({ token, algorithm: 'ES256', keys: { find }, wanted });
  }

  const refused = (detail: string) => ({ ok: false, fault: { kind: 'refused', detail } });

  it('says who it is, which session, and how long ago', async () => {
    const value = { subject: 'subject-1', sid: null, authenticatedSecondsAgo: 100 };
    expect(await check(good)).toEqual({ ok: true, value });
    expect(await check({ ...good, sid: 's-1' })).toEqual({ ok: true, value: { ...value, sid: 's-1' } });
    const long = 's'.repeat(255);
    expect(await check({ ...good, sid: long })).toMatchObject({ value: { sid: long } });
    expect(await check({ ...good, sid: `${long}s` })).toMatchObject({ value: { sid: null } });
    expect(await check({ ...good, sid: 7 })).toMatchObject({ value: { sid: null } });
  });

  it('is of no other kind, by whatever spelling of its own', async () => {
    for (const typ of ['JWT', 'jwt']) expect(await check(good, { typ })).toMatchObject({ ok: true });
    for (const typ of ['at+jwt', 'jwt+at', 7]) {
      expect(await check(good, { typ })).toMatchObject({ ok: false });
    }
    expect(await check(good, { typ: 'jwt+at' })).toEqual(refused('id-token:type-mismatch'));
  });

  it('is signed by a key of the set, and holds claims', async () => {
    expect(await check(good, { kid: 'k2' })).toEqual(refused('id-token:key-unknown'));
    expect(await check('[]')).toEqual(refused('id-token:claims-invalid'));
    expect(await check({ ...good, sub: undefined })).toEqual(refused('id-token:claims-invalid'));
  });

  it('is not of the future, beyond what clocks differ', async () => {
    const at = (iat: number | undefined) => check({ ...good, iat });
    expect(await at(now + 30)).toMatchObject({ ok: true });
    expect(await at(now + 31)).toEqual(refused('id-token:issued-in-the-future'));
    expect(await at(undefined)).toEqual(refused('id-token:issued-in-the-future'));
  });

  it('says when, where that must be said, and not too long ago', async () => {
    const at = (auth_time: unknown, mustSay = true) =>
      check({ ...good, auth_time }, {}, { maxAgeSeconds: 3600, mustSay });
    expect(await at(now - 3630)).toMatchObject({ value: { authenticatedSecondsAgo: 3630 } });
    expect(await at(now - 3631)).toEqual(refused('auth-time-old'));
    expect(await at(now - 3631, false)).toEqual(refused('auth-time-old'));
    expect(await at(now + 30)).toMatchObject({ value: { authenticatedSecondsAgo: 0 } });
    expect(await at(now + 31)).toEqual(refused('auth-time-in-the-future'));
    expect(await at(undefined)).toEqual(refused('auth-time-missing'));
    expect(await at(undefined, false)).toMatchObject({ value: { authenticatedSecondsAgo: null } });
    expect(await at('now')).toEqual(refused('auth-time-malformed'));
  });
});
