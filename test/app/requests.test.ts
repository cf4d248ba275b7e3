import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { type HostileWorld, openHostileWorld } from '../hostile/support/world.ts';
import type { Session } from '../support/session.ts';
import type { RouteRow } from './support/operations.ts';

const contentTypes = [
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/json',
  'application/octet-stream',
];

/** No cookie is read there, so no page of ours has to have sent it. */
const cookieless = [
  '/api/presentation-requests',
  '/api/presentation-requests/:requestId/number',
  '/api/token',
  '/api/verifications',
  '/csp-reports',
  '/login/backchannel/:provider',
  '/s/:shareLink',
  '/s/:shareLink/credential',
  '/s/:shareLink/file',
  '/s/:shareLink/watchers',
  '/w/:watchLink',
  '/w/:watchLink/removal',
  '/wallet/nonce',
  '/wallet/par',
  '/wallet/token',
  '/wallet/credential',
  '/verify/wallet/requests/:requestId',
  '/verify/wallet/responses/:requestId',
];

/** What another site can make a browser send; `undefined` is an old browser without fetch metadata. */
const foreign: readonly Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  { 'sec-fetch-site': 'same-site', origin: 'https://sibling.example' },
  { 'sec-fetch-site': 'none' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  {},
];

describe('every request', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let clerk: Session;
  let unsafe: readonly RouteRow[];

  beforeAll(async () => {
    world = await openHostileWorld();
    clerk = await world.as('juniorHigh-clerk');
    const app = createApp(world.running.gateway, () => undefined);
    const rows = (app.routes as readonly RouteRow[]).filter(({ method }) => !['GET', 'ALL'].includes(method));
    unsafe = [...new Map(rows.map((row) => [`${row.method} ${row.path}`, row])).values()];
  }, 120_000);

  afterAll(() => world?.close());

  it('A-07 is refused on each unsafe route, whatever its content type, when another site sent it', async () => {
    expect(unsafe.length).toBeGreaterThan(45);
    const app = createApp(world.running.gateway, () => undefined);
    const cookie = clerk.cookie();
    const letIn: string[] = [];
    for (const { method, path } of unsafe.filter((row) => !cookieless.includes(row.path))) {
      for (const type of contentTypes) {
        for (const headers of foreign) {
          const url = `${world.origin}${path.replace(/:\w+(\{[^}]*\})?/g, 'x')}`;
          const init = { method, headers: { cookie, 'content-type': type, accept: 'application/json', ...headers } };
          const answer = await app.request(url, { ...init, ...(method === 'DELETE' ? {} : { body: '' }) });
          const { code } = (await answer.json()) as { code?: string };
          if (answer.status !== 403 || code !== 'request.cross-site') letIn.push(`${method} ${path} ${type}`);
        }
      }
    }
    expect(letIn).toEqual([]);
  });

  it.each(['gzip', 'br', 'identity'])('U-15 with Content-Encoding %s is not read', async (encoding) => {
    for (const { method, path } of unsafe.filter((row) => row.method !== 'DELETE')) {
      const answer = await clerk.send(method, path.replace(/:\w+(\{[^}]*\})?/g, 'x'), '{}', {
        'content-type': 'application/json',
        'content-encoding': encoding,
      });
      await answer.arrayBuffer();
      expect([method, path, answer.status]).toEqual([method, path, 415]);
    }
  });

  it('of JSON that is too large is refused, told or not how much comes', async () => {
    const large = JSON.stringify({ kind: 'advancement', pupilId: 'x'.repeat(300_000) });
    const told = await clerk.json('POST', '/api/cases', { pupilId: 'x'.repeat(300_000) });
    expect([told.status, told.body.code, told.body.detail]).toEqual([
      413,
      'request.too-large',
      expect.stringContaining('256 KB'),
    ]);
    expect(await sendChunked(large)).toBe(413);
  });

  it('of JSON that is no JSON, or not an object of the schema, is malformed and names the field', async () => {
    const headers = { 'content-type': 'application/json', 'accept-language': 'en' };
    const broken = await clerk.send('POST', '/api/cases', '{"kind":', headers);
    expect([broken.status, await broken.json()]).toEqual([400, expect.objectContaining({ code: 'request.malformed' })]);
    const wrong = await clerk.json('POST', '/api/cases', { kind: 'holiday', pupilId: 'pupil-01' });
    expect([wrong.status, wrong.body.errors.length]).toEqual([400, 1]);
  });

  it.each(['state', 'senderCode', 'approvedBy'])('Z-03 with a field %s of its own is refused', async (field) => {
    const answer = await clerk.json('POST', '/api/cases', { kind: 'advancement', pupilId: 'pupil-01', [field]: 'x' });
    expect([answer.status, answer.body.code]).toEqual([400, 'request.malformed']);
  });

  it.each(['/', '/login', '/api', '/problems', '/healthz', '/openapi.json', '/api/cases', '/nowhere'])(
    'for %s carries the security headers',
    async (path) => {
      const answer = await clerk.send('GET', path);
      await answer.arrayBuffer();
      const header = (name: string) => answer.headers.get(name);
      expect(header('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(header('content-security-policy')).not.toContain('unsafe-inline');
      expect(header('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
      expect(header('x-content-type-options')).toBe('nosniff');
      expect(header('cache-control')).toContain('no-store');
      expect(header('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  /** A body without Content-Length, piece by piece, as no fetch sends it. */
  function sendChunked(text: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = {
        cookie: clerk.cookie(),
        origin: world.origin,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      };
      const sent = request(`${world.origin}/api/cases`, { method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }
});
