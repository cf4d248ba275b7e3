import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchFromProvider } from '../../src/identity/provider-fetch.ts';
import { openProviderKeys } from '../../src/identity/provider-keys.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe('what is asked of a provider', () => {
  let server: Server;
  let uri: string;
  let answer: Answer;
  let asked: IncomingMessage[] = [];
  let now = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    uri = `http://127.0.0.1:${address.port}/jwks`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
    now = 1_790_000_000_000;
  });

  const json =
    (body: unknown, status = 200): Answer =>
    (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
  const jwk = (kid?: string) => ({ kty: 'EC', kid });
  const open = (timeoutSeconds = 5) => openProviderKeys({ uri, timeoutSeconds, now: () => now });

  describe('the keys', () => {
    it('are chosen by key id, or by being the only one', async () => {
      answer = json({ keys: [jwk('a'), jwk('b')] });
      expect(await open().find('b')).toEqual({ jwk: jwk('b') });
      expect(await open().find(undefined)).toBeNull();
      expect(await open().find('c')).toBeNull();
      answer = json({ keys: [jwk('a'), jwk('a')] });
      expect(await open().find('a')).toBeNull();
      answer = json({ keys: [jwk('a')] });
      expect(await open().find(undefined)).toEqual({ jwk: jwk('a') });
      answer = json({ keys: [] });
      expect(await open().find(undefined)).toBeNull();
    });

    it('are asked for as JSON, by GET', async () => {
      answer = json({ keys: [] });
      await open().find('a');
      expect([asked[0]?.method, asked[0]?.headers.accept]).toEqual(['GET', 'application/json']);
    });

    it('are kept for an hour', async () => {
      answer = json({ keys: [jwk('a')] });
      const keys = open();
      await keys.find('a');
      now += 3_599_999;
      expect(await keys.find('a')).not.toBeNull();
      expect(asked).toHaveLength(1);
      now += 1;
      expect(await keys.find('a')).not.toBeNull();
      expect(asked).toHaveLength(2);
    });

    it('are asked for once more when one is missing, and then not within a minute', async () => {
      answer = json({ keys: [jwk('a')] });
      const keys = open();
      expect(await keys.find('b')).toBeNull();
      // What has just come says all that there is.
      expect(asked).toHaveLength(1);
      answer = json({ keys: [jwk('b')] });
      expect(await keys.find('b')).not.toBeNull();
      expect(asked).toHaveLength(2);
      now += 59_999;
      expect(await keys.find('c')).toBeNull();
      expect(asked).toHaveLength(2);
      now += 1;
      expect(await keys.find('c')).toBeNull();
      expect(asked).toHaveLength(3);
    });

    it.each<[string, Answer, string]>([
      ['another status', json({ keys: [] }, 201), 'keys-missing'],
      ['no JSON', (_request, response) => void response.end('<h1>'), 'keys-malformed'],
      ['no keys', json({}), 'keys-malformed'],
      ['too many of them', json({ keys: Array.from({ length: 51 }, () => jwk('a')) }), 'keys-malformed'],
    ])('are unavailable by %s, which is not kept', async (_name, wrong, detail) => {
      answer = wrong;
      const keys = open();
      await expect(keys.find('a')).rejects.toMatchObject({ reason: { kind: 'unavailable', detail } });
      answer = json({ keys: [jwk('a')] });
      expect(await keys.find('a')).not.toBeNull();
    });

    it('stay when an earlier question fails late', async () => {
      let late: ServerResponse | undefined;
      answer = (_request, response) => {
        late = response;
      };
      const keys = open();
      const first = keys.find('a').catch(() => 'failed');
      await expect.poll(() => asked.length).toBe(1);
      now += 3_600_000;
      answer = json({ keys: [jwk('a')] });
      expect(await keys.find('a')).not.toBeNull();
      late?.destroy();
      expect(await first).toBe('failed');
      expect(await keys.find('a')).not.toBeNull();
      expect(asked).toHaveLength(2);
    });

    it('are not waited for longer than the settings say', async () => {
      answer = () => undefined;
      await expect(open(0.05).find('a')).rejects.toThrow('timeout');
    });

    it('have a clock of their own where none is given', async () => {
      answer = json({ keys: [jwk('a')] });
      const keys = openProviderKeys({ uri, timeoutSeconds: 5 });
      await keys.find('a');
      await keys.find('a');
      expect(asked).toHaveLength(1);
    });
  });

  describe('an answer', () => {
    const get = (options: object = {}) => fetchFromProvider(uri, { method: 'GET', headers: {}, ...options });

    it('is read up to 256 KiB, and no further', async () => {
      answer = (_request, response) => void response.writeHead(200, { 'x-a': 'b' }).end('x'.repeat(256 * 1024));
      const whole = await get();
      expect([whole.status, whole.headers.get('x-a'), (await whole.text()).length]).toEqual([200, 'b', 256 * 1024]);
      answer = (_request, response) => void response.end('x'.repeat(256 * 1024 + 1));
      await expect(get()).rejects.toMatchObject({ reason: { kind: 'unavailable', detail: 'answer-too-large' } });
    });

    it('leads nowhere else', async () => {
      answer = (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end();
      expect((await get()).status).toBe(302);
      expect(asked.map(({ url }) => url)).toEqual(['/jwks']);
    });

    it.each([204, 205, 304])('may have no body: %i', async (status) => {
      answer = (_request, response) => void response.writeHead(status).end();
      const empty = await get();
      expect([empty.status, empty.body]).toEqual([status, null]);
    });

    it('of a question for its head is empty', async () => {
      answer = (_request, response) => void response.end();
      expect(await (await get({ method: 'HEAD' })).text()).toBe('');
    });

    it('is to what was asked, with its headers and its body', async () => {
      answer = (request, response) => void request.pipe(response.writeHead(200));
      const said = await get({ method: 'POST', headers: { 'x-c': 'd' }, body: 'a=b' });
      expect([await said.text(), asked[0]?.headers['x-c'], asked[0]?.method]).toEqual(['a=b', 'd', 'POST']);
    });
  });
});
