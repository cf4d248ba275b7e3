import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/demo/postgres.node.ts';
import { findPrograms, findRunner } from '../../src/demo/postgres-process.node.ts';
import { makeCluster, startServer } from '../../src/demo/postgres-server.node.ts';

const holder = fileURLToPath(new URL('./hold-postgres.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hikitsugi-postgres-'));
  // Somebody else runs the server when the tests run as root.
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function open(port = 0): Promise<EmbeddedPostgres> {
  return openEmbeddedPostgres({ folder, port, keep: 'durable' });
}

async function ask(url: string, statement: string): Promise<postgres.RowList<postgres.Row[]>> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await client.unsafe(statement);
  } finally {
    await client.end({ timeout: 5 });
  }
}

describe('the embedded PostgreSQL', { timeout: 90_000 }, () => {
  it('starts, keeps what it was told, and starts again in the same folder', async () => {
    const first = await open();
    await ask(first.ownerUrl(), `create table kept (word text)`);
    await ask(first.ownerUrl(), `insert into kept values ('引継ぎ')`);
    await first.stop();
    const second = await open();
    expect([...(await ask(second.ownerUrl(), `select word from kept`))]).toEqual([{ word: '引継ぎ' }]);
    await second.stop();
  });

  it('listens on the loopback interface alone, with scram passwords, for an owner and a powerless application', async () => {
    const server = await open();
    expect([...(await ask(server.adminUrl(), `show listen_addresses`))]).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect([...(await ask(server.adminUrl(), `show password_encryption`))]).toEqual([
      { password_encryption: 'scram-sha-256' },
    ]);
    const roles = await ask(
      server.adminUrl(),
      `select rolname, rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication as powerful
       from pg_roles where rolname like 'hikitsugi%' order by 1`,
    );
    expect([...roles]).toEqual([
      { rolname: 'hikitsugi_app', powerful: false },
      { rolname: 'hikitsugi_owner', powerful: false },
    ]);
    const wrong = new URL(server.adminUrl());
    wrong.password = 'password';
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });

  it('keeps the passwords to their owner', async () => {
    expect((await stat(join(folder, 'passwords.json'))).mode & 0o777).toBe(0o600);
    const server = await open();
    const password = new URL(server.adminUrl()).password;
    expect(password.length).toBeGreaterThanOrEqual(32);
    await server.stop();
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).not.toContain(password);
  });

  it('starts again after this process was killed, and the server ended with it', async () => {
    const { child, url } = await holdInAnotherProcess();
    await ask(url, `create table survives (n int)`);
    child.kill('SIGKILL');
    const server = await open();
    expect(await ask(server.ownerUrl(), `select * from survives`)).toHaveLength(0);
    await server.stop();
  });

  it('does not keep a process alive that forgets to stop it, and ends with it', async () => {
    const { child, url } = await holdInAnotherProcess({ forgets: true });
    await new Promise((ended) => child.once('exit', ended));
    const server = await open();
    expect(server.ownerUrl().split(':')[2]).toBe(url.split(':')[2]);
    await server.stop();
  });

  it('starts again after everything was killed and a stale lock names a living stranger', async () => {
    const { child, url } = await holdInAnotherProcess();
    await ask(url, `insert into survives values (1)`);
    const lock = join(folder, 'cluster', 'postmaster.pid');
    const lines = (await readFile(lock, 'utf8')).split('\n');
    process.kill(Number(lines[0]), 'SIGKILL');
    child.kill('SIGKILL');
    // The number of the dead server has been given to somebody else: to this very process.
    await writeFile(lock, [String(process.pid), ...lines.slice(1)].join('\n'));
    const server = await open();
    expect(await ask(server.ownerUrl(), `select * from survives`)).toHaveLength(1);
    await server.stop();
  });

  it('says so when the port is in use', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    await expect(open(port)).rejects.toThrow(`Port ${port} for PostgreSQL is in use`);
    await new Promise((closed) => other.close(closed));
    const server = await open(port);
    expect(server.port).toBe(port);
    await server.stop();
  });

  it('begins anew when its first start was broken off', async () => {
    const other = await mkdtemp(join(tmpdir(), 'hikitsugi-postgres-'));
    await chmod(other, 0o755);
    // What an initdb that was killed leaves behind.
    await promisify(execFile)('mkdir', ['-p', join(other, 'cluster.unfinished', 'base')]);
    await writeFile(join(other, 'passwords.json'), '{"admin":');
    const server = await openEmbeddedPostgres({ folder: other, port: 0, keep: 'throwaway' });
    expect(await ask(server.appUrl(), 'select 1 as one')).toHaveLength(1);
    await server.stop();
    await rm(other, { recursive: true, force: true });
  });

  it.runIf(isRoot)('runs for root in a folder that only root can enter', async () => {
    const other = await mkdtemp(join(tmpdir(), 'hikitsugi-closed-'));
    expect((await stat(other)).mode & 0o777).toBe(0o700);
    const server = await openEmbeddedPostgres({ folder: join(other, 'inner'), port: 0, keep: 'throwaway' });
    expect(await ask(server.appUrl(), 'select 1 as one')).toHaveLength(1);
    await server.stop();
    await rm(other, { recursive: true, force: true });
  });

  // A clone under /root: the programs lie there too, and initdb asks by access(2) whether they may be run.
  it.runIf(isRoot)('makes a cluster for root by programs that only root can reach', async () => {
    const other = await mkdtemp(join(tmpdir(), 'hikitsugi-closed-'));
    const found = await findPrograms();
    await cp(join(dirname(found.postgres), '..'), join(other, 'native'), { recursive: true });
    const at = (program: string) => join(other, 'native', 'bin', basename(program));
    const programs = { initdb: at(found.initdb), postgres: at(found.postgres) };
    const cluster = join(other, 'cluster');
    const runner = await findRunner(cluster, programs);
    await makeCluster({ cluster, programs, runner, password: randomUUID() });
    const server = await startServer({ folder: other, port: 0, keep: 'throwaway', cluster, programs, runner });
    await server.stop();
    expect((await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim()).toBe('18');
    await rm(other, { recursive: true, force: true });
  });

  it.runIf(isRoot)('runs for an ordinary user', async ({ skip }) => {
    // In a clone that only root can enter (under /root) there is no ordinary user to try.
    if (!(await canRead(holder, 65_534))) skip('the user 65534 cannot enter the folder of this project');
    const other = await mkdtemp(join(tmpdir(), 'hikitsugi-user-'));
    await promisify(execFile)('chown', ['65534', other]);
    const { child, url } = await holdInAnotherProcess({ folder: other, uid: 65_534 });
    expect(await ask(url, 'select 1 as one')).toHaveLength(1);
    await new Promise((ended) => {
      child.once('exit', ended);
      child.stdin.end();
    });
    await rm(other, { recursive: true, force: true });
  });
});

async function canRead(file: string, uid: number): Promise<boolean> {
  return promisify(execFile)('test', ['-r', file], { uid, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

interface Holding {
  readonly folder?: string;
  readonly uid?: number;
  readonly forgets?: true;
}

/** Starts the server from a process of its own and waits until it tells the address. */
async function holdInAnotherProcess({ folder: where = folder, uid, forgets }: Holding = {}) {
  const child = spawn(process.execPath, [holder, where, forgets === true ? 'forget' : 'hold'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid }),
  });
  const url = await new Promise<string>((told, failed) => {
    child.once('exit', () => failed(new Error('It ended early')));
    child.stdout.once('data', (line: Buffer) => told(line.toString().trim()));
  });
  return { child, url };
}
