import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { type IdentityProvider, openIdentityProvider } from '../../src/identity/identity-provider.ts';
import { providerNameHash } from '../../src/identity/secrets.ts';
import { openSession } from '../../src/identity/session.ts';
import { Browser } from './support/browser.ts';
import { type HostileProvider, type Misbehaviour, openHostileProvider } from './support/hostile-provider.ts';
import { eventsOf, refusalsOf } from './support/log.ts';
import { membershipId, openWorld, origin, staffId, type World } from './support/world.ts';

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
    ['with a nonce, as an ID token has', { claims: { nonce: 'n' } }, 'nonce-present'],
    ['that names nobody', { claims: { sub: undefined } }, 'nobody-named'],
    ['without jti', { claims: { jti: undefined } }, 'claims-invalid'],
  ];
  it.each(lies)('V10.5.5 refuses a token %s', async (_name, wrong, reason) => {
    const session = await open('s-9');
    const answer = await tell(await hostile.logoutToken(wrong));
    expect([answer.status, await answer.json()]).toEqual([400, { error: 'invalid_request' }]);
    expect(await kinds(session)).toEqual(['staff']);
    expect((await refusalsOf(world)).at(-1)).toBe(`logout-token:${reason}`);
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
    for (const token of ['', 'a.b.c', 'x'.repeat(20_000)]) expect((await tell(token)).status).toBe(400);
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
