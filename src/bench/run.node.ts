import { fork } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { openDemoWorld } from '../demo/world.node.ts';
import { rateNames } from '../identity/rate-rules.ts';
import { databaseCpuMs } from './database-cpu.node.ts';
import { evidencePairs } from './evidence-pairs.node.ts';
import { openEvidenceSamples } from './evidence-samples.node.ts';
import { type Fleet, startFleet } from './fleet.node.ts';
import { freePort } from './free-port.node.ts';
import { askLoad, type LoadProcess } from './load-process.node.ts';
import { playLogGrowth } from './log-growth.node.ts';
import type { LoadSetup, Workload } from './messages.ts';
import { openNginx } from './nginx.node.ts';
import { type PairPlan, pairRows, playPairs } from './play-pairs.node.ts';
import { type LargeTurn, printReport, type Turn, toReport } from './report.ts';
import { makeScan } from './sample-files.node.ts';

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly largeRounds: number;
  readonly largeBytes: number;
  readonly pairs: PairPlan;
  /** Entries of the log after which it is measured, in order. */
  readonly logSizes: readonly number[];
}

const plans: Readonly<Record<'quick' | 'full', Plan>> = {
  quick: {
    rounds: 3,
    seconds: 2,
    warmUpSeconds: 0.5,
    largeRounds: 1,
    largeBytes: 128 * 2 ** 20,
    pairs: { rounds: 5, seconds: 1, warmUpSeconds: 1 },
    logSizes: [10_000, 100_000],
  },
  full: {
    rounds: 5,
    seconds: 5,
    warmUpSeconds: 1,
    largeRounds: 5,
    largeBytes: 2 ** 30,
    pairs: { rounds: 9, seconds: 3, warmUpSeconds: 3 },
    logSizes: [100_000, 1_000_000, 10_000_000],
  },
};
const connections = 32;
const documentLimit = 2 * 2 ** 30;
const firstWarmUpSeconds = 4;

interface Bench {
  readonly plan: Plan;
  readonly folder: string;
  readonly gateway: Fleet;
  readonly plain: readonly Fleet[];
  readonly load: LoadProcess;
  readonly workloads: readonly Workload[];
}

