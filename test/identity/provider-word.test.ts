import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { demoOrganisations } from '../../src/demo/schools.ts';
import { memberships } from '../../src/directory/tables.ts';
import { openIdentityProvider } from '../../src/identity/identity-provider.ts';
import { hashToken, providerNameHash } from '../../src/identity/secrets.ts';
import { findSession } from '../../src/identity/store.ts';
import { Browser } from './support/browser.ts';
import { type HostileProvider, type Misbehaviour, openHostileProvider } from './support/hostile-provider.ts';
import { eventsOf } from './support/log.ts';
import { membershipId, openWorld, origin, schoolCode, staffId, testApp, type World } from './support/world.ts';

const clientId = 'hikitsugi';
const clerk = 'elementary-clerk';
const founder = demoOrganisations.elementary.founderNumber;

describe('what a provider says of who logs in', () => {
  let hostile: HostileProvider;
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    hostile = await openHostileProvider(clientId);
    world = await openWorld({ issuer: hostile.issuer, identityProviders: [relyingParty(), relyingParty('second')] });
  });
  afterAll(async () => {
    await hostile?.close();
    await world?.drop();
  });
  beforeEach(() => {
    world.clock.set(new Date());
    browser = new Browser(world.app);
  });

  function relyingParty(id = 'gbizid', authTime: 'required' | 'unavailable' = 'required') {
    return openIdentityProvider({
      id,
      issuer: hostile.issuer,
      clientId,
      clientSecret: 'x',
      publicOrigin: origin,
      scope: 'openid',
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
      authTime,
    });
  }

  /** From the form that begins it to the answer to the provider's redirect. */
  async function answerTo(begun: Response, wrong: Misbehaviour = {}, provider = 'gbizid'): Promise<Response> {
    const { searchParams } = new URL(begun.headers.get('location') ?? '');
    hostile.behave(searchParams.get('nonce') ?? '', {
      ...wrong,
      claims: { sub: clerk, ...wrong.claims },
      userinfo: { sub: clerk, corporate_number: founder, ...wrong.userinfo },
    });
    const query = new URLSearchParams({ code: 'c', state: searchParams.get('state') ?? '', iss: hostile.issuer });
    return browser.get(`/login/callback/${provider}?${query.toString()}`);
  }

  async function logIn(wrong: Misbehaviour = {}): Promise<Response> {
    return answerTo(await browser.submit('/login/organisation/gbizid', {}), wrong);
  }

  async function stepUp(wrong: Misbehaviour = {}): Promise<Response> {
    return answerTo(await browser.submit('/login/again', { next: '/people' }), wrong);
  }

  async function lastEvent() {
    return (await eventsOf(world)).at(-1);
  }

  function session() {
    const hash = hashToken(browser.cookie('__Host-sid'));
    return world.database.transaction(systemScope('login'), (tx) => findSession(tx, hash));
  }

  const seconds = () => Math.floor(Date.now() / 1000);

  it('goes into the log with the school, the level and the session', async () => {
    expect((await logIn()).status).toBe(303);
    expect(await lastEvent()).toEqual({
      name: 'login.done',
      outcome: 'done',
      reason: null,
      organisation: schoolCode('elementary'),
      side: 'gateway',
      role: 'staff',
      detail: { staff: staffId(clerk), session: (await session())?.id, assurance: 'organisationMember' },
    });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, number]>([
    ['a kind of account that is not known', { account_type: 9 }, 'account-type-unknown', 401],
    ['another founder', { corporate_number: '7000012050002' }, 'founder-differs', 403],
    ['no founder', { corp_type: 2 }, 'founder-differs', 403],
    ['an account without its kind', { account_type: undefined }, 'userinfo-malformed', 401],
  ])('opens no session for %s, and tells the log alone why', async (_name, userinfo, reason, status) => {
    const answer = await logIn({ userinfo });
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain(reason);
    expect(browser.cookie('__Host-sid')).toBe('');
    expect(await lastEvent()).toMatchObject({
      name: 'login.done',
      outcome: 'refused',
      reason,
      organisation: null,
      role: 'anonymous',
      detail: {},
    });
  });

  it('opens no session for a stranger, nor for somebody without a role today', async () => {
    const stranger = { claims: { sub: 'nobody' }, userinfo: { sub: 'nobody' } };
    expect((await logIn(stranger)).status).toBe(403);
    expect((await lastEvent())?.reason).toBe('staff-unknown');
    const end = (validTo: string | null) =>
      world.database.transaction(systemScope('directory'), async (tx) => {
        await tx
          .update(memberships)
          .set({ validTo })
          .where(eq(memberships.id, membershipId(clerk)));
      });
    await end('2021-03-31');
    const ended = await logIn();
    await end(null);
    expect([ended.status, (await lastEvent())?.reason]).toEqual([403, 'no-membership-today']);
  });

  it('is kept: which provider, which names there, and when it saw the person', async () => {
    await logIn({ claims: { sid: 's-1', auth_time: seconds() - 600 } });
    const row = await session();
    expect(row).toMatchObject({
      provider: 'gbizid',
      subjectHash: providerNameHash(hostile.issuer, 'sub', clerk),
      sidHash: providerNameHash(hostile.issuer, 'sid', 's-1'),
    });
    expect(row?.browser).toMatch(/Chrome/);
    const ago = Date.now() - (row?.authenticatedAt.getTime() ?? 0);
    expect(ago).toBeGreaterThanOrEqual(600_000);
    expect(ago).toBeLessThan(660_000);
    await logIn();
    expect(await session()).toMatchObject({ sidHash: null });
  });

  it('counts as long ago when it does not say when, but for an issuer that never does', async () => {
    await logIn();
    expect((await session())?.authenticatedAt).toEqual(new Date(0));
    browser = new Browser(testApp({ ...world.services, identityProviders: [relyingParty('gbizid', 'unavailable')] }));
    await logIn();
    expect(Date.now() - (await session().then((row) => row?.authenticatedAt.getTime() ?? 0))).toBeLessThan(60_000);
  });

  it('lets nobody in whom it saw before a session could have begun', async () => {
    expect((await logIn({ claims: { auth_time: seconds() - 11 * 3600 } })).status).toBe(303);
    expect((await logIn({ claims: { auth_time: seconds() - 13 * 3600 } })).status).toBe(401);
    expect((await lastEvent())?.reason).toBe('auth-time-old');
  });

  it('V7.5.3 confirms a session when it has seen the person since this was asked for, and not before', async () => {
    await logIn({ claims: { auth_time: seconds() } });
    expect((await stepUp()).status).toBe(401);
    expect((await lastEvent())?.reason).toBe('auth-time-missing');
    expect((await stepUp({ claims: { auth_time: seconds() - 300 } })).status).toBe(401);
    expect((await lastEvent())?.reason).toBe('auth-time-old');
    const stranger = { sub: 'nobody', auth_time: seconds() };
    expect((await stepUp({ claims: stranger, userinfo: { sub: 'nobody' } })).status).toBe(401);
    expect((await lastEvent())?.reason).toBe('step-up-other-person');
    const id = (await session())?.id;
    expect((await stepUp({ claims: { auth_time: seconds() } })).headers.get('location')).toBe('/people');
    expect(await lastEvent()).toMatchObject({
      name: 'login.renewed',
      outcome: 'done',
      role: 'staff',
      detail: { session: id, staff: staffId(clerk) },
    });
    // Whoever takes five minutes at the provider has been seen within them.
    const begun = await browser.submit('/login/again', { next: '/people' });
    world.clock.pass({ minutes: 5 });
    const slow = await answerTo(begun, { claims: { auth_time: seconds() - 240 } });
    expect(slow.headers.get('location')).toBe('/people');
  });

  it('V7.5.3 confirms a session by an issuer that never says when, since the operator knows it', async () => {
    browser = new Browser(testApp({ ...world.services, identityProviders: [relyingParty('gbizid', 'unavailable')] }));
    await logIn();
    expect((await stepUp()).headers.get('location')).toBe('/people');
  });

  it('A-01 is not believed at the redirect address of another provider', async () => {
    const begun = await browser.submit('/login/organisation/gbizid', {});
    const before = (await eventsOf(world)).length;
    expect((await answerTo(begun, {}, 'second')).status).toBe(401);
    expect((await eventsOf(world)).slice(before)).toMatchObject([{ outcome: 'refused', reason: 'attempt-unknown' }]);
    const lost = await browser.submit('/login/organisation/gbizid', {});
    expect((await answerTo(lost, {}, 'nobody')).status).toBe(404);
  });

  it('leaves no cookie of the attempt behind, and none of the session after a log-out', async () => {
    await logIn();
    expect(browser.cookie('__Host-signin')).toBe('');
    const out = await browser.submit('/logout', {});
    expect([browser.cookie('__Host-sid'), out.headers.get('clear-site-data')]).toEqual(['', '"cache", "storage"']);
    // Whoever is out already is sent to the same place.
    expect((await browser.submit('/logout', {})).headers.get('location')).toBe('/login');
  });

  it('is told in the log by its own word when the word is one', async () => {
    for (const [error, reason, status] of [
      ['server_error', 'answer:server_error', 401],
      ['<script>', 'answer:other', 401],
      ['access_denied', 'answer:access_denied', 401],
    ] as const) {
      const begun = await browser.submit('/login/organisation/gbizid', {});
      const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
      const query = new URLSearchParams({ error, state, iss: hostile.issuer });
      const answer = await browser.get(`/login/callback/gbizid?${query.toString()}`);
      expect([answer.status, (await lastEvent())?.reason]).toEqual([status, reason]);
      expect((await answer.text()).includes('取りやめました')).toBe(error === 'access_denied');
    }
  });
});
