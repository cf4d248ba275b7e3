import type { ChildProcess } from 'node:child_process';
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { type PostgresPrograms, type Runner, runToEnd, start } from './postgres-process.node.ts';

export interface ClusterInput {
  readonly cluster: string;
  readonly programs: PostgresPrograms;
  readonly runner: Runner;
  /** Of the superuser `postgres`. */
  readonly password: string;
}

/** Made beside its place and moved there when whole: a start that was killed leaves nothing half made. */
export async function makeCluster({ cluster, programs, runner, password }: ClusterInput): Promise<void> {
  const unfinished = `${cluster}.unfinished`;
  const passwordFile = `${cluster}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (runner.uid !== null && runner.gid !== null) {
    await chown(unfinished, runner.uid, runner.gid);
    await chown(passwordFile, runner.uid, runner.gid);
  }
  try {
    await runToEnd(runner, [
      programs.initdb,
      `--pgdata=${unfinished}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, cluster);
}

export interface ServerInput {
  readonly folder: string;
  readonly port: number;
  readonly keep: 'durable' | 'throwaway';
  readonly cluster: string;
  readonly programs: PostgresPrograms;
  readonly runner: Runner;
}

export interface Server {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

export async function startServer(input: ServerInput): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    const port = input.port === 0 ? await freePort() : input.port;
    const started = await tryToStart(input, port);
    if (typeof started !== 'string') return started;
    const isTaken = started.includes('could not create any TCP/IP sockets');
    // Somebody else may have taken the free port meanwhile.
    if (isTaken && input.port === 0 && tries < 5) continue;
    throw new Error(
      isTaken
        ? `Port ${port} for PostgreSQL is in use: stop the other program or choose another port`
        : `PostgreSQL did not start: ${started}`,
    );
  }
}

/** The server, or what its log says about why there is none. */
async function tryToStart(input: ServerInput, port: number): Promise<Server | string> {
  const { cluster, folder, runner } = input;
  const logFile = join(folder, 'postgres.log');
  const log = await open(logFile, 'w', 0o600);
  // The shell stops the server when its pipe ends, that is when this process ends in whatever way, kill -9 included.
  const guard = 'exec 3<&0; "$@" & server=$!; (cat <&3 >/dev/null; kill -INT $server) & wait $server';
  const child = start(runner, ['sh', '-c', guard, 'sh', ...command(input, port)], log.fd);
  await log.close();
  const ended = new Promise<'ended'>((done) => {
    child.once('error', () => done('ended'));
    child.once('exit', () => done('ended'));
  });
  if ((await Promise.race([ended, isReady(cluster, ended)])) === 'ready') {
    // Neither the server nor the pipe may keep this process alive.
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
    return { port, stop: () => stopServer(child, ended) };
  }
  child.stdin?.destroy();
  return readFile(logFile, 'utf8');
}

/** The eighth line of the file tells how far the server is (the way pg_ctl sees it). */
async function isReady(cluster: string, ended: Promise<'ended'>): Promise<'ready' | 'ended'> {
  const giveUp = AbortSignal.timeout(60_000);
  while (!giveUp.aborted) {
    const state = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
    if (state.split('\n')[7]?.trim() === 'ready') return 'ready';
    const pause = new Promise<'again'>((wait) => setTimeout(wait, 20, 'again'));
    if ((await Promise.race([ended, pause])) === 'ended') return 'ended';
  }
  return 'ended';
}

async function stopServer(child: ChildProcess, ended: Promise<'ended'>): Promise<void> {
  child.ref();
  child.stdin?.end();
  await ended;
}

function command({ cluster, programs, keep }: ServerInput, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
    ...(keep === 'throwaway' ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  return [
    programs.postgres,
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, '127.0.0.1', listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === 'string') throw new Error('No free port was found');
  return address.port;
}