/** Opens a world of its own, measures in turn, prints a table and writes `.data/bench/result.json`. */
export async function runBench(
  mode: 'quick' | 'full',
  only: readonly string[] | null,
  logSizes: readonly number[] | null,
): Promise<void> {
  const home = resolve('.data', 'bench');
  await mkdir(home, { recursive: true });
  const folder = await mkdtemp(join(home, 'run-'));
  const stops: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const plan = { ...plans[mode], ...(logSizes !== null && { logSizes }) };
  try {
    // Before the servers are there, which would take their part of the machine.
    const evidence = only === null || only.includes('evidence') ? await playEvidence(plan) : noPairs;
    const growth = only === null || only.includes('log') ? await playLogGrowth(join(folder, 'log'), plan) : noPairs;
    const isAlone = only !== null && only.every((name) => name === 'evidence' || name === 'log');
    const { turns, large } = isAlone ? { turns: [], large: [] } : await playServers({ plan, folder, only, stops });
    const report = toReport({
      mode,
      cores: availableParallelism(),
      connections,
      turns,
      large,
      ...bothOf(evidence, growth),
    });
    await writeFile(join(home, 'result.json'), `${JSON.stringify(report, null, 2)}\n`);
    printReport(report, (line) => console.log(line));
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
  process.exit();
}

type Pairs = Pick<Parameters<typeof toReport>[0], 'pairs' | 'pairRatios'>;

const noPairs: Pairs = { pairs: [], pairRatios: [] };

function bothOf(one: Pairs, two: Pairs): Pairs {
  return { pairs: [...one.pairs, ...two.pairs], pairRatios: [...one.pairRatios, ...two.pairRatios] };
}

async function playServers(given: {
  readonly plan: Plan;
  readonly folder: string;
  readonly only: readonly string[] | null;
  readonly stops: (() => Promise<unknown>)[];
}): Promise<{ readonly turns: readonly Turn[]; readonly large: readonly LargeTurn[] }> {
  const { plan, folder, only, stops } = given;
  const opened = await openBench(plan, folder, stops);
  const workloads = opened.workloads.filter((workload) => only?.includes(workload) ?? true);
  const bench = { ...opened, workloads };
  const turns = await playRounds(bench);
  return { turns, large: only === null || only.includes('large') ? await playLarge(bench) : [] };
}

/** Issuing and verifying, in this process alone. */
async function playEvidence(plan: Plan): Promise<Pairs> {
  const samples = await openEvidenceSamples();
  try {
    const pairs = await evidencePairs(samples);
    const turns = await playPairs(pairs, plan.pairs);
    return { pairs: turns, pairRatios: pairRows(pairs, turns) };
  } finally {
    await samples.close();
  }
}

/** One machine sends what a thousand would: the limits are counted, and never met. */
const unlimitedRates = Object.fromEntries(
  rateNames.map((name) => [`RATE_${name.toUpperCase()}`, '1000000000'] as const),
);

async function openBench(plan: Plan, folder: string, stops: (() => Promise<unknown>)[]): Promise<Bench> {
  const processes = availableParallelism();
  const world = await openDemoWorld({ folder: join(folder, 'world') });
  stops.push(() => world.close());
  for (const name of ['tus', 'raw', 'plain']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'plain', 'scan.pdf'), await makeScan());
  const ports = { tus: await freePort(), hono: await freePort(), nginx: await freePort() };
  const environment = {
    ...world.environment,
    ...unlimitedRates,
    HOST: '127.0.0.1',
    MAX_DOCUMENT_BYTES: String(documentLimit),
  };
  const gateway = await startFleet({ role: 'gateway', processes, environment });
  stops.push(() => gateway.stop());
  const plain: Fleet[] = [];
  for (const role of ['tus', 'hono'] as const) {
    const fleet = await startFleet({
      role,
      processes,
      environment: { PORT: String(ports[role]), BENCH_FOLDER: folder },
    });
    stops.push(() => fleet.stop());
    plain.push(fleet);
  }
  const nginx = await openNginx({ folder, port: ports.nginx, processes });
  if (nginx !== null) stops.push(() => nginx.stop());
  const load = startLoad();
  stops.push(async () => load.stop());
  const principals = world.guide.accounts.flatMap(({ subject, memberships }) =>
    memberships.flatMap(({ role, schoolCode }) => (role === 'principal' ? [{ subject, schoolCode }] : [])),
  );
  const setup: LoadSetup = {
    gateway: world.environment['PUBLIC_ORIGIN'] ?? '',
    tus: `http://127.0.0.1:${ports.tus}`,
    hono: `http://127.0.0.1:${ports.hono}`,
    nginx: nginx?.url ?? null,
    connections,
    machines: world.guide.machines,
    principals,
    downloads: 64,
  };
  await load.ask({ kind: 'setup', setup });
  const workloads: Workload[] = ['package', 'tus', 'content', 'honoRaw', 'download', 'honoFile'];
  return { plan, folder, gateway, plain, load, workloads: nginx === null ? workloads : [...workloads, 'nginx'] };
}

function startLoad(): LoadProcess {
  const child = fork(process.argv[1] ?? '', { env: { ...process.env, BENCH_ROLE: 'load' }, execArgv: [] });
  return askLoad(child);
}

/** Round by round each workload once, so that whatever else the machine does meets all of them. */
async function playRounds(bench: Bench): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  // Once longer, so that every program is compiled before it counts.
  for (const workload of bench.workloads) await playTurn(bench, workload, firstWarmUpSeconds);
  for (let round = 0; round < bench.plan.rounds; round += 1) {
    for (const workload of bench.workloads) {
      const turn = await playTurn(bench, workload, bench.plan.warmUpSeconds);
      console.log(`  round ${round + 1} ${workload}: ${(turn.done / turn.seconds).toFixed(1)}/s`);
      turns.push({ ...turn, round });
      await emptyFolders(bench.folder);
    }
  }
  return turns;
}

