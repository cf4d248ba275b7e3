import { defineConfig } from 'vitest/config';
import { warmPool } from './warm-pool.ts';

const pool = warmPool();

/** The tests that one group of mutants is tried on, against a real PostgreSQL that starts once (see `run.ts`). */
export default defineConfig({
  plugins: [
    {
      name: 'warm-pool',
      // Stryker sets a pool of its own over that of this file.
      configureVitest({ project, vitest }) {
        project.config.pool = pool.name;
        project.config.poolRunner = pool;
        project.config.isolate = false;
        vitest.onClose(() => pool.close());
      },
    },
  ],
  test: {
    include: (process.env['MUTATION_TESTS'] ?? 'test/{identity,policy}/*.test.ts').split(' '),
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
