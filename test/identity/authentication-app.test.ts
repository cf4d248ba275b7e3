import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemScope } from '../../src/database/scope.ts';
import { appUsers } from '../../src/demo/app-users.ts';
import { openAuthenticationApp } from '../../src/demo/authentication-app.node.ts';
import { chooseAccount } from '../../src/demo/choose-account.node.ts';
import type { OidcServer } from '../../src/demo/oidc-server.node.ts';
import { type ClientKey, importClientKey } from '../../src/identity/client-key.ts';
import { openPersonProvider } from '../../src/identity/person-provider.ts';
import { hashToken } from '../../src/identity/secrets.ts';
import { findSession } from '../../src/identity/store.ts';
import { Browser } from './support/browser.ts';
import { type HostileProvider, type Misbehaviour, openHostileProvider } from './support/hostile-provider.ts';
import { eventsOf, everythingStored, refusalsOf } from './support/log.ts';
import { openWorld, origin, testApp, type World } from './support/world.ts';

const providerId = 'digital-auth';
const clientId = 'hikitsugi-persons';

function newClientKey(): Promise<ClientKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return importClientKey(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })));
}

function relyingParty(issuer: string, clientKey: ClientKey) {
  return openPersonProvider({ id: providerId, issuer, clientId, clientKey, publicOrigin: origin, timeoutSeconds: 5 });
}

