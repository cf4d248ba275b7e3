import type { TurnResult, Workload } from './messages.ts';
import { median } from './statistics.ts';

export interface Turn extends TurnResult {
  readonly workload: Workload;
  readonly round: number;
  /** Of all server processes, PostgreSQL and load generator not counted. */
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number | null;
}

export interface PairTurn {
  readonly name: string;
  readonly round: number;
  readonly oursPerCpuSecond: number;
  readonly theirsPerCpuSecond: number;
}

export interface LargeTurn {
  readonly round: number;
  readonly to: 'gateway' | 'honoRaw';
  readonly seconds: number;
  readonly bytes: number;
  readonly riseBytes: number;
}

export interface WorkloadRow {
  readonly workload: Workload;
  readonly perSecond: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly serverCpuMsEach: number;
  readonly databaseCpuMsEach: number | null;
  readonly loadCpuMsEach: number;
}

export interface RatioRow {
  readonly name: string;
  readonly what: string;
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
  readonly goal: string;
  /** Null where there is no goal. */
  readonly isMet: boolean | null;
}

export interface Report {
  readonly mode: 'quick' | 'full';
  readonly at: string;
  readonly node: string;
  readonly cores: number;
  readonly connections: number;
  readonly workloads: readonly WorkloadRow[];
  readonly ratios: readonly RatioRow[];
  readonly turns: readonly Turn[];
  readonly large: readonly LargeTurn[];
  readonly pairs: readonly PairTurn[];
}

interface Comparison {
  readonly name: string;
  readonly what: string;
  readonly ours: Workload;
  readonly theirs: Workload;
  readonly goal: number;
}

const comparisons: readonly Comparison[] = [
  { name: 'B1', what: 'sealed package / tus upload', ours: 'package', theirs: 'tus', goal: 1.3 },
  { name: 'B1 content', what: 'content upload alone / tus upload', ours: 'content', theirs: 'tus', goal: 1.3 },
  { name: 'B2', what: 'sealed package / nginx PUT', ours: 'package', theirs: 'nginx', goal: 0.12 },
  { name: 'B2', what: 'sealed package / hono raw upload', ours: 'package', theirs: 'honoRaw', goal: 0.5 },
  { name: 'B2 content', what: 'content upload alone / hono raw', ours: 'content', theirs: 'honoRaw', goal: 0.5 },
  { name: 'B3', what: 'verified download / hono plain file', ours: 'download', theirs: 'honoFile', goal: 0.4 },
];
const largeGoal = 0.7;
const riseGoalBytes = 64 * 2 ** 20;

export function toReport(found: {
  readonly mode: 'quick' | 'full';
  readonly cores: number;
  readonly connections: number;
  readonly turns: readonly Turn[];
  readonly large: readonly LargeTurn[];
  readonly pairs: readonly PairTurn[];
  readonly pairRatios: readonly RatioRow[];
}): Report {
  const { mode, cores, connections, turns, large, pairs } = found;
  const measured = [...new Set(turns.map(({ workload }) => workload))];
  const ratios = comparisons
    .filter(({ ours, theirs }) => measured.includes(ours) && measured.includes(theirs))
    .map((comparison) => compare(comparison, turns));
  return {
    mode,
    at: new Date().toISOString(),
    node: process.version,
    cores,
    connections,
    workloads: measured.map((workload) =>
      summarise(
        turns.filter((turn) => turn.workload === workload),
        workload,
      ),
    ),
    ratios: [...ratios, ...largeRatios(large), ...found.pairRatios],
    turns,
    large,
    pairs,
  };
}

export function printReport(report: Report, print: (line: string) => void): void {
  print(`\n${report.mode} run, ${report.cores} cores, ${report.connections} connections, Node ${report.node}`);
  if (report.workloads.length > 0) printWorkloads(report.workloads, print);
  print('\n            what                                                        ratio   (lowest … highest)   goal');
  for (const row of report.ratios) {
    const range = `(${row.lowest.toFixed(3)} … ${row.highest.toFixed(3)})`;
    print(
      `${row.name.padEnd(12)}${row.what.padEnd(58)}${number(row.ratio, 3, 7)}   ${range.padEnd(18)}   ${row.goal} ${row.isMet === null ? '' : row.isMet ? 'met' : 'not met'}`,
    );
  }
}

