import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import chromium from '@sparticuz/chromium';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { systemClock } from '../../src/clock.ts';
import { migrate } from '../../src/database/migrate.node.ts';
import { openAuthorities } from '../../src/demo/authorities.node.ts';
import { demoPassword, personCertificatePlans } from '../../src/demo/person-certificates.ts';
import { appRole, openEmbeddedPostgres, ownerRole } from '../../src/demo/postgres.node.ts';
import { sealHolders } from '../../src/demo/schools.ts';

const templateDatabase = 'hikitsugi_template';

/** One server for the whole run, one migrated database that every test database is copied from, one set of authorities, one browser. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Unpacked before two files at once find half of it: a file that is there counts as whole.
  await chromium.executablePath();
  const folder = await mkdtemp(join(tmpdir(), 'hikitsugi-test-'));
  const server = await openEmbeddedPostgres({ folder, port: 0, keep: 'throwaway' });
  const client = postgres(server.adminUrl(), { max: 1, onnotice: () => undefined });
  await client.unsafe(`create database ${templateDatabase} owner ${ownerRole}`);
  await client.end();
  await migrate({ ownerUrl: server.ownerUrl(templateDatabase), folder: resolve('drizzle'), appRole });
  const authorities = join(folder, 'authorities');
  await openAuthorities({
    folder: authorities,
    clock: systemClock,
    schools: sealHolders(),
    persons: personCertificatePlans,
    password: demoPassword,
  });
  project.provide('authorities', authorities);
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
