import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIdentityProvider, organisationScope } from '../../src/identity/identity-provider.ts';
import { registerClient } from './support/machine.ts';
import { openWorld, origin, type World } from './support/world.ts';

const contentTypes = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/json',
  'application/octet-stream',
  undefined,
];
const foreign: readonly Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  { 'sec-fetch-site': 'same-site', origin: 'https://sibling.example' },
  { 'sec-fetch-site': 'none' },
  // Fetch metadata decide where they are sent, whatever the Origin claims.
  { 'sec-fetch-site': 'cross-site', origin },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: `${origin}.evil.example` },
  { origin: 'https://localhost:8787' },
  {},
];

describe('the same-origin rule and the headers', () => {
  let world: World;

  beforeAll(async () => {
    const provider = openIdentityProvider({
      id: 'gbizid',
      issuer: 'https://idp.example/oauth/',
      clientId: 'hikitsugi',
      clientSecret: 'x',
      publicOrigin: origin,
      scope: organisationScope,
      idTokenAlgorithm: 'RS256',
      timeoutSeconds: 1,
    });
    world = await openWorld({ identityProviders: [provider] });
  });
  afterAll(() => world.drop());

  /** Every unsafe route that this room's application has, from the router itself. */
  function unsafeRoutes(): { method: string; path: string }[] {
    const known = world.app.routes.filter(({ method }) => !['GET', 'ALL', 'HEAD'].includes(method));
    const distinct = new Map(known.map(({ method, path }) => [`${method} ${path}`, { method, path }]));
    return [...distinct.values()].filter(({ path }) => !['/api/token', '/login/backchannel/:provider'].includes(path));
  }

  it('A-07 refuses each unsafe route × content type × foreign origin', async () => {
    const routes = unsafeRoutes();
    // One for all: there are thousands of requests.
    const { app } = world;
    expect(routes.length).toBeGreaterThanOrEqual(14);
    let refused = 0;
    for (const { method, path } of routes) {
      for (const type of contentTypes) {
        for (const headers of foreign) {
          const response = await app.request(`${origin}${path.replaceAll(/:\w+/g, 'x')}`, {
            method,
            headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
          });
          expect(response.status, `${method} ${path} ${type} ${JSON.stringify(headers)}`).toBe(403);
          refused += 1;
        }
      }
    }
    expect(refused).toBe(routes.length * contentTypes.length * foreign.length);
  });

  it('A-07 lets our own pages through, by fetch metadata or by Origin', async () => {
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin }]) {
      const response = await world.app.request(`${origin}/api/login/challenges`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ purpose: 'login' }),
      });
      expect(response.status).toBe(201);
    }
  });

  it('exempts an access token, and then reads no cookie at all', async () => {
    const client = await registerClient(world);
    const response = await client.bound.send(await client.token(), `${origin}/api/session`, {
      method: 'DELETE',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(response.status).toBe(204);
    // A token that is no good is refused; the cookie beside it does not help.
    for (const scheme of ['Bearer', 'DPoP']) {
      const forged = await world.app.request(`${origin}/api/session`, {
        method: 'DELETE',
        headers: { authorization: `${scheme} a.b.c`, cookie: `__Host-sid=${'A'.repeat(43)}` },
      });
      expect(forged.status).toBe(401);
    }
    // Another scheme is no exemption.
    const basic = await world.app.request(`${origin}/api/session`, {
      method: 'DELETE',
      headers: { authorization: 'Basic eDp5', 'sec-fetch-site': 'cross-site' },
    });
    expect(basic.status).toBe(403);
  });

  it('sends every security header with every answer: pages, API, refusals, redirects, unknown paths', async () => {
    const answers = [
      await world.app.request(`${origin}/login`),
      await world.app.request(`${origin}/api/session`),
      await world.app.request(`${origin}/nowhere`),
      await world.app.request(`${origin}/links/new`),
      await world.app.request(`${origin}/logout`, { method: 'POST' }),
      await world.app.request(`${origin}/api/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'x' }),
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 303, 403, 400]);
    for (const { headers } of answers) {
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("form-action 'self' https://idp.example");
      expect(policy).not.toMatch(/unsafe/);
    }
  });

  it('gives every page a nonce of its own, and the page uses it', async () => {
    const pages = [await world.app.request(`${origin}/login`), await world.app.request(`${origin}/login`)];
    const nonces: string[] = [];
    for (const page of pages) {
      const nonce = /'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1] ?? '';
      nonces.push(nonce);
      const text = await page.text();
      expect(text).toContain(`nonce="${nonce}"`);
      expect(text).not.toMatch(/<script(?![^>]*src=)|\sstyle=|\son\w+=/);
    }
    expect(new Set(nonces).size).toBe(2);
  });
});
