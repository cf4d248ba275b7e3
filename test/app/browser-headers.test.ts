import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { PolicyViolation } from '../../src/web/csp-reports.ts';
import { caseAt, record } from '../hostile/support/procedure.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import { openSessionOf, type Session } from '../support/session.ts';
import { operationsOf, type RouteRow } from './support/operations.ts';

interface Route {
  readonly method: string;
  readonly path: string;
}

/** ASVS 5.0 chapter V3, over every route that there is: what a browser is told, whoever asks and whatever comes of it. */
describe('to a browser', { timeout: 120_000 }, () => {
  let world: HostileWorld;
  let clerk: Session;
  let app: ReturnType<typeof createApp>;
  let routes: readonly Route[];
  let ids: { readonly caseId: string; readonly documentId: string };
  const reported: unknown[] = [];

  beforeAll(async () => {
    world = await openHostileWorld();
    clerk = await world.as('juniorHigh-clerk');
    app = createApp(world.running.gateway, (error) => reported.push(error));
    const made = await caseAt(world, { upTo: 'draft', pupilId: 'pupil-01', documents: [record()] });
    ids = { caseId: made.id, documentId: made.documents[0]?.id ?? '' };
    routes = await everyRoute();
  }, 120_000);
  afterAll(() => world?.close());

  async function everyRoute(): Promise<readonly Route[]> {
    const document: unknown = JSON.parse(
      await readFile(join(import.meta.dirname, '..', '..', 'docs', 'openapi.json'), 'utf8'),
    );
    const described = operationsOf(document).map(({ name }) => {
      const [method = '', path = ''] = name.split(' ');
      return { method, path: path.replace(/\{(\w+)\}/g, ':$1') };
    });
    const registered = (app.routes as readonly RouteRow[]).filter(({ method }) => method !== 'ALL');
    const all = [...described, ...registered].map(({ method, path }) => ({ method, path: filled(path) }));
    const distinct = [...new Map(all.map((route) => [`${route.method} ${route.path}`, route])).values()];
    // Log-outs last: they end the session that the others are asked with.
    return distinct.toSorted((a, b) => Number(endsSession(a)) - Number(endsSession(b)));
  }

  function filled(path: string): string {
    return path
      .replace(':caseId', ids.caseId)
      .replace(':documentId', ids.documentId)
      .replace(':visibility', 'records')
      .replace(':year', '2026')
      .replace(':code', 'D111100000018')
      .replace(/:\w+(\{[^}]*\})?/g, 'x');
  }

  function endsSession({ method, path }: Route): boolean {
    return path === '/logout' || (method === 'DELETE' && /^\/api\/sessions?(\/|$)/.test(path));
  }

  function ask({ method, path }: Route, headers: Readonly<Record<string, string>> = {}) {
    return app.request(`${world.origin}${path}`, {
      method,
      headers: { 'sec-fetch-site': 'same-origin', accept: 'text/html,application/json', ...headers },
    });
  }

  it('V3.4.1 V3.4.3 V3.4.4 V3.4.5 V3.4.6 V3.4.7 V3.4.8 V14.3.2 says everything with every answer of every route', async () => {
    expect(routes.length).toBeGreaterThan(90);
    const wrong: string[] = [];
    for (const route of routes) {
      for (const headers of [{}, { cookie: clerk.cookie() }]) {
        const answer = await ask(route, headers);
        await answer.arrayBuffer();
        for (const lack of lacksOf(route, answer))
          wrong.push(`${route.method} ${route.path} ${answer.status}: ${lack}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  /** The one page that is meant for a frame, ours: of an opaque origin, and with less than any other (U-07). */
  function lacksOfFrame(headers: Headers): string[] {
    const policy = headers.get('content-security-policy') ?? '';
    const wanted: readonly (readonly [string, boolean])[] = [
      ['sandbox', policy.startsWith('sandbox allow-scripts;')],
      ['origin', !policy.includes('allow-same-origin')],
      ['default-src', policy.includes("default-src 'none'")],
      ['ancestors', policy.includes("frame-ancestors 'self'")],
      ['connect', !/connect-src (?!'none')/.test(policy)],
      ['inline', !policy.includes('unsafe-inline')],
      ['frames', headers.get('x-frame-options') === 'SAMEORIGIN'],
      ['referrer', headers.get('referrer-policy') === 'no-referrer'],
      ['hsts', headers.get('strict-transport-security') === 'max-age=63072000; includeSubDomains'],
      ['nosniff', headers.get('x-content-type-options') === 'nosniff'],
      ['cache', headers.get('cache-control') === 'no-store'],
    ];
    return wanted.filter(([, isThere]) => !isThere).map(([name]) => name);
  }

  function lacksOf({ path }: Route, { headers, status }: Response): string[] {
    if (path === '/preview/frame' && status === 200) return lacksOfFrame(headers);
    const policy = headers.get('content-security-policy') ?? '';
    const isFile = headers.get('content-disposition') !== null;
    // One page reads QR codes.
    const camera = path === '/verify' && status === 200 ? 'camera=(self)' : 'camera=()';
    const wanted: readonly (readonly [string, boolean])[] = [
      ['hsts', headers.get('strict-transport-security') === 'max-age=63072000; includeSubDomains'],
      ['nosniff', headers.get('x-content-type-options') === 'nosniff'],
      ['referrer', headers.get('referrer-policy') === 'same-origin'],
      ['coop', headers.get('cross-origin-opener-policy') === 'same-origin'],
      ['corp', headers.get('cross-origin-resource-policy') === 'same-origin'],
      ['permissions', (headers.get('permissions-policy') ?? '').includes(camera)],
      ['reports', headers.get('reporting-endpoints') === 'csp="/csp-reports"'],
      ['default-src', policy.includes("default-src 'none'")],
      ['unsafe', !/unsafe|\*|http:\/\/(?!localhost)/.test(policy)],
      ['sandbox', !isFile || policy.startsWith('sandbox')],
      ['ancestors', isFile || policy.includes("frame-ancestors 'none'")],
      ['report-to', isFile || (policy.includes('report-to csp') && policy.includes('report-uri /csp-reports'))],
      ['frames', headers.get('x-frame-options') === 'DENY'],
      // Hashes of the log and published figures are for everybody; nothing else is kept by anybody.
      ['cache', headers.get('cache-control') === 'no-store' || (isPublished(path) && status === 200)],
      // No other site is ever let in, so there is no preflight to get past (ASVS 3.4.2, 3.5.2).
      ['cors', headers.get('access-control-allow-origin') === null],
      ['server', headers.get('server') === null && headers.get('x-powered-by') === null],
      ['type', status === 204 || (status >= 300 && status < 400) || headers.get('content-type') !== null],
    ];
    return wanted.filter(([, isThere]) => !isThere).map(([name]) => name);
  }

  function isPublished(path: string): boolean {
    return path.startsWith('/log/') || /^\/api\/statistics(\.csv)?$/.test(path);
  }

  it('V3.5.2 answers no preflight', async () => {
    for (const path of ['/api/cases', '/api/session', '/api/token', '/login']) {
      const answer = await app.request(`${world.origin}${path}`, {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      });
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('V3.5.8 gives no page, picture or data into another site’s page, and lets its links lead here', async () => {
    // The session of the others was ended by the route that ends it.
    const cookie = (await openSessionOf(world.origin, 'juniorHigh-clerk')).cookie();
    const foreign = [
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ];
    for (const path of ['/api/cases?side=sender', '/cases', `/api/cases/${ids.caseId}`, '/sessions']) {
      for (const headers of foreign) {
        expect((await ask({ method: 'GET', path }, { ...headers, cookie })).status, path).toBe(403);
      }
      const followed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
      expect((await ask({ method: 'GET', path }, { ...followed, cookie })).status, path).toBe(200);
    }
  });

  it('V3.5.3 V14.2.1 changes nothing by GET, and shows no name, date or code in an address', async () => {
    const registered = app.routes as readonly RouteRow[];
    const pages = registered.filter(({ method, path }) => method === 'GET' && !path.startsWith('/assets'));
    expect(pages.length).toBeGreaterThan(20);
    const words = /birth|name|kana|password|secret|token|acceptance/i;
    expect(pages.map(({ path }) => path).filter((path) => words.test(path))).toEqual([]);
    const cookie = (await openSessionOf(world.origin, 'juniorHigh-clerk')).cookie();
    const answer = await ask({ method: 'GET', path: '/expectations' }, { cookie });
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toMatch(/method="get"[^]*name="(kana|birthDate|acceptanceCode|code)"/);
  });

  it('V14.3.1 is told to forget what it kept when a session ends', async () => {
    for (const [method, path] of [
      ['POST', '/logout'],
      ['DELETE', '/api/session'],
    ] as const) {
      const answer = await ask({ method, path });
      expect(answer.headers.get('clear-site-data'), path).toBe('"cache", "storage"');
    }
    expect((await ask({ method: 'GET', path: '/login' })).headers.get('clear-site-data')).toBeNull();
  });

  describe('a report of a broken policy', () => {
    const old = {
      'csp-report': {
        'document-uri': `http://localhost/cases/${'a'.repeat(30)}?kana=ヤマダ`,
        'effective-directive': 'script-src-elem',
        'blocked-uri': 'https://evil.example/steal?name=山田',
        'script-sample': 'alert("山田")',
      },
    };

    function send(body: string, headers: Readonly<Record<string, string>> = {}) {
      return app.request(`${world.origin}/csp-reports`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/csp-report',
          'content-length': String(Buffer.byteLength(body)),
          'sec-fetch-site': 'cross-site',
          ...headers,
        },
      });
    }

    it('V3.4.7 is taken in both forms, and three words of it are kept', async () => {
      reported.length = 0;
      expect((await send(JSON.stringify(old))).status).toBe(204);
      const body = {
        effectiveDirective: 'style-src-attr',
        blockedURL: 'inline',
        documentURL: 'http://localhost/login',
      };
      expect(
        (
          await send(
            JSON.stringify([
              { type: 'csp-violation', body },
              { type: 'deprecation', body: {} },
            ]),
          )
        ).status,
      ).toBe(204);
      expect(reported.every((error) => error instanceof PolicyViolation)).toBe(true);
      const told = (reported as readonly PolicyViolation[]).map(({ code, message }) => `${message}: ${code}`);
      const sentence = 'A page broke its Content-Security-Policy';
      expect(told).toEqual([
        `${sentence}: script-src-elem foreign /cases`,
        `${sentence}: style-src-attr inline /login`,
      ]);
      expect(JSON.stringify(told)).not.toMatch(/山田|ヤマダ|evil|aaaa/);
    });

    it('is bounded: garbage, what is too long and a flood are answered alike and told of a little', async () => {
      reported.length = 0;
      for (const body of [
        '',
        'null',
        '{"csp-report":1}',
        '[[[[',
        JSON.stringify({ ...old, pad: 'x'.repeat(20_000) }),
      ]) {
        expect((await send(body)).status).toBe(204);
      }
      expect(reported).toEqual([]);
      world.clock.pass(120_000);
      for (let time = 0; time < 60; time += 1) expect((await send(JSON.stringify(old))).status).toBe(204);
      expect(reported.length).toBeGreaterThanOrEqual(20);
      // A minute may have turned in between.
      expect(reported.length).toBeLessThanOrEqual(40);
    });
  });
});
