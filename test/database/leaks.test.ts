import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type LeakCount, leakedRows } from './leaks/count.ts';
import { actorColumns } from './leaks/traffic.ts';

const program = fileURLToPath(new URL('./leaks/run.ts', import.meta.url));
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 1 });
  const owner = postgres(db.ownerUrl, { max: 1, onnotice: () => undefined });
  for (const table of ['guarded_rows', 'open_rows']) {
    await owner.unsafe(`create table ${table} (${actorColumns})`);
    await owner.unsafe(`grant select, insert on ${table} to hikitsugi_app`);
  }
  await owner.unsafe(`alter table guarded_rows enable row level security`);
  await owner.unsafe(`alter table guarded_rows force row level security`);
  await owner.unsafe(
    `create policy own on guarded_rows using (actor = nullif(current_setting('app.actor', true), '')) with check (actor = nullif(current_setting('app.actor', true), ''))`,
  );
  await owner.end();
});
afterAll(() => db.drop());

describe('F-12 connections cut at random under traffic', () => {
  for (const poolSize of [1, 5]) {
    it(`leaks, loses and mixes nothing in 1,000 cuts with ${poolSize} clients`, { timeout: 250_000 }, async () => {
      const count = await run({ kind: 'defended', poolSize, cuts: 1_000, seconds: 240 });
      process.stdout.write(`F-12 with ${poolSize}: ${JSON.stringify(count)}\n`);
      expect(count.cuts).toBeGreaterThanOrEqual(1_000);
      expect(count.acknowledged).toBeGreaterThan(100);
      expect(leaksOf(count)).toEqual(nothing);
    });
  }

  it('is able to fail: on a naive shared pool the same traffic leaks rows', { timeout: 120_000 }, async () => {
    const count = await run({ kind: 'naive', poolSize: 1, cuts: 10_000, seconds: 100 });
    process.stdout.write(`F-12 naive: ${JSON.stringify(count)}\n`);
    expect(leakedRows(count)).toBeGreaterThan(0);
  });
});

const nothing = { partial: 0, survivorsOfRefused: 0, lost: 0, underAnotherActor: 0, mixed: 0, stuck: 0, uncaught: 0 };

function leaksOf({ partial, survivorsOfRefused, lost, underAnotherActor, mixed, stuck, uncaught }: LeakCount) {
  return { partial, survivorsOfRefused, lost, underAnotherActor, mixed, stuck, uncaught };
}

interface Run {
  readonly kind: 'defended' | 'naive';
  readonly poolSize: number;
  readonly cuts: number;
  readonly seconds: number;
}

async function run({ kind, poolSize, cuts, seconds }: Run): Promise<LeakCount> {
  const numbers = [poolSize, cuts, seconds].map(String);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    program,
    kind,
    ...numbers,
    db.appUrl,
    db.adminUrl,
  ]);
  if (kind === 'defended') process.stderr.write(stderr);
  // Sound: run.ts prints exactly this.
  return JSON.parse(stdout) as LeakCount;
}