async function playTurn(bench: Bench, workload: Workload, warmUpSeconds: number): Promise<Omit<Turn, 'round'>> {
  const before = { value: { servers: 0, database: 0 as number | null } };
  const result = await bench.load.ask(
    { kind: 'turn', workload, seconds: bench.plan.seconds, warmUpSeconds },
    async () => {
      before.value = await cpuOf(bench);
    },
  );
  const after = await cpuOf(bench);
  if (result === null) throw new Error('a turn has no result');
  const { servers, database } = before.value;
  return {
    workload,
    ...result,
    serverCpuMs: after.servers - servers,
    databaseCpuMs: after.database === null || database === null ? null : after.database - database,
  };
}

async function cpuOf(bench: Bench): Promise<{ servers: number; database: number | null }> {
  const fleets = await Promise.all([bench.gateway, ...bench.plain].map((fleet) => fleet.cpuMs()));
  return {
    servers: fleets.reduce((sum, cpuMs) => sum + cpuMs, 0),
    database: await databaseCpuMs(await clusterFolder(bench.folder)),
  };
}

async function clusterFolder(folder: string): Promise<string> {
  const postgres = join(folder, 'world', 'postgres');
  for (const name of await readdir(postgres)) {
    const found = await stat(join(postgres, name, 'postmaster.pid')).catch(() => null);
    if (found !== null) return join(postgres, name);
  }
  return dirname(join(postgres, 'postmaster.pid'));
}

/** B4: one upload at a time, and how far the memory of the process that takes it rises meanwhile. */
async function playLarge(bench: Bench): Promise<readonly LargeTurn[]> {
  const turns: LargeTurn[] = [];
  for (let round = 0; round < bench.plan.largeRounds; round += 1) {
    for (const to of ['gateway', 'honoRaw'] as const) {
      const fleet = to === 'gateway' ? bench.gateway : bench.plain[1];
      if (fleet === undefined) throw new Error('the plain server is missing');
      const idle = await fleet.rssBytes();
      const watch = watchMemory(fleet);
      const result = await bench.load.ask({ kind: 'large', to, bytes: bench.plan.largeBytes });
      const peak = await watch();
      if (result === null) throw new Error('an upload has no result');
      const rise = Math.max(...peak.map((bytes, at) => bytes - (idle[at] ?? 0)));
      turns.push({ round, to, seconds: result.seconds, bytes: bench.plan.largeBytes, riseBytes: rise });
      console.log(
        `  ${bench.plan.largeBytes / 2 ** 20} MiB to ${to}: ${(bench.plan.largeBytes / 2 ** 20 / result.seconds).toFixed(0)} MiB/s, +${(rise / 2 ** 20).toFixed(0)} MiB`,
      );
      await emptyFolders(bench.folder);
    }
  }
  return turns;
}

/** Asks every 25 ms until it is stopped; the highest answer of each process. */
function watchMemory(fleet: Fleet): () => Promise<readonly number[]> {
  const stopping = new AbortController();
  const watching = (async () => {
    let peak: readonly number[] = [];
    while (!stopping.signal.aborted) {
      const now = await fleet.rssBytes();
      peak = now.map((bytes, at) => Math.max(bytes, peak[at] ?? 0));
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return peak;
  })();
  return () => {
    stopping.abort();
    return watching;
  };
}

async function emptyFolders(folder: string): Promise<void> {
  for (const name of ['tus', 'raw', 'nginx']) {
    const files = await readdir(join(folder, name)).catch(() => []);
    await Promise.all(files.map((file) => rm(join(folder, name, file), { force: true })));
  }
}
