import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { objects } from '../../src/locker/tables.ts';
import {
  announce,
  caseAt,
  contentPath,
  digestOf,
  jsonOf,
  record,
  refusalIn,
  type TestCase,
} from './support/procedure.ts';
import { type HostileWorld, openHostileWorld } from './support/world.ts';

describe('a hostile or unlucky upload', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let made: TestCase;

  beforeAll(async () => {
    world = await openHostileWorld();
    made = await caseAt(world, { upTo: 'draft', documents: [] });
  }, 120_000);
  afterAll(() => world?.close());

  /** Announces, sends as told, and gives what the gateway said, what it stored and what it logged. */
  async function attempt(send: (path: string) => Promise<{ status: number; code: string | null }>) {
    const documentId = await announce(world, made, record());
    const before = await storeState();
    const answer = await send(contentPath({ caseId: made.id, documentId }));
    await settled(before.refused);
    const after = await storeState();
    const clerk = await world.as('juniorHigh-clerk');
    const shown = await clerk.json('GET', `/api/cases/${made.id}`);
    const document = shown.body.documents.find(({ id }) => id === documentId);
    return {
      documentId,
      answer,
      document,
      left: after.objects - before.objects,
      refusals: after.refused - before.refused,
    };
  }

  async function storeState() {
    let stored = 0;
    for await (const _key of world.running.gateway.objects.list('objects/')) stored += 1;
    const rows = await world.job('locker', (tx) => tx.select().from(objects).where(eq(objects.caseId, made.id)));
    expect(rows).toHaveLength(stored);
    return { objects: stored, refused: await refusals() };
  }

  async function refusals(): Promise<number> {
    const rows = await world.job('ledger', (tx) =>
      tx.select().from(auditEvents).where(eq(auditEvents.outcome, 'refused')),
    );
    return rows.length;
  }

  /** After a lost connection the refusal is written without anybody waiting for it. */
  async function settled(refusedBefore: number): Promise<void> {
    for (let tries = 0; tries < 100; tries += 1) {
      // The refusal comes last: before it the gateway may not even have begun to take the bytes.
      const isRefused = (await refusals()) > refusedBefore;
      const rows = await world.job('locker', (tx) => tx.select().from(objects).where(eq(objects.state, 'uploading')));
      if (isRefused && rows.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function put(path: string, body: Uint8Array, headers: Record<string, string>) {
    const clerk = await world.as('juniorHigh-clerk');
    const answer = await clerk.send('PUT', path, body, headers);
    // Sound: problems carry a code, and nothing else is looked at.
    const { code } = (await answer.json()) as { code?: string };
    return { status: answer.status, code: code ?? null };
  }

  async function expectNothingKept(tried: Awaited<ReturnType<typeof attempt>>): Promise<void> {
    expect(tried.document).toMatchObject({ state: 'uploading', bytes: null, sha256: null });
    expect([tried.left, tried.refusals]).toEqual([0, 1]);
    // The same place takes the right bytes afterwards.
    const good = jsonOf(1000);
    const path = contentPath({ caseId: made.id, documentId: tried.documentId });
    expect((await put(path, good, digestOf(good))).status).toBe(200);
  }

  it('U-12 with a wrong digest is refused, and nothing of it is kept', async () => {
    const tried = await attempt((path) => put(path, jsonOf(300_000), digestOf(jsonOf(300_000))));
    expect(tried.answer).toEqual({ status: 400, code: 'document.digest-mismatch' });
    await expectNothingKept(tried);
  });

  it('with a digest header that is no digest is refused before its bytes are read', async () => {
    const tried = await attempt((path) => put(path, jsonOf(100), { 'repr-digest': 'sha-256=:not base64:' }));
    expect(tried.answer).toEqual({ status: 400, code: 'document.digest-missing' });
    await expectNothingKept(tried);
  });

  it('that loses its connection in the middle leaves nothing, and can be sent again', async () => {
    const cookie = (await world.as('juniorHigh-clerk')).cookie();
    const tried = await attempt(async (path) => {
      await cutUpload(world, { path, cookie, announced: 300_000, sent: randomBytes(150_000) });
      return { status: 0, code: null };
    });
    await expectNothingKept(tried);
  });

  it('that ends before its announced length leaves nothing, and can be sent again', async () => {
    const cookie = (await world.as('juniorHigh-clerk')).cookie();
    const tried = await attempt(async (path) => {
      await cutUpload(world, { path, cookie, announced: 300_000, sent: jsonOf(299_999), politely: true });
      return { status: 0, code: null };
    });
    await expectNothingKept(tried);
  });

  it('U-09 that is not what it says is refused: HTML as PDF, text as PNG', async () => {
    for (const mediaType of ['application/pdf', 'image/png', 'image/jpeg'] as const) {
      const documentId = await announce(world, made, { kind: 'other', form: 'copy', mediaType });
      const html = new TextEncoder().encode('<!doctype html><script>alert(1)</script>');
      const answer = await put(contentPath({ caseId: made.id, documentId }), html, digestOf(html, mediaType));
      expect(answer).toEqual({ status: 415, code: 'document.not-what-it-says' });
    }
  });

  it('U-10 larger than allowed is refused, announced or not', async () => {
    const limit = world.running.gateway.settings.MAX_DOCUMENT_BYTES;
    const cookie = (await world.as('juniorHigh-clerk')).cookie();
    const tried = await attempt(async (path) => {
      const answer = await cutUpload(world, { path, cookie, announced: limit + 1, sent: jsonOf(1000), read: true });
      return {
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]),
        code: /"code":"([^"]+)"/.exec(answer)?.[1] ?? null,
      };
    });
    expect(tried.answer).toEqual({ status: 413, code: 'request.too-large' });
    await expectNothingKept(tried);
  });

  it('U-15 with a Content-Encoding is not read at all', async () => {
    const documentId = await announce(world, made, record());
    const answer = await put(contentPath({ caseId: made.id, documentId }), jsonOf(100), { 'content-encoding': 'gzip' });
    expect(answer).toEqual({ status: 415, code: 'request.encoded' });
  });

  it('U-11 sent twice at once is stored once', async () => {
    const documentId = await announce(world, made, record());
    const before = await storeState();
    const [one, two] = [jsonOf(200_000), jsonOf(200_001)];
    const path = contentPath({ caseId: made.id, documentId });
    const answers = await Promise.all([put(path, one, digestOf(one)), put(path, two, digestOf(two))]);
    await settled(before.refused);
    await world.running.gateway.locker.collectOrphans();
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409']);
    expect((await storeState()).objects - before.objects).toBe(1);
  });

  it('that was finished cannot be sent over', async () => {
    const documentId = await announce(world, made, record());
    const path = contentPath({ caseId: made.id, documentId });
    const [first, second] = [jsonOf(500), jsonOf(501)];
    expect((await put(path, first, digestOf(first))).status).toBe(200);
    expect(await put(path, second, digestOf(second))).toEqual({ status: 409, code: 'case.wrong-state' });
  });

  it('of JSON where JSON is asked for is bounded too, on every route and for strangers', async () => {
    const huge = `{"title":"${'x'.repeat(400_000)}"}`;
    for (const path of [`/api/cases/${made.id}/documents`, '/api/cases', `/api/cases/${made.id}/submission`]) {
      const answer = await fetch(`${world.origin}${path}`, {
        method: 'POST',
        headers: { origin: world.origin, 'content-type': 'application/json' },
        body: huge,
      });
      expect([path, answer.status]).toEqual([path, 413]);
    }
  });

  it('of a body that is no JSON, or holds what the database cannot, is a plain 400', async () => {
    const clerk = await world.as('juniorHigh-clerk');
    const headers = { 'content-type': 'application/json' };
    const broken = await clerk.send('POST', '/api/cases', '{"kind":', headers);
    expect([broken.status, broken.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    const nul = await clerk.json('POST', '/api/cases', { kind: 'advancement', pupilId: 'a\u0000b' });
    expect(refusalIn(nul)).toBe('400 request.malformed');
    for (const path of ['/api/cases/%00', `/api/cases/${made.id}/documents/%00/content`, '/api/cases/%ff%fe']) {
      const answer = await clerk.json('GET', path);
      expect([path, answer.status < 500]).toEqual([path, true]);
    }
  });
});

