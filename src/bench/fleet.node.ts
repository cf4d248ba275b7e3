import cluster, { type Worker } from 'node:cluster';
import type { ServerRole, Usage } from './messages.ts';

/** The processes of one program, which share its port. */
export interface Fleet {
  /** Of all processes together. */
  cpuMs(): Promise<number>;
  /** Of each process. */
  rssBytes(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** Starts a program in so many processes and waits until each of them listens. */
export async function startFleet(input: {
  readonly role: ServerRole;
  readonly processes: number;
  readonly environment: Readonly<Record<string, string>>;
}): Promise<Fleet> {
  const workers: Worker[] = [];
  for (let started = 0; started < input.processes; started += 1) {
    const worker = cluster.fork({ ...input.environment, BENCH_ROLE: input.role });
    workers.push(worker);
    await ready(worker);
  }
  const ask = () => Promise.all(workers.map(usageOf));
  return {
    cpuMs: async () => (await ask()).reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    rssBytes: async () => (await ask()).map(({ rssBytes }) => rssBytes),
    stop: async () => {
      await Promise.all(workers.map(stop));
    },
  };
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('exit', (code) => reject(new Error(`a server ended with ${code} before it listened`)));
    worker.once('message', () => resolve());
  });
}

function usageOf(worker: Worker): Promise<Usage> {
  return new Promise((resolve) => {
    // Sound: a server answers nothing but its usage once it listens.
    worker.once('message', (usage) => resolve(usage as Usage));
    worker.send('usage');
  });
}

function stop(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.removeAllListeners('exit');
    worker.once('exit', () => resolve());
    worker.process.kill('SIGTERM');
  });
}
