import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { composeMail, mailSubjects } from '../../src/notices/compose.ts';
import { backoffSeconds, drain, type Job, type JobHandlers } from '../../src/notices/drain.ts';
import { startOutboxLoop } from '../../src/notices/loop.node.ts';
import { openMailFolder } from '../../src/notices/mail-folder.node.ts';
import { enqueue, findDeadJobs, reviveJob } from '../../src/notices/outbox.ts';
import { schoolMailHandler } from '../../src/notices/school-mail.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let test: TestDatabase;
let admin: postgres.Sql;
beforeAll(async () => {
  test = await createTestDatabase();
  admin = postgres(test.adminUrl, { max: 1 });
});
afterEach(async () => {
  await admin`truncate outbox`;
});
afterAll(async () => {
  await admin.end();
  await test.drop();
});

const scope = { actor: 'staff:1', school: 'B114101000011' };

describe('the outbox', () => {
  it('does a job once and forgets it', async () => {
    await put(3);
    const done: Job[] = [];
    expect(await drain(test.database, recording(done))).toEqual({ done: 3, failed: 0, dead: 0 });
    expect(new Set(done.map((job) => job.payload['n']))).toEqual(new Set(['0', '1', '2']));
    expect(await drain(test.database, recording(done))).toEqual({ done: 0, failed: 0, dead: 0 });
    expect(await admin`select 1 from outbox`).toHaveLength(0);
  });

  it('has no job of a transaction that failed', async () => {
    const failing = test.database.transaction(scope, async (tx) => {
      await enqueue(tx, { kind: 'test', payload: {} });
      throw new Error('the cause fails');
    });
    await expect(failing).rejects.toThrow('the cause fails');
    expect(await drain(test.database, recording([]))).toEqual({ done: 0, failed: 0, dead: 0 });
  });

  it('gives each job to one of many workers at once', async () => {
    await put(60);
    const done: Job[] = [];
    const workers = Array.from({ length: 6 }, async () => {
      while ((await drain(test.database, recording(done))).done > 0);
    });
    await Promise.all(workers);
    expect(done).toHaveLength(60);
    expect(new Set(done.map((job) => job.id)).size).toBe(60);
  });

  it('tries again after a failure, later each time, and then gives up', async () => {
    await put(1);
    const attempts: number[] = [];
    const failing: JobHandlers = {
      test: async (job) => {
        attempts.push(job.attempt);
        throw new TypeError('a message that quotes 髙橋');
      },
    };
    expect(await drain(test.database, failing, { maxAttempts: 3 })).toEqual({ done: 0, failed: 1, dead: 0 });
    // Not due yet.
    expect(await drain(test.database, failing, { maxAttempts: 3 })).toEqual({ done: 0, failed: 0, dead: 0 });
    for (const expected of [
      { failed: 1, dead: 0 },
      { failed: 0, dead: 1 },
    ]) {
      await admin`update outbox set due_at = now() - interval '1 second'`;
      expect(await drain(test.database, failing, { maxAttempts: 3 })).toMatchObject(expected);
    }
    expect(attempts).toEqual([1, 2, 3]);
    const [dead] = await findDeadJobs(test.database, 'test');
    expect(dead).toMatchObject({ attempts: 3, lastError: 'TypeError' });
    expect(JSON.stringify(await admin`select * from outbox`)).not.toContain('髙橋');
    expect(await reviveJob(test.database, dead?.id ?? '')).toBe(true);
    expect(await drain(test.database, recording([]))).toMatchObject({ done: 1 });
  });

  it('gives the job of a dead worker to another when the lease ends, and takes no late word from the first', async () => {
    await put(1);
    const stuck = Promise.withResolvers<void>();
    const first = drain(test.database, { test: () => stuck.promise }, { leaseMs: 300 });
    await sleep(500);
    const failing: JobHandlers = { test: () => Promise.reject(new Error('still wrong')) };
    expect(await drain(test.database, failing)).toMatchObject({ failed: 1 });
    stuck.resolve();
    await first;
    // The first one's success came after its lease: the second one's failure stands.
    expect(await admin`select attempts, last_error from outbox`).toMatchObject([{ attempts: 2, last_error: 'Error' }]);
  });

  it('tells a handler by its signal before the lease ends', async () => {
    await put(1);
    let aborted = false;
    const handlers: JobHandlers = {
      test: (_job, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('out of time'));
          });
        }),
    };
    expect(await drain(test.database, handlers, { leaseMs: 300 })).toMatchObject({ failed: 1 });
    expect(aborted).toBe(true);
  });

  it('keeps a job until its time, keeps one of a kind that it does not know, and merges equal keys', async () => {
    await test.database.transaction(scope, async (tx) => {
      await enqueue(tx, { kind: 'test', payload: {}, notBefore: new Date(Date.now() + 60_000) });
      await enqueue(tx, { kind: 'of-a-newer-version', payload: {} });
      await enqueue(tx, { kind: 'test', payload: {}, uniqueKey: 'same' });
      await enqueue(tx, { kind: 'test', payload: {}, uniqueKey: 'same' });
    });
    expect(await drain(test.database, recording([]))).toMatchObject({ done: 1 });
    expect(await admin`select 1 from outbox`).toHaveLength(2);
  });

  it('drains in a loop until it is stopped', async () => {
    const done: Job[] = [];
    const loop = startOutboxLoop({
      database: test.database,
      handlers: recording(done),
      intervalMs: 20,
      onTrouble: () => undefined,
    });
    await put(20);
    while (done.length < 20) await sleep(20);
    await loop.stop();
    await put(1);
    await sleep(100);
    expect(done).toHaveLength(20);
  });

  it('waits longer after each failure, six hours and a quarter at most', () => {
    const delays = Array.from({ length: 20 }, (_, at) => backoffSeconds(at + 1));
    expect(delays[0]).toBeGreaterThanOrEqual(5);
    expect(delays[3]).toBeGreaterThanOrEqual(40);
    expect(Math.max(...delays)).toBeLessThanOrEqual(6 * 3600 * 1.25);
  });
});

