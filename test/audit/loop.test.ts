import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogKey } from '../../src/audit/log-key.ts';
import { logOfYear, schoolYearAt } from '../../src/audit/log-name.ts';
import { readCheckpoint } from '../../src/audit/log-store.ts';
import { type LogLoop, startLogLoop } from '../../src/audit/loop.node.ts';
import { verifyLog } from '../../src/audit/verify-log.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { appendMany, exportToMemory, openTestLog, readerOf, type TestLog } from './test-log.ts';

const base = 'hikitsugi.example/log';
/** The busiest day's pace. */
const burst = { perSecond: 1600, seconds: Number(process.env['LOG_BURST_SECONDS'] ?? 10) };
let log: TestLog;
let loops: LogLoop[];
beforeEach(async () => {
  log = await openTestLog();
  loops = [];
});
afterEach(async () => {
  await Promise.all(loops.map((loop) => loop.stop()));
  await log.close();
});

describe('the loop of the log', () => {
  it('publishes what is appended, and of two processes one does it', async () => {
    const [first, second] = [start(), start()];
    await appendMany(log, 30);
    await until(async () => (await published()) === 30n);
    expect([first.state(), second.state()].toSorted()).toEqual(['running', 'standby']);
  });

  it('hands over at once when it is stopped', async () => {
    const first = start();
    await until(() => first.state() === 'running');
    const second = start();
    await until(() => second.state() === 'standby');
    await first.stop();
    await appendMany(log, 3);
    await until(async () => (await published()) === 3n);
    expect(second.state()).toBe('running');
  });

  it('takes over from a process that was killed', async () => {
    const killed = start({ store: { ...log.store, put: () => new Promise(() => undefined) } });
    await appendMany(log, 3);
    await until(() => killed.state() === 'running');
    loops = [];
    const second = start();
    await until(async () => (await published()) === 3n);
    expect(second.state()).toBe('running');
  });

  it('goes on after the store was down, without losing or doubling anything', async () => {
    let isDown = true;
    const troubles: unknown[] = [];
    const put: typeof log.store.put = (key, body, options) =>
      isDown ? Promise.reject(new Error('down')) : log.store.put(key, body, options);
    start({ store: { ...log.store, put }, onTrouble: (reason) => troubles.push(reason) });
    await appendMany(log, 10);
    await until(() => troubles.length > 0);
    isDown = false;
    await until(async () => (await published()) === 10n);
    const read = readerOf(await exportToMemory(log, 'everything'));
    expect(await verifyLog({ read, logKey: log.signer.key })).toMatchObject({ valid: true, entriesChecked: 10n });
  });

  // `LOG_BURST_SECONDS=600 npx vitest run test/audit/loop.test.ts -t L-10` for the ten minutes of the scenario.
  it('L-10 loses and doubles nothing of a burst, written by another process while it publishes', {
    timeout: 180_000 + burst.seconds * 10_000,
  }, async () => {
    start();
    const total = burst.seconds * burst.perSecond;
    const { longest, rate } = await measureLag(total);
    console.log(`L-10: ${total} events, ${rate.toFixed(0)} a second, published at most ${longest.toFixed(1)} s later`);
    const read = readerOf(await exportToMemory(log, 'everything'));
    const verdict = await verifyLog({ read, logKey: log.signer.key });
    expect(verdict).toMatchObject({ valid: true, findings: [], entriesChecked: BigInt(total) });
  });

  it('stops for good, and says so, when the bucket has forked', async () => {
    const first = start();
    await appendMany(log, 3);
    await until(async () => (await published()) === 3n);
    await first.stop();
    await log.store.delete('log/2026/checkpoint');
    const troubles: unknown[] = [];
    const second = start({ onTrouble: (reason) => troubles.push(reason) });
    await until(() => second.state() === 'stopped');
    expect(troubles).toMatchObject([{ reason: 'forked' }]);
  });

  it('begins a new log on 1 April in Japan, and freezes the old one', async () => {
    let now = new Date('2027-03-31T14:59:59Z');
    const clock: Clock = { now: () => now };
    start({ clock });
    await appendMany(log, 4);
    await until(async () => (await published(2026)) === 4n);
    now = new Date('2027-03-31T15:00:00Z');
    await appendMany(log, 2);
    await until(async () => (await published(2027)) === 2n);
    expect(await published(2026)).toBe(4n);
  });

  it('counts school years from 1 April', () => {
    expect(schoolYearAt(new Date('2026-03-31T14:59:59.999Z'))).toBe(2025);
    expect(schoolYearAt(new Date('2026-03-31T15:00:00Z'))).toBe(2026);
    expect(schoolYearAt(new Date('2027-01-01T00:00:00Z'))).toBe(2026);
  });
});

function start(more: Partial<Parameters<typeof startLogLoop>[0]> = {}): LogLoop {
  const inYear2026: Clock = schoolYearAt(new Date()) === 2026 ? systemClock : { now: () => new Date('2026-12-01') };
  const loop = startLogLoop({
    database: log.database,
    store: log.store,
    clock: inYear2026,
    base,
    seed: log.seed,
    intervalMs: 20,
    idleMs: 500,
    onTrouble: () => undefined,
    ...more,
  });
  loops.push(loop);
  return loop;
}

async function published(year = 2026): Promise<bigint | null> {
  const name = logOfYear(base, year);
  const { key } = await openLogKey(name.origin, log.seed);
  return (await readCheckpoint(log.store, name, key))?.size ?? null;
}

/** Lets another process write; tells the longest time, in seconds, from a commit until a checkpoint held it, and the pace. */
async function measureLag(total: number): Promise<{ longest: number; rate: number }> {
  const program = join(import.meta.dirname, 'burst-writer.node.ts');
  const writer = fork(program, [log.test.appUrl, String(total), String(burst.perSecond)], { execArgv: [] });
  const ended = once(writer, 'exit');
  const waiting: { readonly size: number; readonly at: number }[] = [];
  let [longest, written, first, last] = [0, 0, 0, 0];
  writer.on('message', (events) => {
    written += Number(events);
    last = performance.now();
    first ||= last;
    waiting.push({ size: written, at: last });
  });
  for (let size = 0; size < total; ) {
    await sleep(100);
    if (writer.exitCode || writer.signalCode) throw new Error('the writer has failed');
    size = Number((await published()) ?? 0n);
    for (; waiting[0] !== undefined && waiting[0].size <= size; waiting.shift()) {
      longest = Math.max(longest, (performance.now() - waiting[0].at) / 1000);
    }
  }
  await ended;
  return { longest, rate: (written * 1000) / (last - first) };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}