/** Sends a request by hand, and breaks off after what it was given. */
async function cutUpload(
  world: HostileWorld,
  cut: {
    readonly path: string;
    readonly cookie: string;
    readonly announced: number;
    readonly sent: Uint8Array;
    readonly politely?: boolean;
    readonly read?: boolean;
  },
): Promise<string> {
  const { port, hostname } = new URL(world.origin);
  const socket = connect(Number(port), hostname === 'localhost' ? '127.0.0.1' : hostname);
  let received = '';
  socket.on('data', (data) => {
    received += data.toString('utf8');
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined);
  const digest = createHash('sha256').update(cut.sent).digest('base64');
  socket.write(
    [
      `PUT ${cut.path} HTTP/1.1`,
      `Host: ${new URL(world.origin).host}`,
      `Origin: ${world.origin}`,
      'Sec-Fetch-Site: same-origin',
      `Cookie: ${cut.cookie}`,
      'Content-Type: application/json',
      `Content-Length: ${cut.announced}`,
      `Repr-Digest: sha-256=:${digest}:`,
      'Accept: application/json',
      '',
      '',
    ].join('\r\n'),
  );
  await new Promise((resolve) => socket.write(cut.sent, resolve));
  if (cut.read === true) {
    for (let tries = 0; tries < 100 && !received.includes('"code"'); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  // Far enough for the gateway to be writing when the line is cut.
  else await new Promise((resolve) => setTimeout(resolve, 50));
  if (cut.politely === true) socket.end();
  else socket.resetAndDestroy();
  await closed;
  return received;
}
