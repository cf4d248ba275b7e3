import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import { type IdentityProvider, openIdentityProvider } from '../../src/demo/identity-provider.node.ts';
import { demoAccounts } from '../../src/demo/staff.ts';

const client = { id: 'hikitsugi', secret: 'a-secret-of-the-test', redirectUris: ['http://localhost:8787/callback'] };
const callback = 'http://localhost:8787/callback';

describe('the development identity provider', () => {
  let provider: IdentityProvider;
  let configuration: oidc.Configuration;

  beforeAll(async () => {
    provider = await openIdentityProvider({ port: 0, accounts: demoAccounts, client });
    configuration = await oidc.discovery(
      new URL(provider.issuer),
      client.id,
      undefined,
      oidc.ClientSecretBasic(client.secret),
      {
        execute: [oidc.allowInsecureRequests],
      },
    );
  });
  afterAll(() => provider.close());

  async function logIn(subject: string) {
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const nonce = oidc.randomNonce();
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: callback,
      scope: 'openid profile user mandate email',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const returned = await chooseAccount(url, subject);
    const tokens = await oidc.authorizationCodeGrant(configuration, returned, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    });
    return { tokens, claims: tokens.claims() };
  }

  it('has an issuer with path and trailing slash, equal in its metadata', () => {
    expect(provider.issuer).toMatch(/\/oauth\/$/);
    expect(configuration.serverMetadata().issuer).toBe(provider.issuer);
  });

  it('has a thin ID token: nothing of the person or the organisation', async () => {
    const { claims } = await logIn('juniorHigh-clerk');
    expect(Object.keys(claims ?? {}).toSorted()).toEqual(['aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sub']);
    expect(claims?.sub).toBe('juniorHigh-clerk');
  });

  it('gives everything else in userinfo, values as string or number', async () => {
    for (const account of demoAccounts.filter(({ subject }) =>
      ['juniorHigh-clerk', 'elementary-clerk'].includes(subject),
    )) {
      const { tokens } = await logIn(account.subject);
      const userinfo = await oidc.fetchUserInfo(configuration, tokens.access_token, account.subject);
      expect(userinfo).toMatchObject({ sub: account.subject, user_last_nm: account.name.split('　')[0] });
      expect([3, '3']).toContain(userinfo['account_type']);
      expect([Number(account.founderNumber), account.founderNumber]).toContain(userinfo['corporate_number']);
    }
  });

  it('knows accounts of all three types, and sends both kinds of value', () => {
    expect(new Set(demoAccounts.map((account) => account.accountType))).toEqual(new Set([1, 2, 3]));
  });

  it('limits the life of its tokens to one hour', async () => {
    const { tokens, claims } = await logIn('entry');
    expect(tokens.expires_in).toBe(3600);
    expect((claims?.exp ?? 0) - (claims?.iat ?? 0)).toBe(3600);
  });

  it('asks again at the next log-in, so that another person can be chosen', async () => {
    const first = await logIn('juniorHigh-clerk');
    const second = await logIn('juniorHigh-principal');
    expect([first.claims?.sub, second.claims?.sub]).toEqual(['juniorHigh-clerk', 'juniorHigh-principal']);
  });

  it('refuses a code without its PKCE verifier', async () => {
    const verifier = oidc.randomPKCECodeVerifier();
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: callback,
      scope: 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const returned = await chooseAccount(url, 'entry');
    await expect(
      oidc.authorizationCodeGrant(configuration, returned, { pkceCodeVerifier: oidc.randomPKCECodeVerifier() }),
    ).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('lists every account on a page that needs no script', async () => {
    const url = oidc.buildAuthorizationUrl(configuration, { redirect_uri: callback, scope: 'openid' });
    const started = await fetch(url, { redirect: 'manual' });
    const cookies = started.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    const page = await fetch(new URL(started.headers.get('location') ?? '', url), {
      headers: { cookie: cookies.join('; ') },
    });
    const html = await page.text();
    expect(html).not.toContain('<script');
    for (const account of demoAccounts) expect(html).toContain(`value="${account.subject}"`);
  });

  it('returns access_denied when the person cancels', async () => {
    const url = oidc.buildAuthorizationUrl(configuration, { redirect_uri: callback, scope: 'openid', state: 'x' });
    const returned = await chooseAccount(url, 'nobody');
    expect(returned.searchParams.get('error')).toBe('access_denied');
  });
});
