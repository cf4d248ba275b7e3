import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type IdentityProvider,
  openIdentityProvider,
  organisationScope,
} from '../../src/identity/identity-provider.ts';
import { type HostileProvider, type Misbehaviour, openHostileProvider } from './support/hostile-provider.ts';

const clientId = 'hikitsugi';

describe('the relying party against a provider that lies', () => {
  let hostile: HostileProvider;
  let provider: IdentityProvider;

  beforeAll(async () => {
    hostile = await openHostileProvider(clientId);
    provider = relyingParty();
  });
  afterAll(() => hostile.close());

  function relyingParty(): IdentityProvider {
    return openIdentityProvider({
      id: 'gbizid',
      issuer: hostile.issuer,
      clientId,
      clientSecret: 'a-secret-of-the-test',
      publicOrigin: 'http://localhost:8787',
      scope: organisationScope,
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
    });
  }

  async function finish(wrong: Misbehaviour = {}, query: Readonly<Record<string, string>> = {}, from = provider) {
    const begun = await from.begin();
    if (!begun.ok) throw new Error('the log-in did not begin');
    const { state, nonce, codeVerifier } = begun.value;
    hostile.behave(nonce, wrong);
    const answer = new URLSearchParams({ code: 'a-code', state, iss: hostile.issuer, ...query });
    return from.finish(`?${answer.toString()}`, { state, nonce, codeVerifier });
  }

  it('accepts an honest answer, numbers as numbers or strings', async () => {
    const account = { issuer: hostile.issuer, subject: 'subject-1', type: 'member', corporateNumber: '7000012050002' };
    expect(await finish()).toEqual({ ok: true, value: account });
    const asText = { account_type: '3', corp_type: 1, corporate_number: '7000012050002' };
    expect(await finish({ userinfo: asText })).toEqual({ ok: true, value: account });
  });

  const now = Math.floor(Date.now() / 1000);
  const lies: readonly (readonly [string, Misbehaviour])[] = [
    ['alg none', { alg: 'none' }],
    ['HS256 with the public key as secret', { alg: 'HS256' }],
    ['an algorithm that is not this issuer’s', { alg: 'ES256' }],
    ['a signature by a key outside the key set', { foreignKey: true }],
    ['another nonce', { claims: { nonce: 'another' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['several audiences and another azp', { claims: { aud: [clientId, 'other'], azp: 'other' } }],
    ['several audiences and no azp', { claims: { aud: [clientId, 'other'] } }],
    ['another issuer', { claims: { iss: 'https://evil.example/' } }],
    ['an ID token that has expired', { claims: { iat: now - 7200, exp: now - 3600 } }],
    ['no subject', { claims: { sub: undefined } }],
    ['userinfo of another subject', { userinfo: { sub: 'subject-2' } }],
    ['a key in the header', { foreignKey: true, header: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } }],
    ['a key behind an address', { foreignKey: true, header: { jku: 'https://evil.example/jwks' } }],
  ];
  it.each(lies)('A-03 refuses %s', async (_name, wrong) => {
    expect(await finish(wrong)).toMatchObject({ ok: false, fault: { kind: 'refused' } });
  });

  it('A-01 refuses the answer of another provider', async () => {
    const mixedUp = await finish({}, { iss: 'https://other.example/' });
    expect(mixedUp).toMatchObject({ ok: false, fault: { kind: 'refused' } });
  });

  it('A-01 refuses an answer without the issuer that the metadata announce', async () => {
    const begun = await provider.begin();
    if (!begun.ok) throw new Error('the log-in did not begin');
    hostile.behave(begun.value.nonce);
    const answer = await provider.finish(`?code=a&state=${begun.value.state}`, begun.value);
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'refused' } });
  });

  it('A-02 refuses another state', async () => {
    expect(await finish({}, { state: 'another' })).toMatchObject({ ok: false, fault: { kind: 'refused' } });
  });

  it('takes a number with a wrong check digit, and any number of a sole proprietor, for none', async () => {
    const wrongDigit = await finish({ userinfo: { corporate_number: '8000012050002' } });
    expect(wrongDigit).toMatchObject({ ok: true, value: { corporateNumber: null } });
    const proprietor = await finish({ userinfo: { corp_type: 2 } });
    expect(proprietor).toMatchObject({ ok: true, value: { corporateNumber: null } });
  });

  it('knows the three account types, and no fourth', async () => {
    const types = [];
    for (const account_type of [1, '2', 3, '4']) {
      const answer = await finish({ userinfo: { account_type } });
      types.push(answer.ok ? answer.value.type : answer.fault.detail);
    }
    expect(types).toEqual(['entry', 'prime', 'member', 'unknown']);
  });

  it('calls a provider that breaks unavailable, not the person refused', async () => {
    expect(await finish({ tokenStatus: 503 })).toMatchObject({ ok: false, fault: { kind: 'unavailable' } });
    expect(await finish({ tokenStatus: 400 })).toMatchObject({ ok: false, fault: { kind: 'refused' } });
  });

  it('A-04 fetches the keys once more when they rotate, and not again within a minute', async () => {
    const fresh = relyingParty();
    expect(await finish({}, {}, fresh)).toMatchObject({ ok: true });
    await hostile.rotateKeys();
    // The key set was fetched a moment ago: a flood of unknown key ids must not become a flood of requests.
    expect(await finish({}, {}, fresh)).toMatchObject({ ok: false, fault: { kind: 'refused' } });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    try {
      expect(await finish({}, {}, fresh)).toMatchObject({ ok: true });
    } finally {
      vi.useRealTimers();
    }
  });
});
