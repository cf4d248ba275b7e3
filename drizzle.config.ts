import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/**/tables.ts',
  // `npm run migrations:reset` writes beside the folder first and swaps, so that nobody reads half a migration.
  out: process.env['MIGRATIONS_FOLDER'] ?? './drizzle',
});
