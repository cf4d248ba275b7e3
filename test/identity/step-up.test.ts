import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import { openIdentityProvider as openDemoProvider } from '../../src/demo/identity-provider.node.ts';
import type { OidcServer } from '../../src/demo/oidc-server.node.ts';
import { demoAccounts } from '../../src/demo/staff.ts';
import { beginStepUp } from '../../src/identity/begin-step-up.ts';
import { openIdentityProvider, organisationScope } from '../../src/identity/identity-provider.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import { findSession } from '../../src/identity/store.ts';
import { sessions } from '../../src/identity/tables.ts';
import type { Actor } from '../../src/policy/actor.ts';
import { Browser } from './support/browser.ts';
import { eventsOf, everythingStored, refusalsOf } from './support/log.ts';
import { openWorld, origin, type World } from './support/world.ts';

const client = { id: 'hikitsugi', secret: 'a-secret-of-the-test', redirectUris: [`${origin}/login/callback/gbizid`] };

describe('a step-up by the organisation’s account', () => {
  let provider: OidcServer;
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    provider = await openDemoProvider({ port: 0, accounts: demoAccounts, client });
    const relyingParty = openIdentityProvider({
      id: 'gbizid',
      issuer: provider.issuer,
      clientId: client.id,
      clientSecret: client.secret,
      publicOrigin: origin,
      scope: organisationScope,
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
    });
    world = await openWorld({ issuer: provider.issuer, identityProviders: [relyingParty] });
  });
  afterAll(async () => {
    await provider?.close();
    await world?.drop();
  });
  beforeEach(async () => {
    world.clock.set(new Date());
    browser = new Browser(world.app);
    await logIn(browser, 'elementary-principal');
    world.clock.pass({ minutes: 11 });
  });

  async function logIn(of: Browser, subject: string): Promise<void> {
    const begun = await of.submit('/login/organisation/gbizid', {});
    const answer = await chooseAccount(new URL(begun.headers.get('location') ?? ''), subject);
    expect((await of.get(`${answer.pathname}${answer.search}`)).status).toBe(303);
  }

  async function begin(of: Browser, next = '/seal-key'): Promise<URL> {
    const begun = await of.submit('/login/again', { next });
    expect(begun.status).toBe(303);
    return new URL(begun.headers.get('location') ?? '');
  }

  function sessionOf(of: Browser) {
    const hash = hashToken(of.cookie('__Host-sid'));
    return world.database.transaction(systemScope('login'), (tx) => findSession(tx, hash));
  }

  async function newRefusals(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = (await refusalsOf(world)).length;
    await work();
    return (await refusalsOf(world)).slice(before);
  }

  it('V7.5.3 asks the provider anew, gives the session a new token and comes back to the act', async () => {
    const before = await sessionOf(browser);
    const former = browser.cookie('__Host-sid');
    const location = await begin(browser);
    expect([location.searchParams.get('prompt'), location.searchParams.get('max_age')]).toEqual(['login', '0']);
    const answer = await chooseAccount(location, 'elementary-principal');
    const done = await browser.get(`${answer.pathname}${answer.search}`);
    expect([done.status, done.headers.get('location')]).toEqual([303, '/seal-key']);
    expect(browser.cookie('__Host-sid')).not.toBe(former);
    const after = await sessionOf(browser);
    expect(after).toMatchObject({ id: before?.id, membershipId: before?.membershipId, assurance: before?.assurance });
    const minutes = ((after?.authenticatedAt.getTime() ?? 0) - (before?.authenticatedAt.getTime() ?? 0)) / 60_000;
    expect(minutes).toBeGreaterThan(10);
    // The absolute limit is the log-in’s: whoever steps up again and again does not stay for ever.
    expect(after?.expiresAt).toEqual(before?.expiresAt);
    expect(await new Browser(world.app, { '__Host-sid': former }).identity()).toMatchObject({ kind: 'anonymous' });
    expect((await eventsOf(world)).at(-1)).toMatchObject({ name: 'login.renewed', outcome: 'done' });
  });

  it('refuses another account, and the session lives on as it was', async () => {
    const former = await sessionOf(browser);
    const refusals = await newRefusals(async () => {
      const answer = await chooseAccount(await begin(browser), 'elementary-clerk');
      expect((await browser.get(`${answer.pathname}${answer.search}`)).status).toBe(401);
    });
    expect(refusals).toEqual(['step-up-other-person']);
    expect(await sessionOf(browser)).toMatchObject({ authenticatedAt: former?.authenticatedAt });
    expect(await browser.identity()).toMatchObject({ kind: 'staff', role: 'principal' });
  });

  it('A-06 refuses a browser that has another session by then, or none', async () => {
    const answer = await chooseAccount(await begin(browser), 'elementary-principal');
    const signIn = browser.cookie('__Host-signin');
    const other = new Browser(world.app);
    await logIn(other, 'elementary-principal');
    const jar = { '__Host-signin': signIn, '__Host-sid': other.cookie('__Host-sid') };
    const refusals = await newRefusals(async () => {
      const refused = await new Browser(world.app, jar).get(`${answer.pathname}${answer.search}`);
      expect(refused.status).toBe(401);
    });
    expect(refusals).toEqual(['step-up-other-session']);
    const second = await chooseAccount(await begin(browser), 'elementary-principal');
    const bare = { '__Host-signin': browser.cookie('__Host-signin') };
    const none = await newRefusals(async () => {
      await new Browser(world.app, bare).get(`${second.pathname}${second.search}`);
    });
    expect(none).toEqual(['step-up-without-session']);
  });

  it('begins at the provider of this very session, and for nobody else', async () => {
    const own = await sessionOf(browser);
    const token = browser.cookie('__Host-sid');
    const actor = { kind: 'unboundStaff', staffId: own?.staffId ?? '', sessionId: own?.id ?? '' } as const;
    const code = async (who: Actor, cookie: string | null) => {
      const begun = await beginStepUp(world.services, who, { token: cookie, returnTo: undefined });
      return begun.ok ? 'begun' : begun.fault.code;
    };
    expect(await code(actor, token)).toBe('begun');
    expect(await code(actor, null)).toBe('login.required');
    expect(await code({ kind: 'anonymous' }, token)).toBe('login.required');
    expect(await code({ ...actor, sessionId: 'another' }, token)).toBe('request.not-found');
    expect(await code(actor, 'A'.repeat(43))).toBe('request.not-found');
    await world.database.transaction(systemScope('login'), (tx) =>
      tx
        .update(sessions)
        .set({ provider: null })
        .where(eq(sessions.id, own?.id ?? '')),
    );
    expect(await code(actor, token)).toBe('request.not-found');
  });

  it('A-02 is worth one confirmation: the answer cannot be played again', async () => {
    const answer = await chooseAccount(await begin(browser), 'elementary-principal');
    const signIn = browser.cookie('__Host-signin');
    expect((await browser.get(`${answer.pathname}${answer.search}`)).status).toBe(303);
    const again = new Browser(world.app, { '__Host-signin': signIn, '__Host-sid': browser.cookie('__Host-sid') });
    expect((await again.get(`${answer.pathname}${answer.search}`)).status).toBe(401);
  });

  it('confirms nothing of a session that has ended meanwhile', async () => {
    const answer = await chooseAccount(await begin(browser), 'elementary-principal');
    const token = browser.cookie('__Host-sid');
    await browser.submit('/logout', {});
    const late = new Browser(world.app, { '__Host-signin': browser.cookie('__Host-signin'), '__Host-sid': token });
    expect((await late.get(`${answer.pathname}${answer.search}`)).status).toBe(401);
    expect(await late.identity()).toMatchObject({ kind: 'anonymous' });
  });

  it('says that it is done to whoever is fresh, and leads on', async () => {
    const answer = await chooseAccount(await begin(browser, '/login/again'), 'elementary-principal');
    const done = await browser.get(`${answer.pathname}${answer.search}`);
    expect(done.headers.get('location')).toBe('/login/again');
    const page = await (await browser.get('/login/again?next=%2Fpeople')).text();
    expect(page).toContain('ログインを確認しました');
    expect(page).toContain('href="/people"');
    expect(page).not.toContain('action="/login/again"');
  });

  it('is for those who have logged in; others log in, and nobody is sent to a foreign page', async () => {
    const stranger = new Browser(world.app);
    const page = await stranger.get('/login/again?next=%2Fseal-key');
    expect(page.headers.get('location')).toBe('/login?next=%2Fseal-key');
    expect((await stranger.submit('/login/again', { next: '/seal-key' })).status).toBe(401);
    const answer = await chooseAccount(await begin(browser, 'https://evil.example/'), 'elementary-principal');
    const done = await browser.get(`${answer.pathname}${answer.search}`);
    expect(done.headers.get('location')).toBe('/');
  });

  it('shows its page in both languages, with the way on and the way back', async () => {
    const page = await (await browser.get('/login/again?next=%2Fcases%2Fx')).text();
    expect(page).toContain('もう一度ログインしてください');
    expect(page).toMatch(/<form[^>]*action="\/login\/again"[^>]*>[^]*value="\/cases\/x"/);
    expect(page).toContain('href="/cases/x"');
    expect(await (await browser.get('/login/again?lang=en')).text()).toContain('Please log in once more');
  });

  it('V10.1.1 keeps the tokens of the provider here: none in a cookie, an address or the database', async () => {
    const begun = await begin(browser);
    const answer = await chooseAccount(begun, 'elementary-principal');
    const done = await browser.get(`${answer.pathname}${answer.search}`);
    const seen = [...done.headers].map(([name, value]) => `${name}: ${value}`).join('\n') + (await done.text());
    expect(seen).not.toMatch(/eyJ|access_token|id_token|Bearer/);
    expect(await everythingStored(world)).not.toMatch(/eyJ[\w-]+\.[\w-]+\.|access_token|id_token/);
  });

  it('shows on the page of one’s sessions how and when one proved who one is', async () => {
    const page = await (await browser.get('/sessions')).text();
    expect(page).toContain('ログイン方法');
    expect(page).toMatch(/gBizIDメンバー|gBizIDプライム/);
    expect(page).toContain('本人確認の日時');
  });
});
