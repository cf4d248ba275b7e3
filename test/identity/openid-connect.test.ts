import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type IdentityProvider,
  openIdentityProvider,
  organisationScope,
} from '../../src/identity/identity-provider.ts';
import { type HostileProvider, type Misbehaviour, openHostileProvider } from './support/hostile-provider.ts';

const clientId = 'hikitsugi';
const secret = 'a-secret-of-the-test';
const hour = { maxAgeSeconds: 3600, mustSay: false };

describe('the relying party against a provider that lies', () => {
  let hostile: HostileProvider;
  let provider: IdentityProvider;

  beforeAll(async () => {
    hostile = await openHostileProvider(clientId);
    provider = relyingParty();
  });
  afterAll(() => hostile.close());
  afterEach(() => {
    hostile.announce({});
    hostile.behave('');
  });

  function relyingParty(
    more: { readonly timeoutSeconds?: number; readonly issuer?: string; readonly id?: string } = {},
  ): IdentityProvider {
    return openIdentityProvider({
      id: 'gbizid',
      issuer: hostile.issuer,
      clientId,
      clientSecret: secret,
      publicOrigin: 'http://localhost:8787',
      scope: organisationScope,
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
      ...more,
    });
  }

  interface How {
    readonly query?: Readonly<Record<string, string>>;
    readonly from?: IdentityProvider;
    readonly wanted?: { readonly maxAgeSeconds: number; readonly mustSay: boolean };
  }

  async function finish(wrong: Misbehaviour = {}, { query = {}, from = provider, wanted = hour }: How = {}) {
    const begun = await from.begin({ maxAgeSeconds: wanted.maxAgeSeconds });
    if (!begun.ok) return begun;
    hostile.behave(begun.value.nonce, wrong);
    const answer = new URLSearchParams({ code: 'a-code', state: begun.value.state, iss: hostile.issuer, ...query });
    return from.finish({ query: `?${answer.toString()}`, secrets: begun.value, wanted });
  }

  it('accepts an honest answer, numbers as numbers or strings', async () => {
    const account = {
      issuer: hostile.issuer,
      subject: 'subject-1',
      type: 'member',
      corporateNumber: '7000012050002',
      name: null,
      contactMail: null,
    };
    const value = { account, subject: 'subject-1', sid: null, authenticatedSecondsAgo: null };
    expect(await finish()).toEqual({ ok: true, value });
    const asText = { account_type: '3', corp_type: 1, corporate_number: '7000012050002' };
    expect(await finish({ userinfo: asText })).toEqual({ ok: true, value });
    // What a provider may say and nobody here looks at.
    expect(await finish({ header: { x5t: 'AQAB', typ: 'JWT' }, claims: { sid: 's-1' } })).toEqual({
      ok: true,
      value: { ...value, sid: 's-1' },
    });
  });

  const now = Math.floor(Date.now() / 1000);
  const lies: readonly (readonly [string, Misbehaviour, string])[] = [
    ['alg none', { alg: 'none' }, 'OAUTH_INVALID_RESPONSE'],
    ['HS256 with the public key as secret', { alg: 'HS256' }, 'OAUTH_INVALID_RESPONSE'],
    ['an algorithm that is not this issuer’s', { alg: 'ES256' }, 'OAUTH_INVALID_RESPONSE'],
    ['a signature by a key outside the key set', { foreignKey: true }, 'id-token:signature-invalid'],
    ['a key id that the set does not have', { header: { kid: 'unknown' } }, 'id-token:key-unknown'],
    ['another nonce', { claims: { nonce: 'another' } }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
    ['no nonce', { claims: { nonce: undefined } }, 'OAUTH_INVALID_RESPONSE'],
    ['another audience', { claims: { aud: 'somebody-else' } }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
    [
      'several audiences and another azp',
      { claims: { aud: [clientId, 'other'], azp: 'other' } },
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
    ],
    ['several audiences and no azp', { claims: { aud: [clientId, 'other'] } }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
    ['another issuer', { claims: { iss: 'https://evil.example/' } }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
    [
      'an ID token that has expired',
      { claims: { iat: now - 7200, exp: now - 3600 } },
      'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
    ],
    ['an ID token of tomorrow', { claims: { iat: now + 86_400, exp: now + 90_000 } }, 'id-token:issued-in-the-future'],
    ['an ID token without a time of issue', { claims: { iat: undefined } }, 'OAUTH_INVALID_RESPONSE'],
    ['no subject', { claims: { sub: undefined } }, 'OAUTH_INVALID_RESPONSE'],
    ['userinfo of another subject', { userinfo: { sub: 'subject-2' } }, 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'],
    ['a key in the header', { header: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } }, 'id-token:header-not-allowed'],
    ['a key behind an address', { header: { jku: 'https://evil.example/jwks' } }, 'id-token:header-not-allowed'],
    ['a chain behind an address', { header: { x5u: 'https://evil.example/chain' } }, 'id-token:header-not-allowed'],
    ['a log-out token for an ID token', { header: { typ: 'logout+jwt' } }, 'id-token:type-mismatch'],
    ['an access token for an ID token', { header: { typ: 'at+jwt' } }, 'id-token:type-mismatch'],
    ['an authentication of the day before yesterday', { claims: { auth_time: now - 172_800 } }, 'auth-time-old'],
    ['an authentication that is yet to come', { claims: { auth_time: now + 3600 } }, 'auth-time-in-the-future'],
    ['an authentication time that is no number', { claims: { auth_time: 'now' } }, 'OAUTH_INVALID_RESPONSE'],
  ];
  it.each(lies)('A-03 refuses %s', async (_name, wrong, detail) => {
    expect(await finish(wrong)).toEqual({ ok: false, fault: { kind: 'refused', detail } });
  });

  it('is known by what its settings say', async () => {
    const { id, issuer, origin, clientId: client, idTokenAlgorithm, authTime } = relyingParty();
    expect({ id, issuer, client, idTokenAlgorithm, authTime }).toEqual({
      id: 'gbizid',
      issuer: hostile.issuer,
      client: clientId,
      idTokenAlgorithm: 'RS256',
      authTime: 'required',
    });
    expect(origin).toBe(hostile.issuer.slice(0, -1));
    const keys = await provider.keys();
    expect(keys.ok && (await keys.value.find('k1'))).toMatchObject({ jwk: { kid: 'k1', alg: 'RS256' } });
    // GBizID wants all of these named each time.
    const begun = await provider.begin(hour);
    const scope = begun.ok ? new URL(begun.value.location).searchParams.get('scope') : null;
    expect(scope).toBe('openid profile user mandate email');
  });

  it('never asks an address that a token names', async () => {
    const before = hostile.asked('elsewhere');
    await finish({ header: { jku: `${hostile.issuer}elsewhere` } });
    await finish({ header: { x5u: `${hostile.issuer}elsewhere` } });
    expect(hostile.asked('elsewhere')).toBe(before);
  });

  describe('in the answer of the browser', () => {
    it('A-01 refuses the answer of another provider', async () => {
      expect(await finish({}, { query: { iss: 'https://other.example/' } })).toMatchObject({
        ok: false,
        fault: { kind: 'refused' },
      });
    });

    it('A-01 refuses an answer without the issuer that the metadata announce', async () => {
      const begun = await provider.begin(hour);
      if (!begun.ok) throw new Error('the log-in did not begin');
      hostile.behave(begun.value.nonce);
      const query = `?code=a&state=${begun.value.state}`;
      const answer = await provider.finish({ query, secrets: begun.value, wanted: hour });
      expect(answer).toMatchObject({ ok: false, fault: { kind: 'refused' } });
    });

    it('A-01 looks at the issuer also where it is not announced, and lets it be missing there alone', async () => {
      hostile.announce({ authorization_response_iss_parameter_supported: undefined });
      const quiet = relyingParty();
      expect(await finish({}, { from: quiet, query: { iss: 'https://other.example/' } })).toMatchObject({ ok: false });
      const begun = await quiet.begin(hour);
      if (!begun.ok) throw new Error('the log-in did not begin');
      hostile.behave(begun.value.nonce);
      const query = `?code=a&state=${begun.value.state}`;
      expect(await quiet.finish({ query, secrets: begun.value, wanted: hour })).toMatchObject({ ok: true });
    });

    it('A-02 refuses another state, none, and two', async () => {
      const refused = { ok: false, fault: { kind: 'refused' } };
      expect(await finish({}, { query: { state: 'another' } })).toMatchObject(refused);
      const begun = await provider.begin(hour);
      if (!begun.ok) throw new Error('the log-in did not begin');
      for (const state of ['', `&state=${begun.value.state}&state=${begun.value.state}`]) {
        const query = `?code=a&iss=${encodeURIComponent(hostile.issuer)}${state}`;
        expect(await provider.finish({ query, secrets: begun.value, wanted: hour })).toMatchObject(refused);
      }
    });

    it('refuses an answer by fragment or implicit flow: a token in the address is no code', async () => {
      const begun = await provider.begin(hour);
      if (!begun.ok) throw new Error('the log-in did not begin');
      const query = `?state=${begun.value.state}&iss=${encodeURIComponent(hostile.issuer)}&id_token=a.b.c&access_token=x`;
      const answer = await provider.finish({ query, secrets: begun.value, wanted: hour });
      expect(answer).toMatchObject({ ok: false, fault: { kind: 'refused' } });
    });
  });

  describe('in a step-up', () => {
    const stepUp = { maxAgeSeconds: 0, mustSay: true };

    it('asks for a log-in now: prompt=login and max_age=0, and at other times for none older than a session', async () => {
      const again = await provider.begin({ maxAgeSeconds: 0 });
      const usual = await provider.begin({ maxAgeSeconds: 43_200 });
      if (!again.ok || !usual.ok) throw new Error('the log-in did not begin');
      const parameters = (text: string) => new URL(text).searchParams;
      expect(parameters(again.value.location).get('prompt')).toBe('login');
      expect(parameters(again.value.location).get('max_age')).toBe('0');
      expect(parameters(usual.value.location).get('prompt')).toBeNull();
      expect(parameters(usual.value.location).get('max_age')).toBe('43200');
    });

    it('refuses a provider that does not say when, or says long ago, and takes one that says now', async () => {
      const at = Math.floor(Date.now() / 1000);
      const silent = await finish({}, { wanted: stepUp });
      expect(silent).toEqual({ ok: false, fault: { kind: 'refused', detail: 'auth-time-missing' } });
      const old = await finish({ claims: { auth_time: at - 600 } }, { wanted: stepUp });
      expect(old).toEqual({ ok: false, fault: { kind: 'refused', detail: 'auth-time-old' } });
      const fresh = await finish({ claims: { auth_time: at - 5 } }, { wanted: stepUp });
      expect(fresh).toMatchObject({ ok: true });
    });

    it('measures by the provider’s own clock, so that one that goes wrong makes nobody younger', async () => {
      const at = Math.floor(Date.now() / 1000);
      const behind = { iat: at - 25, auth_time: at - 625 };
      expect(await finish({ claims: behind }, { wanted: stepUp })).toMatchObject({
        fault: { detail: 'auth-time-old' },
      });
      const answer = await finish({ claims: { iat: at - 25, auth_time: at - 85 } }, { wanted: hour });
      expect(answer).toMatchObject({ ok: true, value: { authenticatedSecondsAgo: 60 } });
    });
  });

  describe('in what the provider offers', () => {
    it('sends PKCE S256 always, and refuses a provider that announces plain alone', async () => {
      hostile.announce({ code_challenge_methods_supported: ['plain'] });
      const plain = await relyingParty().begin(hour);
      expect(plain).toEqual({ ok: false, fault: { kind: 'refused', detail: 'pkce-unsupported' } });
      hostile.announce({ code_challenge_methods_supported: ['plain', 'S256'] });
      const both = await relyingParty().begin(hour);
      if (!both.ok) throw new Error('the log-in did not begin');
      expect(new URL(both.value.location).searchParams.get('code_challenge_method')).toBe('S256');
      await finish();
      expect(hostile.lastForm().get('code_verifier')).toMatch(/^[\w-]{43}$/);
    });

    it('pushes the request where the provider takes it: the browser carries a reference and no more', async () => {
      hostile.announce({ pushed_authorization_request_endpoint: `${hostile.issuer}par` });
      const begun = await relyingParty().begin({ maxAgeSeconds: 0 });
      if (!begun.ok) throw new Error('the log-in did not begin');
      const { searchParams } = new URL(begun.value.location);
      expect([...searchParams.keys()].toSorted()).toEqual(['client_id', 'request_uri']);
      const pushed = hostile.lastForm();
      expect(pushed.get('code_challenge_method')).toBe('S256');
      expect([pushed.get('prompt'), pushed.get('max_age'), pushed.get('state')]).toEqual([
        'login',
        '0',
        begun.value.state,
      ]);
    });

    it.each([
      ['a trailing slash less', (issuer: string) => issuer.slice(0, -1), 'issuer-differs'],
      ['another spelling of the host', (issuer: string) => issuer.replace('localhost', 'LOCALHOST'), 'issuer-differs'],
      ['another path', (issuer: string) => `${issuer}other`, 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'],
    ])('refuses metadata whose issuer has %s', async (_name, other, detail) => {
      hostile.announce({ issuer: other(hostile.issuer) });
      expect(await relyingParty().begin(hour)).toEqual({ ok: false, fault: { kind: 'refused', detail } });
    });

    it('asks without TLS on this very machine alone', async () => {
      const numeric = hostile.issuer.replace('localhost', '127.0.0.1');
      hostile.announce({ issuer: numeric });
      expect(await relyingParty({ issuer: numeric }).begin(hour)).toMatchObject({ ok: true });
      // Nobody listens there: the question was put all the same.
      const six = relyingParty({ issuer: hostile.issuer.replace('localhost', '[::1]') });
      expect(await six.begin(hour)).toMatchObject({ ok: false, fault: { kind: 'unavailable' } });
    });

    it('takes keys and tokens from nowhere but over TLS, as the issuer itself', async () => {
      const http = openIdentityProvider({
        id: 'x',
        issuer: 'http://idp.example/',
        clientId,
        clientSecret: secret,
        publicOrigin: 'http://localhost:8787',
        scope: 'openid',
        idTokenAlgorithm: 'RS256',
        timeoutSeconds: 1,
      });
      const insecure = { kind: 'refused', detail: 'OAUTH_HTTP_REQUEST_FORBIDDEN' };
      expect(await http.begin(hour)).toEqual({ ok: false, fault: insecure });
      for (const jwks_uri of [undefined, 'https://keys.example/jwks']) {
        hostile.announce({ jwks_uri });
        const nowhere = { kind: 'refused', detail: 'keys-nowhere' };
        expect(await relyingParty().begin(hour)).toEqual({ ok: false, fault: nowhere });
      }
    });
  });

  describe('A-05 when the provider is not what it should be', () => {
    const broken: readonly (readonly [string, NonNullable<Misbehaviour['instead']>])[] = (
      ['discovery', 'token', 'jwks', 'userinfo'] as const
    ).flatMap((at) =>
      (['redirect', 'huge', 'silence', 'html', 'error'] as const).map(
        (what) => [`${what} at ${at}`, { at, what }] as const,
      ),
    );
    it.each(broken)('calls %s unavailable, soon, and follows nothing', async (_name, instead) => {
      const followed = hostile.asked('elsewhere');
      const from = relyingParty({ timeoutSeconds: 1 });
      // Discovery happens at the first use: only its own failures come before the log-in begins.
      if (instead.at === 'discovery') hostile.behave('', { instead });
      const answer = await finish({ instead }, { from });
      expect(answer).toMatchObject({ ok: false, fault: { kind: 'unavailable' } });
      expect(hostile.asked('elsewhere')).toBe(followed);
      hostile.behave('');
      expect(await finish({}, { from })).toMatchObject({ ok: true });
    });

    it('tells a provider that breaks from one that refuses the code', async () => {
      expect(await finish({ tokenStatus: 503 })).toMatchObject({ ok: false, fault: { kind: 'unavailable' } });
      expect(await finish({ tokenStatus: 400 })).toMatchObject({ ok: false, fault: { kind: 'refused' } });
    });
  });

  it('takes a number with a wrong check digit, and any number of a sole proprietor, for none', async () => {
    const wrongDigit = await finish({ userinfo: { corporate_number: '8000012050002' } });
    expect(wrongDigit).toMatchObject({ ok: true, value: { account: { corporateNumber: null } } });
    const proprietor = await finish({ userinfo: { corp_type: 2 } });
    expect(proprietor).toMatchObject({ ok: true, value: { account: { corporateNumber: null } } });
  });

  it('knows the three account types, and no fourth', async () => {
    const types = [];
    for (const account_type of [1, '2', 3, '4']) {
      const answer = await finish({ userinfo: { account_type } });
      types.push(answer.ok ? answer.value.account.type : answer.fault.detail);
    }
    expect(types).toEqual(['entry', 'prime', 'member', 'unknown']);
  });

  it('A-04 fetches the keys once more when they rotate in mid-login, and not again within a minute', async () => {
    const fresh = relyingParty();
    const fetched = () => hostile.asked('jwks');
    const start = fetched();
    expect(await finish({}, { from: fresh })).toMatchObject({ ok: true });
    expect(fetched()).toBe(start + 1);
    await hostile.rotateKeys();
    expect(await finish({}, { from: fresh })).toMatchObject({ ok: true });
    expect(fetched()).toBe(start + 2);
    // A flood of unknown key ids must not become a flood of requests.
    const flood = await Promise.all(
      Array.from({ length: 20 }, async () => finish({ header: { kid: crypto.randomUUID() } }, { from: fresh })),
    );
    expect(flood.every(({ ok }) => !ok)).toBe(true);
    expect(fetched()).toBe(start + 2);
    await hostile.rotateKeys();
    expect(await finish({}, { from: fresh })).toMatchObject({ ok: false, fault: { kind: 'refused' } });
    expect(fetched()).toBe(start + 2);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    try {
      expect(await finish({}, { from: fresh })).toMatchObject({ ok: true });
      expect(fetched()).toBe(start + 3);
    } finally {
      vi.useRealTimers();
    }
  });

  it('A-04 forgets a key that the provider has taken back, within an hour', async () => {
    const fresh = relyingParty();
    expect(await finish({}, { from: fresh })).toMatchObject({ ok: true });
    const fetched = hostile.asked('jwks');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 });
    try {
      expect(await finish({}, { from: fresh })).toMatchObject({ ok: true });
      expect(hostile.asked('jwks')).toBe(fetched + 1);
    } finally {
      vi.useRealTimers();
    }
  });
});
