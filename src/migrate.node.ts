import { dirname, join, resolve } from 'node:path';
import { migrate } from './database/migrate.node.ts';

// `npm run migrate`: brings a database of the operator's to this version, as the owner of the tables.
const { MIGRATION_DATABASE_URL, DATABASE_APP_ROLE } = process.env;
if (!MIGRATION_DATABASE_URL || !DATABASE_APP_ROLE) {
  console.error('MIGRATION_DATABASE_URL (the owner) and DATABASE_APP_ROLE (the role of DATABASE_URL) are needed.');
  process.exit(2);
}
const here = import.meta.dirname;
const root = here.endsWith('dist') ? dirname(here) : resolve(here, '..');
await migrate({ ownerUrl: MIGRATION_DATABASE_URL, folder: join(root, 'drizzle'), appRole: DATABASE_APP_ROLE });
console.log('The database is at this version.');
