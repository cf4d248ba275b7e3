import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { openDatabase } from '../../../src/database/connection.ts';
import { countLeaks, type LeakCount } from './count.ts';
import { type Journal, keepTrading, type Subject } from './traffic.ts';

/**
 * A process of its own, since uncaught exceptions are among the things counted. Arguments: subject, pool size, cuts,
 * seconds, address of the application, address of the superuser. Prints one LeakCount as JSON.
 */
const [kind = '', poolSize = '', cuts = '', seconds = '', appUrl = '', adminUrl = ''] = process.argv.slice(2);

let uncaught = 0;
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (reason: unknown) => {
    uncaught += 1;
    if (uncaught <= 3) process.stderr.write(`${event}: ${reason instanceof Error ? reason.stack : String(reason)}\n`);
  });
}

const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
const naive = kind === 'naive' ? openNaive(Number(poolSize)) : null;
const subject: Subject = naive ?? (await openDefended(Number(poolSize)));
const journal: Journal = {
  acknowledged: new Set(),
  refused: new Set(),
  unknown: new Set(),
  stuck: 0,
  begun: 0,
  idling: 0,
};
const until = Date.now() + Number(seconds) * 1000;
let done = 0;
let hasLeaked = false;
const isOver = (): boolean => done >= Number(cuts) || Date.now() > until || hasLeaked;

const traffic = Array.from({ length: 8 }, () => keepTrading(subject, journal, isOver));
while (!isOver()) {
  // Every other cut is meant for a transaction that lies idle.
  if (done % 2 === 0) await somebodyIdles();
  const answer = await admin`
    select pg_terminate_backend(pid) as cut from pg_stat_activity
    where usename = 'hikitsugi_app' and datname = current_database() order by random() limit 1`;
  done += answer.filter((row) => row['cut'] === true).length;
  await pause(Math.random() * 30);
  // However slow the machine: something to lose must get through between the cuts.
  if (done % 8 === 0) await oneMoreAcknowledged();
  // The naive pool has proved its point with the first leak; the defended one goes the whole way.
  if (kind === 'naive' && done % 20 === 0) hasLeaked = await hasPartialRows();
}
await Promise.all(traffic);
// Let what was already on its way arrive before counting.
await pause(300);
const count: LeakCount = { cuts: done, uncaught, ...(await countLeaks(admin, journal)) };
process.stdout.write(JSON.stringify(count));
process.exit(0);

/** True in whatever moment it is asked: a transaction's rows become visible together or have leaked. */
async function hasPartialRows(): Promise<boolean> {
  return (await countLeaks(admin, journal)).partial > 0;
}

async function somebodyIdles(): Promise<void> {
  for (let tries = 0; journal.idling === 0 && tries < 20; tries += 1) await pause(1);
}

async function oneMoreAcknowledged(): Promise<void> {
  const before = journal.acknowledged.size;
  for (let tries = 1; journal.acknowledged.size === before && !isOver(); tries += 1) {
    // A naive pool may be wedged without a word; the defended one has to come back by itself.
    if (tries % 250 === 0) naive?.renew();
    await pause(2);
  }
}

async function openDefended(size: number): Promise<Subject> {
  return openDatabase({ url: appUrl, poolSize: size, deadlineMs: 2_000 });
}

/**
 * What nearly everybody writes: one shared pool and the driver's own transactions. Most cuts wedge it for good with an
 * uncaught TypeError, so it is replaced then: rows must be seen leaking too.
 */
function openNaive(size: number): Subject & { renew(): void } {
  let pool = openShared(size);
  function renew(): void {
    void pool.end({ timeout: 0 }).catch(() => undefined);
    pool = openShared(size);
  }
  process.on('uncaughtException', renew);
  return {
    renew,
    transaction: (scope, work) =>
      drizzle(pool).transaction(async (tx) => {
        await tx.execute(
          sql`select set_config('app.actor', ${scope.actor}, true), set_config('app.transaction', gen_random_uuid()::text, true)`,
        );
        return work(tx);
      }),
  };
}

function openShared(size: number): postgres.Sql {
  return postgres(appUrl, { max: size, onnotice: () => undefined });
}
