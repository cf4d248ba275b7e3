import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStore, newKey, pieces, read } from './contract.ts';
import { type R2Server, startR2 } from './r2.ts';

describeStore('S3 (R2 of miniflare)', async () => {
  const server = await startR2();
  return { store: server.open(), leftovers: async () => [], close: () => server.close() };
});

/** What stands between the gateway and the store in one test. */
type Disturbance = (call: { method: string; url: string; count: number }) => Effect;
type Effect = 'pass' | 'pass-then-500' | 'slow-down' | 'cut';

describe('S3 store behind a bad line', () => {
  let server: R2Server;
  let proxy: Server;
  let disturb: Disturbance = () => 'pass';
  let calls: string[] = [];
  let endpoint: string;

  beforeAll(async () => {
    server = await startR2();
    proxy = createServer((incoming, outgoing) => {
      calls.push(`${incoming.method}`);
      const call = { method: incoming.method ?? '', url: incoming.url ?? '', count: calls.length };
      forward(new URL(server.settings.endpoint), { incoming, outgoing, effect: disturb(call) });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    // Sound: a listening TCP server has an AddressInfo.
    const { port } = proxy.address() as AddressInfo;
    endpoint = `http://127.0.0.1:${port}${new URL(server.settings.endpoint).pathname}`;
  });
  afterAll(async () => {
    proxy.close();
    proxy.closeAllConnections();
    await server.close();
  });

  async function withEffect<T>(effect: Disturbance, work: () => Promise<T>): Promise<T> {
    disturb = effect;
    calls = [];
    try {
      return await work();
    } finally {
      disturb = () => 'pass';
    }
  }

  it('F-04 a put answered with 500 although it was kept is found again by its retry', async () => {
    const store = server.open({ endpoint });
    const key = newKey();
    const bytes = randomBytes(300_000);
    const outcome = await withEffect(
      ({ count }) => (count === 1 ? 'pass-then-500' : 'pass'),
      () => store.put(key, pieces(bytes)),
    );
    expect(outcome).toBe('exists');
    expect(calls).toEqual(['PUT', 'PUT']);
    expect(Buffer.compare(await read(store, key), bytes)).toBe(0);
  });

  it('F-06 tries again when the store asks to slow down or the line is cut, and stores once', async () => {
    const store = server.open({ endpoint });
    for (const effect of ['slow-down', 'cut'] as const) {
      const key = newKey();
      const outcome = await withEffect(
        ({ count }) => (count === 1 ? effect : 'pass'),
        () => store.put(key, pieces(randomBytes(1000))),
      );
      expect(outcome).toBe('stored');
      expect(calls).toEqual(['PUT', 'PUT']);
    }
  });

  it('F-06 gives up after a bounded number of tries', async () => {
    const store = server.open({ endpoint });
    const put = withEffect(
      () => 'slow-down',
      () => store.put(newKey(), pieces(randomBytes(1000))),
    );
    await expect(put).rejects.toThrow();
    expect(calls).toHaveLength(4);
  });

  it('F-09 a multipart upload whose completion was answered with 500 counts once', async () => {
    const store = server.open({ endpoint });
    const key = newKey();
    const bytes = randomBytes(9 * 2 ** 20);
    let failed = false;
    const outcome = await withEffect(
      ({ method, url }) => {
        if (failed || method !== 'POST' || !url.includes('uploadId=')) return 'pass';
        failed = true;
        return 'pass-then-500';
      },
      () => store.put(key, pieces(bytes)),
    );
    expect(failed).toBe(true);
    expect(['stored', 'exists']).toContain(outcome);
    expect(Buffer.compare(await read(store, key), bytes)).toBe(0);
  });

  it('ends a multipart upload whose body broke off', async () => {
    const store = server.open({ endpoint });
    async function* cut(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* pieces(randomBytes(17 * 2 ** 20));
      throw new Error('the line is cut');
    }
    const put = withEffect(
      () => 'pass',
      () => store.put(newKey(), cut()),
    );
    await expect(put).rejects.toThrow('the line is cut');
    // Begin, two parts, and the end of it.
    expect(calls.toSorted()).toEqual(['DELETE', 'POST', 'PUT', 'PUT']);
  });

  it('F-10 refuses a store that ignores If-None-Match', async () => {
    const careless = await startCareless();
    const store = server.open({ endpoint: careless.endpoint });
    expect(await store.put('a', pieces(randomBytes(1)))).toBe('stored');
    await expect(store.selfTest()).rejects.toThrow('ignores If-None-Match');
    careless.close();
  });

  it('leaves interrupted multipart uploads to the bucket where the store cannot list them', async () => {
    // Local R2 answers 501 to ListMultipartUploads.
    await server.open().sweep(new Date());
  });

  it('refuses to start with a wrong secret', async () => {
    await expect(server.open({ secretAccessKey: 'another' }).selfTest()).rejects.toThrow();
  });
});

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly effect: Effect;
}

function forward(target: URL, { incoming, outgoing, effect }: Exchange): void {
  if (effect === 'cut') {
    incoming.socket.destroy();
    return;
  }
  if (effect === 'slow-down') {
    incoming.resume().on('end', () => outgoing.writeHead(503).end(errorXml('SlowDown')));
    return;
  }
  // The signature covers the host that the client called; the local store takes the path as it stands.
  const onward = request(
    {
      host: target.hostname,
      port: target.port,
      path: incoming.url,
      method: incoming.method,
      headers: incoming.headers,
    },
    (answer) => {
      if (effect === 'pass-then-500') {
        answer.resume().on('end', () => outgoing.writeHead(500).end(errorXml('InternalError')));
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}

/** Says 200 to every PUT, as some S3-like servers do, and lets the last one win. */
async function startCareless(): Promise<{ endpoint: string; close(): void }> {
  const kept = new Map<string, Buffer>();
  const listener = createServer((incoming, outgoing) => {
    const path = new URL(incoming.url ?? '', 'http://localhost').pathname;
    const body: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => body.push(piece));
    incoming.on('end', () => {
      if (incoming.method === 'PUT') kept.set(path, Buffer.concat(body));
      if (incoming.method === 'DELETE') kept.delete(path);
      const found = kept.get(path);
      const reads = incoming.method === 'GET' || incoming.method === 'HEAD';
      outgoing.writeHead(reads && found === undefined ? 404 : 200, { ETag: '"x"' });
      outgoing.end(reads ? found : undefined);
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  // Sound: a listening TCP server has an AddressInfo.
  const { port } = listener.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close() {
      listener.close();
      listener.closeAllConnections();
    },
  };
}

function errorXml(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>injected</Message></Error>`;
}
