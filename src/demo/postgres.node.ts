import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { clearStaleLock, exists, findPrograms, findRunner } from './postgres-process.node.ts';
import { makeCluster, startServer } from './postgres-server.node.ts';

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, the passwords (0600) and the server's log; made at first start, used again later. */
  readonly folder: string;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** `throwaway` gives up durability for speed: tests only. */
  readonly keep: 'durable' | 'throwaway';
}

export interface EmbeddedPostgres {
  readonly port: number;
  adminUrl(database?: string): string;
  /** Runs migrations and owns the tables. */
  ownerUrl(database?: string): string;
  /** What the application connects as: owns nothing, bound by row level security. */
  appUrl(database?: string): string;
  stop(): Promise<void>;
}

export const ownerRole = 'hikitsugi_owner';
export const appRole = 'hikitsugi_app';
const defaultDatabase = 'hikitsugi';

interface Passwords {
  readonly admin: string;
  readonly owner: string;
  readonly app: string;
}

/** A real PostgreSQL server out of node_modules, on the loopback interface, that ends when this process ends. */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder);
  const cluster = join(folder, 'cluster');
  await mkdir(folder, { recursive: true });
  const programs = await findPrograms();
  const runner = await findRunner(cluster, programs);
  const passwords = await findPasswords(folder);
  if (!(await exists(cluster))) await makeCluster({ cluster, programs, runner, password: passwords.admin });
  await clearStaleLock(cluster, 15_000);
  const server = await startServer({ ...options, folder, cluster, programs, runner });

  const url = (user: string, password: string, database: string): string =>
    `postgres://${user}:${password}@127.0.0.1:${server.port}/${database}`;
  const opened: EmbeddedPostgres = {
    port: server.port,
    adminUrl: (database = 'postgres') => url('postgres', passwords.admin, database),
    ownerUrl: (database = defaultDatabase) => url(ownerRole, passwords.owner, database),
    appUrl: (database = defaultDatabase) => url(appRole, passwords.app, database),
    stop: server.stop,
  };
  await makeRoles(opened.adminUrl(), passwords);
  return opened;
}

async function findPasswords(folder: string): Promise<Passwords> {
  const file = join(folder, 'passwords.json');
  if (await exists(join(folder, 'cluster'))) {
    // Sound: written below, by this program alone, before the cluster.
    return JSON.parse(await readFile(file, 'utf8')) as Passwords;
  }
  const random = (): string => randomBytes(24).toString('base64url');
  const passwords: Passwords = { admin: random(), owner: random(), app: random() };
  await writeFile(file, JSON.stringify(passwords), { mode: 0o600 });
  await chmod(file, 0o600);
  return passwords;
}

async function makeRoles(adminUrl: string, passwords: Passwords): Promise<void> {
  const client = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    const roles = await client`select rolname from pg_roles where rolname in (${ownerRole}, ${appRole})`;
    const known = new Set(roles.map((row) => String(row['rolname'])));
    for (const [role, password] of [
      [ownerRole, passwords.owner],
      [appRole, passwords.app],
    ] as const) {
      // CREATE ROLE takes no parameters; both words are ours and have no quotes in them.
      const rights = `nosuperuser nobypassrls nocreatedb nocreaterole login password '${password}'`;
      if (!known.has(role)) await client.unsafe(`create role ${role} ${rights}`);
    }
    const [database] = await client`select 1 from pg_database where datname = ${defaultDatabase}`;
    if (database === undefined) await client.unsafe(`create database ${defaultDatabase} owner ${ownerRole}`);
  } finally {
    await client.end({ timeout: 5 });
  }
}
