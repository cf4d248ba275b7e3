import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { type IdentityProvider, openIdentityProvider } from '../../src/identity/identity-provider.ts';
import { providerNameHash } from '../../src/identity/secrets.ts';
import { openSession } from '../../src/identity/session.ts';
import { persons } from '../../src/identity/tables.ts';
import { Browser } from './support/browser.ts';
import { type HostileProvider, type Misbehaviour, openHostileProvider } from './support/hostile-provider.ts';
import { eventsOf } from './support/log.ts';
import { membershipId, openWorld, origin, staffId, testApp, type World } from './support/world.ts';

const clientId = 'hikitsugi';
const clerk = 'elementary-clerk';

describe('a log-out told by the provider itself', () => {
  let hostile: HostileProvider;
  let other: HostileProvider;
  let world: World;

  beforeAll(async () => {
    hostile = await openHostileProvider(clientId);
    other = await openHostileProvider(clientId);
    world = await openWorld({ identityProviders: [relyingParty('gbizid', hostile), relyingParty('other', other)] });
  });
  afterAll(async () => {
    await hostile?.close();
    await other?.close();
    await world?.drop();
  });

  function relyingParty(id: string, { issuer }: HostileProvider): IdentityProvider {
    return openIdentityProvider({
      id,
      issuer,
      clientId,
      clientSecret: 'x',
      publicOrigin: origin,
      scope: 'openid',
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 5,
    });
  }

  async function open(sid: string | null, provider = 'gbizid', subject = 'subject-1'): Promise<Browser> {
    const { issuer } = provider === 'gbizid' ? hostile : other;
    const { token } = await world.database.transaction(systemScope('login'), (tx) =>
      openSession(tx, world.services, {
        staffId: staffId(clerk),
        personId: null,
        membershipId: membershipId(clerk),
        assurance: 'organisationMember',
        browser: 'Firefox/140.0',
        formerToken: null,
        proof: {
          authenticatedAt: world.clock.now(),
          provider,
          subjectHash: providerNameHash(issuer, 'sub', subject),
          sidHash: sid === null ? null : providerNameHash(issuer, 'sid', sid),
        },
      }),
    );
    return new Browser(world.app, { '__Host-sid': token });
  }

  function tell(token: string, provider = 'gbizid'): Promise<Response> {
    // As a server sends it: no Origin, no fetch metadata, no cookie.
    return Promise.resolve(
      world.app.request(`${origin}/login/backchannel/${provider}`, {
        method: 'POST',
        body: new URLSearchParams({ logout_token: token }),
      }),
    );
  }

  async function kinds(...browsers: readonly Browser[]): Promise<string[]> {
    const found = [];
    for (const browser of browsers) {
      // Sound: the schema of /api/session.
      found.push(((await browser.identity()) as { kind: string }).kind);
    }
    return found;
  }

  it('V10.5.5 ends all sessions of the subject, of this provider alone, in every browser', async () => {
    const mine = [await open('s-1'), await open('s-2'), await open(null)];
    const others = [await open('s-1', 'other'), await open(null, 'gbizid', 'subject-2')];
    const answer = await tell(await hostile.logoutToken());
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await kinds(...mine)).toEqual(['anonymous', 'anonymous', 'anonymous']);
    expect(await kinds(...others)).toEqual(['staff', 'staff']);
    const ended = (await eventsOf(world)).filter(({ name, outcome }) => name === 'logout.done' && outcome === 'done');
    expect(ended).toHaveLength(3);
  });

  it('V10.5.5 ends the one session that it names', async () => {
    const [one, two] = [await open('s-1'), await open('s-2')];
    expect((await tell(await hostile.logoutToken({ claims: { sid: 's-2', sub: undefined } }))).status).toBe(200);
    expect(await kinds(one, two)).toEqual(['staff', 'anonymous']);
    // Both named: both must fit.
    expect((await tell(await hostile.logoutToken({ claims: { sid: 's-1', sub: 'subject-2' } }))).status).toBe(200);
    expect(await kinds(one)).toEqual(['staff']);
  });

  const event = 'http://schemas.openid.net/event/backchannel-logout';
  const now = Math.floor(Date.now() / 1000);
  const lies: readonly (readonly [string, Misbehaviour, string])[] = [
    ['of the type of an ID token', { header: { typ: 'JWT' } }, 'type-mismatch'],
    ['of no type', { header: { typ: undefined } }, 'type-mismatch'],
    ['with alg none', { alg: 'none' }, 'malformed'],
    ['with another algorithm', { alg: 'ES256' }, 'algorithm-not-allowed'],
    ['signed by a key outside the set', { foreignKey: true }, 'signature-invalid'],
    ['with a key of its own', { header: { jwk: { kty: 'RSA' } } }, 'header-not-allowed'],
    ['of another issuer', { claims: { iss: 'https://evil.example/' } }, 'issuer-mismatch'],
    ['for somebody else', { claims: { aud: 'somebody-else' } }, 'audience-mismatch'],
    ['for us and somebody else', { claims: { aud: [clientId, 'other'] } }, 'audience-mismatch'],
    ['that has expired', { claims: { iat: now - 700, exp: now - 400 } }, 'expired'],
    ['that lives for a day', { claims: { exp: now + 86_400 } }, 'lifetime-too-long'],
    ['without the event', { claims: { events: {} } }, 'event-missing'],
    ['without events', { claims: { events: undefined } }, 'claims-invalid'],
    ['with a word for events', { claims: { events: 'x' } }, 'event-missing'],
    ['with a word for the event', { claims: { events: { [event]: 'x' } } }, 'event-missing'],
    ['that names a session by a number', { claims: { sid: 7 } }, 'sid-malformed'],
    ['with a jti that is too long', { claims: { jti: 'j'.repeat(201) } }, 'jti-malformed'],
    ['without an end', { claims: { exp: undefined } }, 'claims-invalid'],
    ['with a nonce, as an ID token has', { claims: { nonce: 'n' } }, 'nonce-present'],
    ['that names nobody', { claims: { sub: undefined } }, 'nobody-named'],
    ['without jti', { claims: { jti: undefined } }, 'claims-invalid'],
  ];
  it.each(lies)('V10.5.5 refuses a token %s', async (_name, wrong, reason) => {
    const session = await open('s-9');
    const answer = await tell(await hostile.logoutToken(wrong));
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'invalid_request' }]);
    expect(await kinds(session)).toEqual(['staff']);
    expect((await eventsOf(world)).at(-1)).toEqual({
      name: 'logout.done',
      outcome: 'refused',
      reason: `logout-token:${reason}`,
      organisation: null,
      side: 'gateway',
      role: 'anonymous',
      detail: {},
    });
  });

  it('writes into the log which session it ended, and of whom', async () => {
    const person = crypto.randomUUID();
    await world.database.transaction(systemScope('login'), async (tx) => {
      await tx.insert(persons).values({ id: person, createdAt: world.clock.now() });
    });
    const opened = await world.database.transaction(systemScope('login'), async (tx) => {
      const common = { browser: '', formerToken: null } as const;
      const proof = (sid: string) => ({
        authenticatedAt: world.clock.now(),
        provider: 'gbizid',
        subjectHash: providerNameHash(hostile.issuer, 'sub', 'subject-3'),
        sidHash: providerNameHash(hostile.issuer, 'sid', sid),
      });
      const staff = { staffId: staffId(clerk), personId: null, membershipId: membershipId(clerk) };
      const own = { staffId: null, personId: person, membershipId: null };
      return [
        await openSession(tx, world.services, {
          ...common,
          ...staff,
          assurance: 'organisationMember',
          proof: proof('a'),
        }),
        await openSession(tx, world.services, { ...common, ...own, assurance: 'certificate', proof: proof('b') }),
      ];
    });
    const jti = 'j'.repeat(200);
    expect((await tell(await hostile.logoutToken({ claims: { sub: 'subject-3', jti } }))).status).toBe(200);
    const done = { name: 'logout.done', outcome: 'done', reason: null, organisation: null };
    const told = (await eventsOf(world)).slice(-2);
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        { ...done, side: 'gateway', role: 'staff', detail: { session: opened[0]?.sessionId, by: 'provider' } },
        { ...done, side: 'person', role: 'person', detail: { session: opened[1]?.sessionId, by: 'provider' } },
      ]),
    );
  });

  it('V10.5.5 remembers a token for as long as clocks may differ, and writes that it came again', async () => {
    const token = await hostile.logoutToken({ claims: { exp: Math.floor(Date.now() / 1000) + 60 } });
    expect((await tell(token)).status).toBe(200);
    world.clock.pass({ seconds: 75 });
    // Whoever comes next has what is over removed.
    await new Browser(world.app).send('POST', '/api/login/challenges', { purpose: 'login' });
    const again = await tell(token);
    world.clock.pass({ seconds: -75 });
    expect(again.status).toBe(400);
    const replayed = { name: 'logout.done', reason: 'logout-token:replayed', role: 'anonymous', detail: {} };
    expect((await eventsOf(world)).at(-1)).toMatchObject(replayed);
  });

  it('tells a provider whose keys cannot be had to come again', async () => {
    const down = await openHostileProvider(clientId);
    const app = testApp({ ...world.services, identityProviders: [relyingParty('down', down)] });
    const body = new URLSearchParams({ logout_token: await down.logoutToken() });
    await down.close();
    const answer = await app.request(`${origin}/login/backchannel/down`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toEqual([503, { error: 'temporarily_unavailable' }]);
  });

  it('V10.5.5 takes a token once, also when it comes ten times at once', async () => {
    const token = await hostile.logoutToken();
    const answers = await Promise.all(Array.from({ length: 10 }, async () => tell(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const session = await open('s-1');
    expect((await tell(token)).status).toBe(400);
    expect(await kinds(session)).toEqual(['staff']);
  });

  it('A-01 takes the token of one provider for no other', async () => {
    const session = await open('s-1', 'other');
    expect((await tell(await hostile.logoutToken(), 'other')).status).toBe(400);
    expect((await tell(await hostile.logoutToken(), 'nobody')).status).toBe(400);
    expect(await kinds(session)).toEqual(['staff']);
  });

  it('answers garbage, nothing and too much alike, and reads no cookie', async () => {
    const session = await open('s-1');
    for (const token of ['', 'a.b.c']) expect((await tell(token)).status).toBe(400);
    const before = (await eventsOf(world)).length;
    expect((await tell('x'.repeat(16_385))).status).toBe(400);
    // Not worth a line in the log, nor is what names no provider.
    expect((await tell('x', 'nobody')).status).toBe(400);
    expect((await eventsOf(world)).length).toBe(before);
    expect((await tell('x'.repeat(16_384))).status).toBe(400);
    expect((await eventsOf(world)).length).toBe(before + 1);
    const cookie = `__Host-sid=${session.cookie('__Host-sid')}`;
    const answer = await world.app.request(`${origin}/login/backchannel/gbizid`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: '' }),
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.status).toBe(400);
    expect(await kinds(session)).toEqual(['staff']);
  });
});