function number(value: number | null, digits: number, width: number): string {
  return (value === null ? '–' : value.toFixed(digits)).padStart(width);
}

function printWorkloads(workloads: readonly WorkloadRow[], print: (line: string) => void): void {
  print('workload         per s   median ms      p99 ms   CPU ms each: servers  PostgreSQL  load');
  for (const row of workloads) {
    print(
      `${row.workload.padEnd(12)}${number(row.perSecond, 1, 10)}${number(row.medianMs, 1, 12)}${number(row.p99Ms, 1, 12)}` +
        `${number(row.serverCpuMsEach, 2, 23)}${number(row.databaseCpuMsEach, 2, 12)}${number(row.loadCpuMsEach, 2, 6)}`,
    );
  }
}

/** Ratios of the same round, then their median: what slows the machine for a while slows both. */
function compare({ name, what, ours, theirs, goal }: Comparison, turns: readonly Turn[]): RatioRow {
  const rate = (workload: Workload, round: number) => {
    const turn = turns.find((one) => one.workload === workload && one.round === round);
    return turn === undefined ? Number.NaN : turn.done / turn.seconds;
  };
  const rounds = [...new Set(turns.map(({ round }) => round))];
  const values = rounds.map((round) => rate(ours, round) / rate(theirs, round));
  return rowOf({ name, what, values, goal: `≥ ${goal}`, meets: (ratio) => ratio >= goal });
}

function largeRatios(large: readonly LargeTurn[]): readonly RatioRow[] {
  const pairs = large
    .filter(({ to }) => to === 'gateway')
    .flatMap((ours) => {
      const theirs = large.find(({ to, round }) => to === 'honoRaw' && round === ours.round);
      return theirs === undefined ? [] : [{ ratio: theirs.seconds / ours.seconds, rise: ours.riseBytes }];
    });
  if (pairs.length === 0) return [];
  const size = `${Math.round((large[0]?.bytes ?? 0) / 2 ** 20)} MiB`;
  return [
    rowOf({
      name: 'B4',
      what: `upload of ${size} / hono raw upload`,
      values: pairs.map(({ ratio }) => ratio),
      goal: `≥ ${largeGoal}`,
      meets: (ratio) => ratio >= largeGoal,
    }),
    rowOf({
      name: 'B4 memory',
      what: 'peak − idle RSS, MiB',
      values: pairs.map(({ rise }) => rise / 2 ** 20),
      goal: `≤ ${riseGoalBytes / 2 ** 20}`,
      meets: (rise) => rise <= riseGoalBytes / 2 ** 20,
    }),
  ];
}

function rowOf(of: {
  readonly name: string;
  readonly what: string;
  readonly values: readonly number[];
  readonly goal: string;
  readonly meets: (value: number) => boolean;
}): RatioRow {
  const ratio = median(of.values);
  const { name, what, goal } = of;
  return {
    name,
    what,
    ratio,
    lowest: Math.min(...of.values),
    highest: Math.max(...of.values),
    goal,
    isMet: of.meets(ratio),
  };
}

function summarise(turns: readonly Turn[], workload: Workload): WorkloadRow {
  const each = (cpu: (turn: Turn) => number | null): number | null => {
    const values = turns.map((turn) => {
      const spent = cpu(turn);
      return spent === null ? null : spent / turn.done;
    });
    return values.includes(null) ? null : median(values.filter((value) => value !== null));
  };
  return {
    workload,
    perSecond: median(turns.map((turn) => turn.done / turn.seconds)),
    medianMs: median(turns.map((turn) => turn.medianMs)),
    p99Ms: median(turns.map((turn) => turn.p99Ms)),
    serverCpuMsEach: each((turn) => turn.serverCpuMs) ?? 0,
    databaseCpuMsEach: each((turn) => turn.databaseCpuMs),
    loadCpuMsEach: each((turn) => turn.loadCpuMs) ?? 0,
  };
}
