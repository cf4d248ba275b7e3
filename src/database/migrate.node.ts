import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { creating, policyFunctions } from './policy-functions.ts';

export interface MigrationInput {
  /** The role that owns the tables; the application never sees this address. */
  readonly ownerUrl: string;
  readonly folder: string;
  readonly appRole: string;
}

/** Tables of jobs: a job is a hint and no fact, and whoever works it off reads the facts under the policies. */
const unprotectedTables = ['outbox'];

/** Tables whose rows may be lost in a crash: a change of theirs is not written to the log on disk. */
const unloggedTables = ['rate_limits'];

/** Brings the database to the newest form, forces row level security and gives the application its narrow rights. */
export async function migrate({ ownerUrl, folder, appRole }: MigrationInput): Promise<void> {
  const client = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    // Two processes that start at once take turns; the lock ends with the session.
    await client`select pg_advisory_lock(hashtextextended('hikitsugi migrations', 0))`;
    await refuseUnfitRole(client, appRole);
    // A checkout without any migration yet is an empty database, not an error.
    if (existsSync(join(folder, 'meta', '_journal.json'))) {
      await refuseForeignHistory(client, folder);
      for (const one of policyFunctions) await client.unsafe(creating(one));
      await runMigrations(drizzle(client), { migrationsFolder: folder });
    }
    await keepOutOfLog(client);
    await forceRowSecurity(client);
    await grant(client, appRole);
  } finally {
    await client.end({ timeout: 5 });
  }
}

async function refuseUnfitRole(client: postgres.Sql, appRole: string): Promise<void> {
  const [role] = await client`
    select rolsuper or rolbypassrls or rolname = current_user as powerful from pg_roles where rolname = ${appRole}`;
  if (role === undefined) throw new Error(`The application's role ${appRole} does not exist`);
  if (role['powerful'] === true) throw new Error(`The role ${appRole} could bypass row level security`);
}

/** Until the first release there is one migration, made anew: a database of an older checkout cannot be brought on. */
async function refuseForeignHistory(client: postgres.Sql, folder: string): Promise<void> {
  const [history] = await client`select to_regclass('drizzle.__drizzle_migrations') is not null as present`;
  if (history?.['present'] !== true) return;
  const known = new Set(migrationHashes(folder));
  const applied = await client`select hash from drizzle.__drizzle_migrations`;
  if (applied.every((row) => known.has(String(row['hash'])))) return;
  throw new Error(
    'The database was made by another version whose migrations this one does not have: start with a new one',
  );
}

function migrationHashes(folder: string): string[] {
  // Sound: drizzle-kit writes this file, and the migrator reads it in the same form.
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    readonly entries: readonly { readonly tag: string }[];
  };
  return journal.entries.map(({ tag }) =>
    createHash('sha256')
      .update(readFileSync(join(folder, `${tag}.sql`), 'utf8'))
      .digest('hex'),
  );
}

async function keepOutOfLog(client: postgres.Sql): Promise<void> {
  const logged = await client`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relname in ${client(unloggedTables)} and relpersistence = 'p'`;
  for (const { name } of logged) await client`alter table ${client(String(name))} set unlogged`;
}

async function forceRowSecurity(client: postgres.Sql): Promise<void> {
  const tables = await client`select tablename from pg_tables where schemaname = 'public'`;
  for (const { tablename } of tables) {
    if (unprotectedTables.includes(String(tablename))) continue;
    await client`alter table ${client(String(tablename))} enable row level security`;
    await client`alter table ${client(String(tablename))} force row level security`;
  }
}

/** Exactly these rights: no TRUNCATE (it looks past the policies), no REFERENCES, no TRIGGER, nothing in `drizzle`. */
async function grant(client: postgres.Sql, appRole: string): Promise<void> {
  const role = client(appRole);
  await client`revoke all on schema public from public`;
  await client`grant usage on schema public to ${role}`;
  await client`revoke all on all tables in schema public from ${role}, public`;
  await client`grant select, insert, update, delete on all tables in schema public to ${role}`;
  await client`revoke all on all sequences in schema public from ${role}, public`;
  await client`grant usage on all sequences in schema public to ${role}`;
  // Ours alone: what an extension of the operator's has put there is not ours to take away.
  for (const { signature } of policyFunctions) {
    await client.unsafe(`revoke all on function public.${signature} from public`);
    await client`grant execute on function ${client.unsafe(`public.${signature}`)} to ${role}`;
  }
}
