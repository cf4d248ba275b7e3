import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/database/migrate.node.ts';
import { appRole, openEmbeddedPostgres, ownerRole } from '../../src/demo/postgres.node.ts';

const templateDatabase = 'hikitsugi_template';

/** One server for the whole run, and one migrated database that every test database is copied from. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-test-'));
  const server = await openEmbeddedPostgres({ folder, port: 0, keep: 'throwaway' });
  const client = postgres(server.adminUrl(), { max: 1, onnotice: () => undefined });
  await client.unsafe(`create database ${templateDatabase} owner ${ownerRole}`);
  await client.end();
  await migrate({ ownerUrl: server.ownerUrl(templateDatabase), folder: resolve('drizzle'), appRole });
  project.provide('postgres', {
    adminUrl: server.adminUrl(),
    ownerUrl: server.ownerUrl(''),
    appUrl: server.appUrl(''),
  });
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
