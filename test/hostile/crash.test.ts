import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEventName } from '../../src/audit/event-names.ts';
import { auditEvents } from '../../src/audit/tables.ts';
import { objects } from '../../src/locker/tables.ts';
import { openHeaderSession, type Session } from '../support/session.ts';
import type { Crash } from './support/crashing-gateway.ts';
import {
  announce,
  caseAt,
  contentPath,
  digestOf,
  jsonOf,
  record,
  type Step,
  type TestCase,
} from './support/procedure.ts';
import { codeOf, day, type HostileWorld, openHostileWorld } from './support/world.ts';

/** A gateway in a process of its own, which dies by SIGKILL at a chosen place. */
describe('kill -9', { timeout: 120_000 }, () => {
  const program = join(import.meta.dirname, '../../.data/test/crashing-gateway.mjs');
  let world: HostileWorld;

  beforeAll(async () => {
    await build({
      entryPoints: [join(import.meta.dirname, 'support/crashing-gateway.ts')],
      outfile: program,
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      jsx: 'automatic',
      jsxImportSource: 'hono/jsx',
      logLevel: 'error',
    });
    world = await openHostileWorld();
  }, 120_000);
  afterAll(() => world?.close());

  /** Sends one request to a gateway that dies of it; tells that no answer came. */
  async function dieOf(crash: Crash, send: (session: Session) => Promise<unknown>): Promise<void> {
    const child = fork(program, { env: { ...process.env, ...world.demo.environment, PORT: '0' }, stdio: 'pipe' });
    const exited = new Promise<string | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const port = await message(child);
    const armed = message(child);
    child.send(crash);
    await armed;
    const clerk = await world.as('juniorHigh-clerk');
    const session = openHeaderSession(`http://127.0.0.1:${String(port)}`, {
      cookie: clerk.cookie(),
      origin: world.origin,
    });
    const answered = await send(session).then(
      () => true,
      () => false,
    );
    child.kill('SIGKILL');
    expect([answered, await exited]).toEqual([false, 'SIGKILL']);
  }

  function message(child: ChildProcess): Promise<unknown> {
    return new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', () => reject(new Error('the gateway ended before it listened')));
    });
  }

  function doneOf(caseId: string, name: AuditEventName) {
    return world.job('ledger', (tx) =>
      tx
        .select()
        .from(auditEvents)
        .where(and(eq(auditEvents.caseId, caseId), eq(auditEvents.name, name), eq(auditEvents.outcome, 'done'))),
    );
  }

  function rowsOf(caseId: string) {
    return world.job('locker', (tx) => tx.select().from(objects).where(eq(objects.caseId, caseId)));
  }

  async function uploaded(after: Crash['after']) {
    const made = await caseAt(world, { upTo: 'draft', documents: [] });
    const path = contentPath({ caseId: made.id, documentId: await announce(world, made, record()) });
    const bytes = jsonOf(100_000);
    const headers = { ...digestOf(bytes), 'idempotency-key': randomUUID() };
    const put = (session: Session) => session.send('PUT', path, bytes, headers);
    await dieOf({ after, operation: `PUT ${path}` }, put);
    return { made, path, bytes, put, clerk: await world.as('juniorHigh-clerk') };
  }

  it('F-02 after the commit of an upload, before its answer: the retry gets the stored answer', async () => {
    const { made, put, clerk } = await uploaded('commit');
    const retried = await put(clerk);
    expect(retried.status).toBe(200);
    expect(await retried.json()).toMatchObject({ state: 'ready', bytes: 100_000 });
    expect([(await doneOf(made.id, 'document.added')).length, (await rowsOf(made.id)).length]).toEqual([1, 1]);
  });

  it.each<[Step, string, unknown, Step, 'package.sealed' | 'package.deposited', number]>([
    ['approved', 'seal', { confirmation: codeOf('cityHigh').slice(-4) }, 'sealed', 'package.sealed', 1],
    ['sealed', 'deposit', {}, 'deposited', 'package.deposited', 2],
  ])(
    'F-02 after the commit of a verb, before its answer: an %s case, %s: the retry gets the stored answer',
    async (upTo, verb, body, state, event, entries) => {
      const made = await caseAt(world, { upTo });
      const path = `/api/cases/${made.id}/${verb}`;
      const key = { 'idempotency-key': randomUUID() };
      await dieOf({ after: 'commit', operation: `POST ${path}` }, (session) => session.json('POST', path, body, key));
      expect((await doneOf(made.id, event)).length).toBe(entries);
      const clerk = await world.as('juniorHigh-clerk');
      const retried = await clerk.json('POST', path, body, key);
      expect([retried.status, retried.body.state]).toEqual([200, state]);
      expect((await doneOf(made.id, event)).length).toBe(entries);
    },
  );

  it('F-02 after the commit of a new case, before its answer: the retry names the same case', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { kind: 'advancement', pupilId: 'pupil-04', recipientCode: codeOf('cityHigh') };
    const clerk = await world.as('juniorHigh-clerk');
    const before = (await clerk.json('GET', '/api/cases?side=sender&limit=100')).body.items.length;
    await dieOf({ after: 'commit', operation: 'POST /api/cases' }, (session) =>
      session.json('POST', '/api/cases', body, key),
    );
    const first = await clerk.json('POST', '/api/cases', body, key);
    const second = await clerk.json('POST', '/api/cases', body, key);
    expect([first.status, second.body.id]).toEqual([201, first.body.id]);
    expect((await clerk.json('GET', '/api/cases?side=sender&limit=100')).body.items.length).toBe(before + 1);
    expect((await doneOf(first.body.id, 'case.created')).length).toBe(1);
  });

  it('Z-12 in the middle of a recall: what was done is done once, and the retry finishes the rest', async () => {
    const made: TestCase[] = [];
    for (const _ of [1, 2, 3]) made.push(await caseAt(world, { upTo: 'deposited' }));
    const body = { cases: made.map(({ id }) => id), reason: '学級を誤った' };
    const headers = { 'idempotency-key': randomUUID() };
    const recall = (session: Session) => session.json('POST', '/api/withdrawals', body, headers);
    await dieOf({ after: 'commit', operation: `POST /api/withdrawals ${made[1]?.id}` }, recall);
    const clerk = await world.as('juniorHigh-clerk');
    const states = [];
    for (const { id } of made) states.push((await clerk.json('GET', `/api/cases/${id}`)).body.state);
    expect(states).toEqual(['withdrawn', 'withdrawn', 'deposited']);
    const { body: answer } = await recall(clerk);
    expect(answer.items.map(({ outcome }) => outcome)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
    for (const { id } of made) expect((await doneOf(id, 'package.withdrawn')).length).toBe(2);
  });

  // The last one: it walks a day ahead of the processes that die.
  it('F-01 after PUT, before the commit: the retry succeeds once, and the orphan is collected', async () => {
    const { made, path, bytes, put, clerk } = await uploaded('put');
    expect((await rowsOf(made.id)).map(({ state }) => state)).toEqual(['uploading']);
    expect(await doneOf(made.id, 'document.added')).toEqual([]);
    expect((await put(clerk)).status).toBe(200);
    expect((await doneOf(made.id, 'document.added')).length).toBe(1);
    const read = await (await world.as('juniorHigh-principal')).send('GET', path);
    expect(Buffer.from(await read.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
    const orphan = (await rowsOf(made.id)).find(({ state }) => state === 'uploading');
    world.clock.pass(day + 60_000);
    await world.running.gateway.locker.collectOrphans();
    expect((await rowsOf(made.id)).map(({ state }) => state)).toEqual(['stored']);
    expect(await world.running.gateway.objects.head(orphan?.objectKey ?? '')).toBeNull();
  });
});
