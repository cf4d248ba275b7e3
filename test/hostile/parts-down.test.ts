import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvents } from '../../src/audit/tables.ts';
import { objects } from '../../src/locker/tables.ts';
import { idempotencyKeys } from '../../src/transfers/tables.ts';
import { readAnswer } from '../support/answer.ts';
import type { JsonAnswer, Session } from '../support/session.ts';
import { announce, caseAt, contentPath, digestOf, jsonOf, record, refusalIn, take } from './support/procedure.ts';
import { codeOf, type HostileWorld, openHostileWorld } from './support/world.ts';

const patience = { timeout: 12_000, interval: 250 };

describe('a part that is down', { timeout: 60_000 }, () => {
  let world: HostileWorld;
  let clerk: Session;

  beforeAll(async () => {
    world = await openHostileWorld({}, 'own');
    clerk = await world.as('juniorHigh-clerk');
  }, 120_000);
  afterAll(() => world?.close());

  async function rowsOf(caseId: string) {
    const rows = await world.job('locker', (tx) => tx.select().from(objects).where(eq(objects.caseId, caseId)));
    return rows.length;
  }

  async function ready(): Promise<{ status: number; parts: Record<string, string> }> {
    const answer = await fetch(`${world.origin}/readyz`);
    // Sound: what /readyz says.
    const { parts } = (await answer.json()) as { parts: Record<string, string> };
    return { status: answer.status, parts };
  }

  async function put(caseId: string, documentId: string): Promise<JsonAnswer> {
    const bytes = jsonOf(1000);
    const answer = await clerk.send('PUT', contentPath({ caseId, documentId }), bytes, digestOf(bytes));
    return { status: answer.status, headers: answer.headers, body: readAnswer(await answer.text()) };
  }

  it('F-17 the key service: uploads and seals are refused, nothing is stored, and all goes on after', async () => {
    const made = await caseAt(world, { upTo: 'draft', documents: [] });
    const approved = await caseAt(world, { upTo: 'approved' });
    const file = world.demo.environment['KEYS_FILE'] ?? '';
    const seal = () =>
      clerk.json('POST', `/api/cases/${approved.id}/seal`, { confirmation: codeOf('cityHigh').slice(-4) });
    const upload = async () => put(made.id, await announce(world, made, record()));
    await rename(file, `${file}.away`);
    try {
      expect(refusalIn(await seal())).toBe('503 gateway.unavailable');
      expect(await ready()).toMatchObject({ status: 503, parts: { keys: 'down', database: 'ok' } });
      // Its word on itself is asked for every five seconds.
      await expect.poll(async () => refusalIn(await upload()), patience).toBe('503 gateway.unavailable');
      const stored = await rowsOf(made.id);
      expect(refusalIn(await upload())).toBe('503 gateway.unavailable');
      expect(await rowsOf(made.id)).toBe(stored);
    } finally {
      await rename(`${file}.away`, file);
    }
    // Readable by others is as good as lost.
    await chmod(file, 0o644);
    expect(refusalIn(await seal())).toBe('503 gateway.unavailable');
    await chmod(file, 0o600);
    expect((await ready()).parts['keys']).toBe('ok');
    await expect.poll(async () => (await upload()).status, patience).toBe(200);
    await take(world, approved, 'sealed');
  });

  it('the object store: 503, no document and no row half done, and the same place takes it afterwards', async () => {
    const made = await caseAt(world, { upTo: 'draft', documents: [] });
    const documentId = await announce(world, made, record());
    const folder = join(world.folder, 'objects');
    await rename(folder, `${folder}-away`);
    const refused = await put(made.id, documentId);
    await rename(`${folder}-away`, folder);
    expect(refusalIn(refused)).toBe('503 gateway.unavailable');
    const shown = await clerk.json('GET', `/api/cases/${made.id}`);
    expect(shown.body.documents[0]).toMatchObject({ state: 'uploading', bytes: null });
    expect((await put(made.id, documentId)).status).toBe(200);
  });

  it('F-12 the database, cut at random: each verb takes effect once or not at all, and a retry with its key finishes it', async () => {
    const admin = postgres(await adminUrl(), { max: 1 });
    let cuts = 0;
    /** Somewhere in the middle of what is under way, or between two of its transactions. */
    async function cutSoon(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
      const cut = await admin`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'hikitsugi_app'`;
      cuts += cut.length;
    }
    const seen = new Set<number>();
    async function untilDone(send: () => Promise<JsonAnswer>): Promise<JsonAnswer> {
      for (let tries = 0; tries < 60; tries += 1) {
        // Paced by progress, not by time: on a slow machine the same cuts would never let anything through.
        const [answer] = await Promise.all([send(), tries < 3 ? cutSoon() : undefined]);
        seen.add(answer.status);
        if (answer.status < 400) return answer;
        // While it is cut off the gateway says "later", and in its own words.
        expect(refusalIn(answer)).toMatch(/^503 (gateway\.unavailable|log\.stalled)$/);
      }
      throw new Error('it never went through');
    }
    const keyed = (session: Session, method: string, path: string, body: unknown) => {
      const key = { 'idempotency-key': randomUUID() };
      return untilDone(() => session.json(method, path, body, key));
    };
    try {
      for (let round = 0; round < 6; round += 1) {
        const draft = await keyed(clerk, 'POST', '/api/cases', {
          kind: 'advancement',
          pupilId: 'pupil-03',
          recipientCode: codeOf('cityHigh'),
        });
        const path = `/api/cases/${draft.body.id}`;
        await keyed(clerk, 'PUT', `${path}/recipient`, { recipientCode: codeOf('privateHigh') });
        await keyed(clerk, 'POST', `${path}/documents`, {
          kind: 'cumulativeRecord',
          form: 'extract',
          title: '見本',
          mediaType: 'application/json',
        });
        const shown = await untilDone(() => clerk.json('GET', path));
        expect(shown.body.documents).toHaveLength(1);
        await expectOnce(draft.body.id);
      }
    } finally {
      await admin.end();
    }
    expect(cuts).toBeGreaterThan(5);
    expect([...seen].every((status) => [200, 201, 503].includes(status))).toBe(true);
    expect((await ready()).parts['database']).toBe('ok');
  });

  async function expectOnce(caseId: string): Promise<void> {
    // The reading may be cut as well.
    for (let tries = 0; ; tries += 1) {
      try {
        const counts = await Promise.all(
          (['case.created', 'case.addressed'] as const).map((name) =>
            world.job('ledger', (tx) =>
              tx
                .select()
                .from(auditEvents)
                .where(and(eq(auditEvents.caseId, caseId), eq(auditEvents.name, name))),
            ),
          ),
        );
        expect(counts.map((rows) => rows.length)).toEqual([1, 1]);
        return;
      } catch (reason) {
        if (tries > 50 || !(reason instanceof Error) || reason.name === 'AssertionError') throw reason;
      }
    }
  }

  it('the database, gone for a while: 503 in plain words, and everything as before afterwards', async () => {
    const made = await caseAt(world, { upTo: 'sealed' });
    const admin = postgres(await adminUrl(), { max: 1 });
    const key = { 'idempotency-key': randomUUID() };
    const path = `/api/cases/${made.id}/deposit`;
    await admin`alter role hikitsugi_app nologin`;
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'hikitsugi_app'`;
    try {
      expect(refusalIn(await clerk.json('POST', path, {}, key))).toMatch(/^503 gateway\.unavailable$/);
      expect((await ready()).status).toBe(503);
    } finally {
      await admin`alter role hikitsugi_app login`;
      await admin.end();
    }
    await expect.poll(async () => (await ready()).status, { timeout: 20_000 }).toBe(200);
    expect((await clerk.json('POST', path, {}, key)).body).toMatchObject({ state: 'deposited' });
    expect((await clerk.json('POST', path, {}, key)).body).toMatchObject({ state: 'deposited' });
    const deposits = await world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.caseId, made.id), eq(auditEvents.name, 'package.deposited'))),
    );
    expect(deposits.map(({ side }) => side).toSorted((one, two) => one.localeCompare(two))).toEqual([
      'recipient',
      'sender',
    ]);
    const actor = { actor: 'staff:juniorHigh-clerk', school: codeOf('juniorHigh') };
    const keys = await world.running.gateway.database.transaction(actor, (tx) =>
      tx
        .select()
        .from(idempotencyKeys)
        .where(eq(idempotencyKeys.operation, `POST ${path}`)),
    );
    expect(keys).toHaveLength(1);
  });

  /** The embedded server's own administrator, by the passwords that lie beside its cluster. */
  async function adminUrl(): Promise<string> {
    const text = await readFile(join(world.folder, 'postgres', 'passwords.json'), 'utf8');
    // Sound: written by the embedded server in this shape.
    const { admin } = JSON.parse(text) as { admin: string };
    const url = new URL(world.demo.environment['DATABASE_URL'] ?? '');
    url.username = 'postgres';
    url.password = admin;
    return url.href;
  }
});
