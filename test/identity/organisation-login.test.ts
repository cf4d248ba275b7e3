import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import {
  type IdentityProvider,
  openIdentityProvider as openDemoProvider,
} from '../../src/demo/identity-provider.node.ts';
import { demoAccounts } from '../../src/demo/staff.ts';
import { openIdentityProvider, organisationScope } from '../../src/identity/identity-provider.ts';
import { Browser } from './support/browser.ts';
import { eventsOf, refusalsOf } from './support/log.ts';
import { membershipId, openWorld, origin, schoolCode, testApp, type World } from './support/world.ts';

const client = { id: 'hikitsugi', secret: 'a-secret-of-the-test', redirectUris: [`${origin}/login/callback/gbizid`] };

describe('the organisation log-in', () => {
  let provider: IdentityProvider;
  let world: World;

  beforeAll(async () => {
    provider = await openDemoProvider({ port: 0, accounts: demoAccounts, client });
    world = await openWorld({ issuer: provider.issuer, identityProviders: [relyingParty(provider.issuer)] });
  });
  afterAll(async () => {
    await provider.close();
    await world.drop();
  });

  function relyingParty(issuer: string) {
    return openIdentityProvider({
      id: 'gbizid',
      issuer,
      clientId: client.id,
      clientSecret: client.secret,
      publicOrigin: origin,
      scope: organisationScope,
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
    });
  }

  /** The browser's way up to the provider's answer, which the test may then bring back, or not. */
  async function answerFor(browser: Browser, subject: string): Promise<URL> {
    const begun = await browser.submit('/login/organisation/gbizid', { next: '/cases' });
    expect(begun.status).toBe(303);
    return chooseAccount(new URL(begun.headers.get('location') ?? ''), subject);
  }

  async function logIn(browser: Browser, subject: string): Promise<Response> {
    const answer = await answerFor(browser, subject);
    return browser.get(`${answer.pathname}${answer.search}`);
  }

  it('sends PKCE S256, state, nonce, an explicit scope and the redirect URI of this issuer', async () => {
    const begun = await new Browser(world.app).submit('/login/organisation/gbizid', {});
    const { searchParams } = new URL(begun.headers.get('location') ?? '');
    expect(searchParams.get('response_type')).toBe('code');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get('state')).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get('nonce')).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get('scope')).toContain('openid');
    expect(searchParams.get('redirect_uri')).toBe(`${origin}/login/callback/gbizid`);
    expect(begun.headers.getSetCookie()[0]).toMatch(
      /^__Host-signin=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('logs a clerk in to the one school, and goes where the log-in began', async () => {
    const browser = new Browser(world.app);
    const answer = await logIn(browser, 'elementary-clerk');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/cases');
    const session = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-sid='));
    expect(session).toMatch(/^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect(await browser.identity()).toMatchObject({
      kind: 'staff',
      role: 'clerk',
      school: { code: schoolCode('elementary') },
      assurance: 'organisationMember',
      canSwitch: false,
    });
  });

  it('A-12 lets somebody with two schools act only in the chosen one, and switch', async () => {
    const browser = new Browser(world.app);
    const answer = await logIn(browser, 'hibarino-clerk-two-schools');
    expect(answer.headers.get('location')).toBe('/choose-school?next=%2Fcases');
    expect(await browser.identity()).toMatchObject({ kind: 'unboundStaff', school: null });
    const page = await (await browser.get('/choose-school?next=%2Fcases')).text();
    expect(page).toContain(membershipId('hibarino-clerk-two-schools', 1));

    const before = browser.cookie('__Host-sid');
    const membership = membershipId('hibarino-clerk-two-schools', 1);
    const chosen = await browser.submit('/choose-school', { membership, next: '/cases' });
    expect(chosen.headers.get('location')).toBe('/cases');
    expect(await browser.identity()).toMatchObject({ kind: 'staff', school: { code: schoolCode('juniorHigh') } });
    // The session is renewed when its rights change: the old cookie is worth nothing.
    expect(browser.cookie('__Host-sid')).not.toBe(before);
    expect(await new Browser(world.app, { '__Host-sid': before }).identity()).toMatchObject({ kind: 'anonymous' });

    await browser.submit('/choose-school', { membership: membershipId('hibarino-clerk-two-schools', 0) });
    expect(await browser.identity()).toMatchObject({ school: { code: schoolCode('elementary') } });
  });

  it('refuses to choose a membership of somebody else', async () => {
    const browser = new Browser(world.app);
    await logIn(browser, 'hibarino-clerk-two-schools');
    const answer = await browser.send('PUT', '/api/session/membership', {
      membershipId: membershipId('elementary-principal'),
    });
    expect(answer.status).toBe(404);
    expect(await browser.identity()).toMatchObject({ kind: 'unboundStaff' });
  });

  it('refuses an entry account with an explanation', async () => {
    const browser = new Browser(world.app);
    const answer = await logIn(browser, 'entry');
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('gBizIDエントリーでは利用できません');
    expect(browser.cookie('__Host-sid')).toBe('');
    expect(await refusalsOf(world)).toContain('entry-account');
  });

  it('explains to an account without a role at any school what to do', async () => {
    const answer = await logIn(new Browser(world.app), 'hibarino-prime');
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('いま有効な学校の役割がありません');
  });

  it('tells apart that the person cancelled', async () => {
    const answer = await logIn(new Browser(world.app), 'nobody-of-this-name');
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('ログインを取りやめました');
  });

  it('A-02 refuses a callback that is replayed', async () => {
    const browser = new Browser(world.app);
    const answer = await answerFor(browser, 'elementary-clerk');
    const signIn = browser.cookie('__Host-signin');
    expect((await browser.get(`${answer.pathname}${answer.search}`)).status).toBe(303);
    const replay = await new Browser(world.app, { '__Host-signin': signIn }).get(`${answer.pathname}${answer.search}`);
    expect(replay.status).toBe(401);
    expect(await refusalsOf(world)).toContain('attempt-unknown');
  });

  it('A-02 refuses a state that belongs to another browser, and burns that attempt', async () => {
    const victim = new Browser(world.app);
    const attacker = new Browser(world.app);
    const answer = await answerFor(attacker, 'elementary-clerk');
    await answerFor(victim, 'elementary-principal');
    const refused = await victim.get(`${answer.pathname}${answer.search}`);
    expect(refused.status).toBe(401);
    expect(victim.cookie('__Host-sid')).toBe('');
  });

  it('A-02 refuses a callback in a browser that began nothing', async () => {
    const answer = await answerFor(new Browser(world.app), 'elementary-clerk');
    const refused = await new Browser(world.app).get(`${answer.pathname}${answer.search}`);
    expect(refused.status).toBe(401);
  });

  it('A-02 refuses an attempt that has grown too old', async () => {
    const browser = new Browser(world.app);
    const answer = await answerFor(browser, 'elementary-clerk');
    world.clock.pass({ minutes: 11 });
    const refused = await browser.get(`${answer.pathname}${answer.search}`);
    world.clock.pass({ minutes: -11 });
    expect(refused.status).toBe(401);
  });

  it('A-06 gives every log-in a new session and ends the one the browser had', async () => {
    const planted = 'A'.repeat(43);
    const browser = new Browser(world.app, { '__Host-sid': planted });
    await logIn(browser, 'elementary-clerk');
    const first = browser.cookie('__Host-sid');
    expect(first).not.toBe(planted);
    await logIn(browser, 'elementary-clerk');
    expect(await new Browser(world.app, { '__Host-sid': first }).identity()).toMatchObject({ kind: 'anonymous' });
  });

  const bare = { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } };
  const flips: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['takes pushed requests', { features: bare }],
    [
      'takes nothing but pushed requests',
      {
        features: { ...bare, pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true } },
      },
    ],
    ['demands PKCE', { pkce: { required: () => true } }],
    ['puts everything into the ID token too', { conformIdTokenClaims: false }],
    ['binds tokens by DPoP for who wants it', { features: { ...bare, dPoP: { enabled: true } } }],
    [
      'answers with encrypted or signed userinfo for who wants it',
      { features: { ...bare, jwtUserinfo: { enabled: true } } },
    ],
    ['has sessions that it ends at the back channel', { features: { ...bare, backchannelLogout: { enabled: true } } }],
  ];
  it.each(flips)('gets on with a provider that %s', async (_name, flipped) => {
    const other = await openDemoProvider({ port: 0, accounts: demoAccounts, client, flipped });
    const otherWorld = await openWorld({ issuer: other.issuer, identityProviders: [relyingParty(other.issuer)] });
    try {
      const browser = new Browser(otherWorld.app);
      const begun = await browser.submit('/login/organisation/gbizid', { next: '/cases' });
      const answer = await chooseAccount(new URL(begun.headers.get('location') ?? ''), 'elementary-clerk');
      const done = await browser.get(`${answer.pathname}${answer.search}`);
      expect([done.status, done.headers.get('location')]).toEqual([303, '/cases']);
    } finally {
      await otherWorld.drop();
      await other.close();
    }
  });

  it('A-01 refuses at the redirect address of one provider the answer of another', async () => {
    const second = await openDemoProvider({
      port: 0,
      accounts: demoAccounts,
      client: { ...client, redirectUris: [`${origin}/login/callback/second`] },
    });
    const two = [relyingParty(provider.issuer), { ...relyingParty(second.issuer), id: 'second' }];
    const mixed = testApp({ ...world.services, identityProviders: two });
    const browser = new Browser(mixed);
    const begun = await browser.submit('/login/organisation/gbizid', {});
    const answer = await chooseAccount(new URL(begun.headers.get('location') ?? ''), 'elementary-clerk');
    // The attacker's provider sends the honest one's code to its own address, and the other way about.
    const moved = await browser.get(`/login/callback/second${answer.search}`);
    expect(moved.status).toBe(401);
    expect(browser.cookie('__Host-sid')).toBe('');
    expect(await refusalsOf(world)).toContain('attempt-unknown');
    await second.close();
  });

  it('A-02 gives one session for a code, also when the browser brings it ten times at once', async () => {
    const browser = new Browser(world.app);
    const answer = await answerFor(browser, 'elementary-clerk');
    const jar = { '__Host-signin': browser.cookie('__Host-signin') };
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => new Browser(world.app, jar).get(`${answer.pathname}${answer.search}`)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      303,
      ...Array.from({ length: 9 }, () => 401),
    ]);
  });

  it('goes nowhere but to paths of its own after log-in', async () => {
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example/', '/a\nb']) {
      const browser = new Browser(world.app);
      const begun = await browser.submit('/login/organisation/gbizid', { next });
      const answer = await chooseAccount(new URL(begun.headers.get('location') ?? ''), 'elementary-clerk');
      const done = await browser.get(`${answer.pathname}${answer.search}`);
      expect(done.headers.get('location')).toBe('/');
    }
  });

  it('refuses an issuer that differs in a trailing slash alone', async () => {
    const other = relyingParty(provider.issuer.replace(/\/$/, ''));
    const app = testApp({ ...world.services, identityProviders: [other] });
    const answer = await new Browser(app).submit('/login/organisation/gbizid', {});
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  it('A-05 says in plain words that the provider is down, while sessions live on', async () => {
    const browser = new Browser(world.app);
    await logIn(browser, 'elementary-clerk');
    const app = testApp({ ...world.services, identityProviders: [relyingParty('http://localhost:9/oauth/')] });
    const down = new Browser(app, { '__Host-sid': browser.cookie('__Host-sid') });
    const answer = await down.submit('/login/organisation/gbizid', {});
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('認証サービスに接続できません');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await eventsOf(world)).at(-1)).toEqual({
      name: 'login.done',
      outcome: 'refused',
      reason: 'connection',
      organisation: null,
      side: 'gateway',
      role: 'anonymous',
      detail: {},
    });
    expect(await down.identity()).toMatchObject({ kind: 'staff' });
  });
});
