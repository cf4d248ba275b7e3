import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openDatabase } from '../database/connection.ts';
import { migrate } from '../database/migrate.node.ts';
import { appRole, openEmbeddedPostgres } from '../demo/postgres.node.ts';
import { openDirectoryStore } from '../objects/directory.node.ts';
import { databaseCpuMs } from './database-cpu.node.ts';
import { type GrowingLog, openGrowingLog } from './growing-log.node.ts';
import { ownCpuMs, type Pair, type PairPlan, pairRows, playPairs } from './play-pairs.node.ts';
import type { PairTurn, RatioRow } from './report.ts';

/** Of the log that the growing one is compared with. */
const smallSize = 1000;
/** Twice the cost of a log of a thousand entries at most: what grows by more is not O(log n). */
const goal = { ratio: 0.5 };

/**
 * What a round of the log and a proof cost as the log grows, beside a log of a thousand entries in the same database. By
 * processor time of this process and PostgreSQL's; the store is a directory that is synced.
 */
export async function playLogGrowth(
  folder: string,
  plan: { readonly pairs: PairPlan; readonly logSizes: readonly number[] },
): Promise<{ readonly pairs: readonly PairTurn[]; readonly pairRatios: readonly RatioRow[] }> {
  const opened = await openLogWorld(folder);
  try {
    const small = await openGrowingLog(opened.database, opened.store, 2025);
    await small.grow(smallSize);
    const large = await openGrowingLog(opened.database, opened.store, 2026);
    const found: { pairs: PairTurn[]; pairRatios: RatioRow[] } = { pairs: [], pairRatios: [] };
    let size = 0;
    for (const next of plan.logSizes) {
      await growTo(large, { from: size, to: next });
      size = next;
      const pairs = pairsOf(small, large, size);
      const turns = await playPairs(pairs, plan.pairs, opened.cpuMs);
      found.pairs.push(...turns);
      found.pairRatios.push(...pairRows(pairs, turns));
    }
    return found;
  } finally {
    await opened.close();
  }
}

function pairsOf(small: GrowingLog, large: GrowingLog, size: number): readonly Pair[] {
  const text = size.toLocaleString('en');
  return [
    { name: 'B7', what: `proof in ${text} entries / in 1,000`, goal, ours: large.prove, theirs: small.prove },
    { name: 'log', what: `round of 64 onto ${text} / onto 1,000`, goal, ours: large.round, theirs: small.round },
  ];
}

/** A checkpoint for every 65,536: the rounds of a gateway would make a hundred times as many partial tiles. */
async function growTo(log: GrowingLog, { from, to }: { readonly from: number; readonly to: number }): Promise<void> {
  const step = 65_536;
  const began = performance.now();
  for (let at = from; at < to; at += step) {
    await log.grow(Math.min(step, to - at));
    const perSecond = Math.round((at + step - from) / ((performance.now() - began) / 1000));
    if ((at / step) % 10 === 0) console.log(`log: ${(at + step).toLocaleString('en')} entries, ${perSecond} a second`);
  }
}

async function openLogWorld(folder: string) {
  await mkdir(folder, { recursive: true });
  const server = await openEmbeddedPostgres({ folder: join(folder, 'postgres'), port: 0, keep: 'durable' });
  await migrate({ ownerUrl: server.ownerUrl(), folder: resolve('drizzle'), appRole });
  const database = await openDatabase({ url: server.appUrl(), poolSize: 2, deadlineMs: 120_000 });
  return {
    database,
    store: await openDirectoryStore(join(folder, 'objects')),
    cpuMs: async () => (await ownCpuMs()) + ((await databaseCpuMs(join(folder, 'postgres', 'cluster'))) ?? 0),
    async close() {
      await database.close();
      await server.stop();
    },
  };
}
