import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite takes JSX (jsxImportSource hono/jsx) from tsconfig.json.
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Modules hold no state of a gateway: to read them anew for every file took a sixth of the run.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // `.ci/run` reads the counts out of the JSON.
    reporters: ['default', ['json', { outputFile: '.data/test-results.json' }], './test/support/count-reporter.ts'],
  },
});