describe('mails', () => {
  it('to a school say the case and nothing personal, in both languages, once for each job', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-mail-'));
    const handler = schoolMailHandler({
      mailer: openMailFolder(folder),
      addressOf: async ({ school }) => (school === 'B114101000011' ? 'office@sakuradai.example' : null),
      urlOf: (_subject, caseId) => `http://localhost/cases/${caseId}`,
    });
    const job = (school: string, subject: string): Job => ({
      id: '5f6b0c52-56a4-4b52-9f0e-111111111111',
      kind: 'mail.school',
      payload: { school, subject, caseId: 'case-77' },
      attempt: 1,
      createdAt: new Date(),
    });
    const { signal } = new AbortController();
    await handler(job('B114101000011', 'package-arrived'), signal);
    await handler(job('B114101000011', 'package-arrived'), signal);
    await handler(job('X000000000000', 'package-arrived'), signal);
    await expect(handler(job('B114101000011', 'no-such-subject'), signal)).rejects.toThrow('mail.school');
    const files = await readdir(folder);
    expect(files).toEqual(['5f6b0c52-56a4-4b52-9f0e-111111111111.eml']);
    const mail = await readFile(join(folder, files[0] ?? ''), 'utf8');
    await rm(folder, { recursive: true });
    const [head = '', body = ''] = mail.split('\r\n\r\n');
    expect(head).toContain('To: office@sakuradai.example');
    expect(head).toMatch(/^[\x20-\x7e\r\n]+$/);
    for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
    const text = Buffer.from(body, 'base64').toString();
    expect(text).toContain('書類が預け入れられました');
    expect(text).toContain('A package has been deposited for you');
    expect(text).toContain('http://localhost/cases/case-77');
  });

  it.each(mailSubjects)('exist for %s in both languages', (subject) => {
    const mail = composeMail({ id: 'a', subject, to: 'a@b.example', caseId: 'c', url: 'http://localhost/' });
    expect(mail.subject).toMatch(/^【引継ぎ】.+ \/ [A-Z].+$/);
  });

  it('cannot smuggle a header in through an address', async () => {
    const mailer = openMailFolder(join(tmpdir(), 'hikitsugi-never-made'));
    const mail = { id: 'a', to: 'a@b.example\r\nBcc: c@d.example', subject: 's', text: 't' };
    await expect(mailer.send(mail)).rejects.toThrow('one line');
  });
});

async function put(count: number): Promise<void> {
  await test.database.transaction(scope, async (tx) => {
    for (let n = 0; n < count; n++) await enqueue(tx, { kind: 'test', payload: { n: String(n) } });
  });
}

function recording(done: Job[]): JobHandlers {
  return {
    test: async (job) => {
      done.push(job);
    },
  };
}