describe('the log-in by デジタル認証アプリ', () => {
  let app: OidcServer;
  let clientKey: ClientKey;
  let world: World;

  beforeAll(async () => {
    clientKey = await newClientKey();
    const redirectUris = [`${origin}/login/callback/${providerId}`];
    app = await openAuthenticationApp({
      port: 0,
      users: appUsers,
      client: { id: clientId, jwks: [clientKey.publicJwk], redirectUris },
    });
    world = await openWorld({ personProviders: [relyingParty(app.issuer, clientKey)] });
  });
  afterAll(async () => {
    await app?.close();
    await world?.drop();
  });

  async function answerFor(browser: Browser, subject: string): Promise<URL> {
    const begun = await browser.submit(`/login/person/${providerId}`, { next: '/links' });
    expect(begun.status).toBe(303);
    return chooseAccount(new URL(begun.headers.get('location') ?? ''), subject);
  }

  async function logIn(browser: Browser, subject: string): Promise<Response> {
    const answer = await answerFor(browser, subject);
    return browser.get(`${answer.pathname}${answer.search}`);
  }

  function sessionsOf(text: string): string[] {
    return [...text.matchAll(/"person_id":"([^"]+)"/g)].map(([, id]) => id ?? '');
  }

  it('asks for nothing but who it is, with PKCE S256, state, nonce and a redirect URI of its own', async () => {
    const begun = await new Browser(world.app).submit(`/login/person/${providerId}`, {});
    const { searchParams } = new URL(begun.headers.get('location') ?? '');
    expect(searchParams.get('scope')).toBe('openid');
    expect(searchParams.get('response_type')).toBe('code');
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(searchParams.get('state')).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get('nonce')).toMatch(/^[\w-]{43}$/);
    expect(searchParams.get('redirect_uri')).toBe(`${origin}/login/callback/${providerId}`);
  });

  it('logs a person in at the level of the app, and goes where the log-in began', async () => {
    const browser = new Browser(world.app);
    const answer = await logIn(browser, 'app-kenichi');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/links']);
    expect(await browser.identity()).toMatchObject({
      kind: 'person',
      assurance: 'digitalAuthenticationApp',
      name: null,
      role: null,
    });
    const hash = hashToken(browser.cookie('__Host-sid'));
    const session = await world.database.transaction(systemScope('login'), (tx) => findSession(tx, hash));
    expect(session).toMatchObject({ assurance: 'digitalAuthenticationApp', provider: providerId, staffId: null });
    expect(session?.wayId).not.toBeNull();
    expect((await eventsOf(world)).at(-1)).toEqual({
      name: 'login.done',
      outcome: 'done',
      reason: null,
      organisation: null,
      side: 'person',
      role: 'person',
      detail: { person: session?.personId, session: session?.id, assurance: 'digitalAuthenticationApp' },
    });
    const { logIns } = (await (await browser.get('/api/log-ins')).json()) as { logIns: unknown[] };
    expect(logIns).toMatchObject([{ outcome: 'done', assurance: 'digitalAuthenticationApp' }]);
  });

  it('knows the same person again, and tells two persons apart', async () => {
    const before = sessionsOf(await everythingStored(world));
    await logIn(new Browser(world.app), 'app-kamome');
    await logIn(new Browser(world.app), 'app-kamome');
    const added = sessionsOf(await everythingStored(world)).filter((id) => !before.includes(id));
    expect(new Set(added).size).toBe(1);
    await logIn(new Browser(world.app), 'app-stranger');
    const all = sessionsOf(await everythingStored(world)).filter((id) => !before.includes(id));
    expect(new Set(all).size).toBe(2);
  });

  it('makes one person of two first log-ins at once', async () => {
    const other = await openWorld({ personProviders: [relyingParty(app.issuer, clientKey)] });
    try {
      const browsers = [new Browser(other.app), new Browser(other.app), new Browser(other.app)];
      const answers = await Promise.all(browsers.map((browser) => answerFor(browser, 'app-kenichi')));
      const done = await Promise.all(
        browsers.map((browser, index) => browser.get(`${answers[index]?.pathname}${answers[index]?.search}`)),
      );
      expect(done.map(({ status }) => status)).toEqual([303, 303, 303]);
      expect(new Set(sessionsOf(await everythingStored(other))).size).toBe(1);
    } finally {
      await other.drop();
    }
  });

  it('stores no subject, no name and no birth date', async () => {
    await logIn(new Browser(world.app), 'app-kamome');
    const stored = await everythingStored(world);
    for (const { subject, name, birthDate } of appUsers) {
      for (const word of [subject, name.ja, birthDate]) expect(stored).not.toContain(word);
    }
  });

  it('proves itself by its own key: with another one the provider gives no token', async () => {
    const stranger = testApp({ ...world.services, personProviders: [relyingParty(app.issuer, await newClientKey())] });
    const browser = new Browser(stranger);
    const refused = await logIn(browser, 'app-kenichi');
    expect(refused.status).toBe(401);
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
    expect(await refusalsOf(world)).toContain('token:invalid_client');
  });

  it('shows the public half of its key, and nothing of the private one', async () => {
    const shown = testApp({ ...world.services, clientKeys: [clientKey.publicJwk] });
    const answer = await shown.request(`${origin}/.well-known/jwks.json`);
    expect(await answer.json()).toEqual({ keys: [clientKey.publicJwk] });
    expect(Object.keys(clientKey.publicJwk).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('A-01 refuses its answer at another provider’s redirect URI, and burns the attempt', async () => {
    const browser = new Browser(world.app);
    const answer = await answerFor(browser, 'app-kenichi');
    const elsewhere = await browser.get(`/login/callback/gbizid${answer.search}`);
    expect(elsewhere.status).toBeGreaterThanOrEqual(400);
    expect(await browser.identity()).toMatchObject({ kind: 'anonymous' });
  });

  it('A-01 is no door for organisations, nor theirs for it', async () => {
    const browser = new Browser(world.app);
    expect((await browser.submit(`/login/organisation/${providerId}`, {})).status).toBe(404);
    expect((await browser.submit('/login/person/gbizid', {})).status).toBe(404);
  });

  it('A-02 refuses a callback that is replayed, or comes to a browser that began nothing', async () => {
    const browser = new Browser(world.app);
    const answer = await answerFor(browser, 'app-kenichi');
    const signIn = browser.cookie('__Host-signin');
    const address = `${answer.pathname}${answer.search}`;
    expect((await new Browser(world.app).get(address)).status).toBe(401);
    expect((await browser.get(address)).status).toBe(303);
    expect((await new Browser(world.app, { '__Host-signin': signIn }).get(address)).status).toBe(401);
  });

  it('A-05 says that the provider is down', async () => {
    const down = testApp({
      ...world.services,
      personProviders: [relyingParty('http://localhost:9/api/realms/main', clientKey)],
    });
    expect((await new Browser(down).submit(`/login/person/${providerId}`, {})).status).toBe(503);
  });

  it('is offered on the log-in page where there is one, and nowhere else', async () => {
    const page = await (await new Browser(world.app).get('/login')).text();
    expect(page).toContain(`action="/login/person/${providerId}"`);
    const without = testApp({ ...world.services, personProviders: [] });
    expect(await (await new Browser(without).get('/login')).text()).not.toContain('/login/person/');
  });

  it('refuses a client key that is none', async () => {
    await expect(importClientKey(new Uint8Array([1, 2, 3]))).rejects.toThrow(TypeError);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const der = new Uint8Array(rsa.export({ type: 'pkcs8', format: 'der' }));
    await expect(importClientKey(der)).rejects.toThrow(TypeError);
  });
});

describe('the relying party of persons against a provider that lies', () => {
  let hostile: HostileProvider;
  let provider: ReturnType<typeof relyingParty>;

  beforeAll(async () => {
    hostile = await openHostileProvider(clientId, 'ES256');
    provider = relyingParty(hostile.issuer, await newClientKey());
  });
  afterAll(() => hostile.close());

  async function finish(wrong: Misbehaviour = {}, query: Readonly<Record<string, string>> = {}) {
    const begun = await provider.begin({ maxAgeSeconds: 3600 });
    if (!begun.ok) throw new Error('the log-in did not begin');
    hostile.behave(begun.value.nonce, wrong);
    const answer = new URLSearchParams({ code: 'a-code', state: begun.value.state, iss: hostile.issuer, ...query });
    const wanted = { maxAgeSeconds: 3600, mustSay: false };
    return provider.finish({ query: `?${answer.toString()}`, secrets: begun.value, wanted });
  }

  it('takes nothing but issuer and subject of an honest answer', async () => {
    const told = { name: '吉田　洋子', birthdate: '1982-06-30', address: { formatted: '住所' } };
    expect(await finish({ claims: told, userinfo: told })).toEqual({
      ok: true,
      value: {
        account: { issuer: hostile.issuer, subject: 'subject-1' },
        subject: 'subject-1',
        sid: null,
        authenticatedSecondsAgo: null,
      },
    });
  });

  const now = Math.floor(Date.now() / 1000);
  const lies: readonly (readonly [string, Misbehaviour])[] = [
    ['alg none', { alg: 'none' }],
    ['HS256 with the public key as secret', { alg: 'HS256' }],
    ['RS256, which is not this issuer’s', { alg: 'RS256' }],
    ['a signature by a key outside the key set', { foreignKey: true }],
    ['another nonce', { claims: { nonce: 'another' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['another audience', { claims: { aud: 'somebody-else' } }],
    ['several audiences and another azp', { claims: { aud: [clientId, 'other'], azp: 'other' } }],
    ['another issuer', { claims: { iss: 'https://evil.example/' } }],
    ['an ID token that has expired', { claims: { iat: now - 7200, exp: now - 3600 } }],
    ['no subject', { claims: { sub: undefined } }],
    ['a subject that is too long to be one', { claims: { sub: 'x'.repeat(300) } }],
    ['a key in the header', { foreignKey: true, header: { jwk: { kty: 'EC', crv: 'P-256', x: 'AQAB', y: 'AQAB' } } }],
    ['a key behind an address', { foreignKey: true, header: { jku: 'https://evil.example/jwks' } }],
    ['a chain behind an address', { foreignKey: true, header: { x5u: 'https://evil.example/chain' } }],
  ];
  it.each(lies)('A-03 refuses %s', async (_name, wrong) => {
    expect(await finish(wrong)).toMatchObject({ ok: false, fault: { kind: 'refused' } });
  });

  it('A-01 refuses the answer of another provider', async () => {
    expect(await finish({}, { iss: 'https://other.example/' })).toMatchObject({
      ok: false,
      fault: { kind: 'refused' },
    });
  });
});
