import type { PairTurn, RatioRow } from './report.ts';
import { median } from './statistics.ts';

/** An act of ours and the bare work that it is compared with. */
export interface Pair {
  readonly name: string;
  readonly what: string;
  readonly goal: { readonly ratio: number } | { readonly perCpuSecond: number } | null;
  readonly ours: () => Promise<void>;
  readonly theirs: () => Promise<void>;
}

export interface PairPlan {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** Processor time spent so far, in milliseconds, by everything that takes part. */
export type CpuMeter = () => Promise<number>;

/** Round by round each act and its baseline right after it, one at a time. */
export async function playPairs(
  pairs: readonly Pair[],
  plan: PairPlan,
  meter: CpuMeter = ownCpuMs,
): Promise<readonly PairTurn[]> {
  const cpuRateOf = (act: () => Promise<void>, seconds: number) => rateOf(act, seconds, meter);
  for (const { ours, theirs } of pairs) {
    await cpuRateOf(ours, plan.warmUpSeconds);
    await cpuRateOf(theirs, plan.warmUpSeconds);
  }
  const turns: PairTurn[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const { name, ours, theirs } of pairs) {
      const oursPerCpuSecond = await cpuRateOf(ours, plan.seconds);
      turns.push({ name, round, oursPerCpuSecond, theirsPerCpuSecond: await cpuRateOf(theirs, plan.seconds) });
    }
  }
  return turns;
}

/** The median of the ratios of each round, and our own rate. */
export function pairRows(pairs: readonly Pair[], turns: readonly PairTurn[]): readonly RatioRow[] {
  return pairs.map(({ name, what, goal }) => {
    const own = turns.filter((turn) => turn.name === name);
    const ratios = own.map(({ oursPerCpuSecond, theirsPerCpuSecond }) => oursPerCpuSecond / theirsPerCpuSecond);
    const perCpuSecond = median(own.map(({ oursPerCpuSecond }) => oursPerCpuSecond));
    const ratio = median(ratios);
    const isMet = goal === null ? null : 'ratio' in goal ? ratio >= goal.ratio : perCpuSecond >= goal.perCpuSecond;
    const wanted = goal === null ? 'reported' : 'ratio' in goal ? `≥ ${goal.ratio}` : `≥ ${goal.perCpuSecond}/s a core`;
    return {
      name,
      what,
      ratio,
      lowest: Math.min(...ratios),
      highest: Math.max(...ratios),
      goal: `${wanted} (${perCpuSecond.toFixed(1)}/s a core)`,
      isMet,
    };
  });
}

/** Of this process, threads of WebCrypto included. */
export async function ownCpuMs(): Promise<number> {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Acts for each second of processor time: what one core does. */
async function rateOf(act: () => Promise<void>, seconds: number, meter: CpuMeter): Promise<number> {
  const before = await meter();
  const end = performance.now() + seconds * 1000;
  let done = 0;
  while (performance.now() < end) {
    await act();
    done += 1;
  }
  return done / (((await meter()) - before) / 1000);
}
