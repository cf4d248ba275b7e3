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

  it('L-10 loses and doubles nothing of a burst, written by four at once while it publishes', {
    timeout: 180_000,
  }, async () => {
    start();
    // As many as come in ten seconds of the busiest day.
    const writers = Array.from({ length: 4 }, async () => {
      for (let round = 0; round < 40; round += 1) await appendMany(log, 100);
    });
    await Promise.all(writers);
    await until(async () => (await published()) === 16_000n);
    const read = readerOf(await exportToMemory(log, 'everything'));
    const verdict = await verifyLog({ read, logKey: log.signer.key });
    expect(verdict).toMatchObject({ valid: true, findings: [], entriesChecked: 16_000n });
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

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}
