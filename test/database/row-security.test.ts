import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { sqlState } from '../../src/database/errors.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
let admin: postgres.Sql;
beforeAll(async () => {
  db = await createTestDatabase();
  admin = postgres(db.adminUrl, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await admin.end();
  await db.drop();
});

async function names(query: Promise<readonly postgres.Row[]>): Promise<string[]> {
  return (await query).map((row) => String(row['name']));
}

describe('row level security (defence 1)', () => {
  it('is enabled and forced on every table but the outbox', async () => {
    const all = await names(
      admin`select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
    );
    expect(all.length).toBeGreaterThan(10);
    const open = await names(admin`
      select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
      and not (relrowsecurity and relforcerowsecurity)`);
    expect(open.filter((name) => name !== 'outbox')).toEqual([]);
  });

  it('has a policy on every table, each of which asks for the actor or leans on one that does', async () => {
    const bare = await names(admin`
      select relname as name from pg_class c where relrowsecurity and relnamespace = 'public'::regnamespace
      and not exists (select 1 from pg_policy p where p.polrelid = c.oid)`);
    expect(bare).toEqual([]);
    const careless = await names(admin`
      select tablename || '.' || policyname as name from pg_policies where schemaname = 'public'
      and not coalesce(qual, with_check) ~ 'current_setting|EXISTS|parties_of_visible_case|share_is_visible'`);
    expect(careless).toEqual([]);
  });

  it('is not gone around by views, SECURITY DEFINER functions or rights of the application', async () => {
    expect(
      await names(admin`
      select relname as name from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace
      and not coalesce(reloptions @> '{security_invoker=true}', false)`),
    ).toEqual([]);
    expect(
      await names(
        admin`select relname as name from pg_class where relkind = 'm' and relnamespace = 'public'::regnamespace`,
      ),
    ).toEqual([]);
    expect(
      await names(admin`select proname as name from pg_proc where prosecdef and pronamespace = 'public'::regnamespace`),
    ).toEqual([]);
    expect(
      await names(admin`
      select distinct privilege_type as name from information_schema.role_table_grants
      where grantee in ('hikitsugi_app', 'PUBLIC') and table_schema = 'public' order by 1`),
    ).toEqual(['DELETE', 'INSERT', 'SELECT', 'UPDATE']);
    expect(
      await names(admin`
      select relname as name from pg_class where relowner = 'hikitsugi_app'::regrole`),
    ).toEqual([]);
    // What policies ask is asked by the application and the owner alone: PostgreSQL lets everybody run a new function.
    const run = await names(admin`
      select distinct coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC') as name
      from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
      where p.pronamespace = 'public'::regnamespace order by 1`);
    expect(run).toEqual(['hikitsugi_app', 'hikitsugi_owner']);
    const [schema] =
      await admin`select has_schema_privilege('hikitsugi_app', 'public', 'create') as make, has_schema_privilege('hikitsugi_app', 'drizzle', 'usage') as peek`;
    expect(schema).toEqual({ make: false, peek: false });
  });

  it('shows nothing and takes nothing without an actor, as a stray statement would come (defence 2)', async () => {
    const tables = await names(
      admin`select relname as name from pg_class where relforcerowsecurity and relnamespace = 'public'::regnamespace`,
    );
    // Rows that a policy could let through by mistake; defaults and foreign keys are out of the way.
    await admin`set session_replication_role = replica`;
    const filled: string[] = [];
    for (const table of tables) if (await fill(table)) filled.push(table);
    expect(filled.length).toBeGreaterThan(tables.length / 2);
    const stray = postgres(db.appUrl, { max: 1, onnotice: () => undefined });
    // The unset setting reads as NULL at first, and as '' once it has been used.
    for (const round of ['NULL', "''"]) {
      for (const table of tables) {
        const rows = await stray`select 1 from ${stray(table)}`;
        expect(rows.length, `${table} with ${round}`).toBe(0);
        expect((await stray`delete from ${stray(table)}`).count, `${table} with ${round}`).toBe(0);
      }
      await stray.begin((tx) => tx`select set_config('app.actor', 'staff:1', true)`);
    }
    await stray.end();
  });

  it('refuses TRUNCATE and CREATE to the application', async () => {
    for (const statement of [
      sql`truncate cases`,
      sql`create table mine (n int)`,
      sql`alter table cases disable row level security`,
    ]) {
      const reason: unknown = await db.database
        .transaction({ actor: 'staff:1' }, async (tx) => {
          await tx.execute(statement);
        })
        .catch((error: unknown) => error);
      expect(sqlState(reason)).toBe('42501');
    }
  });

  it('refuses to open the database as its owner or as a superuser', async () => {
    for (const url of [db.ownerUrl, db.adminUrl]) {
      await expect(openDatabase({ url, poolSize: 1, deadlineMs: 3_000 })).rejects.toThrow('owns tables or bypasses');
    }
  });
});

/** Puts one row of empty values into a table; false where a check constraint will not have it. */
async function fill(table: string): Promise<boolean> {
  const columns = await admin`
    select column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = ${table} and is_nullable = 'NO' and is_identity = 'NO' and column_default is null`;
  const values = columns.map((column) => plainValue(String(column['type'])));
  const list = columns.map((column) => `"${String(column['name'])}"`).join(', ');
  const statement =
    columns.length === 0
      ? `insert into "${table}" default values`
      : `insert into "${table}" (${list}) values (${values.join(', ')})`;
  return admin.unsafe(statement).then(
    () => true,
    () => false,
  );
}

function plainValue(type: string): string {
  if (type === 'ARRAY') return `'{}'`;
  if (type === 'jsonb' || type === 'json') return `'{}'`;
  if (type.startsWith('timestamp') || type === 'date') return 'now()';
  if (type === 'boolean') return 'true';
  if (type === 'uuid') return 'gen_random_uuid()';
  return type === 'text' || type === 'bytea' ? `''` : '0';
}
