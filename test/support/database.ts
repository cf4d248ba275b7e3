import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/database/connection.ts';

export interface TestPostgres {
  readonly adminUrl: string;
  readonly ownerUrl: string;
  readonly appUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres;
  }
}

export interface TestDatabase {
  /** As the application opens it. */
  readonly database: Database;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** The server's superuser: for looking past the policies, and for cutting connections. */
  readonly adminUrl: string;
  drop(): Promise<void>;
}

/** A database of its own with all tables, on the server that the run shares; drop it in `afterAll`. */
export async function createTestDatabase(
  options: { poolSize?: number; deadlineMs?: number } = {},
): Promise<TestDatabase> {
  const added = await addTestDatabase();
  const database = await openDatabase({ url: added.appUrl, poolSize: 4, deadlineMs: 10_000, ...options });
  return {
    ...added,
    database,
    drop: async () => {
      await database.close();
      await added.drop();
    },
  };
}

/** The same, not yet opened. */
export async function addTestDatabase(): Promise<Omit<TestDatabase, 'database'>> {
  const server = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Copying files takes half the time of copying pages through the write-ahead log, which nobody needs here.
  const copied = 'template hikitsugi_template strategy file_copy';
  await administer(server.adminUrl, `create database ${name} ${copied} owner hikitsugi_owner`);
  return {
    ownerUrl: `${server.ownerUrl}${name}`,
    appUrl: `${server.appUrl}${name}`,
    adminUrl: new URL(name, server.adminUrl).href,
    drop: () => administer(server.adminUrl, `drop database ${name} with (force)`),
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await client.unsafe(statement);
  } finally {
    await client.end({ timeout: 5 });
  }
}
