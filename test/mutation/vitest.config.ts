import { defineConfig } from 'vitest/config';

/** The tests that need no database: fast enough to be asked about every mutant (`npm run mutation`). */
export default defineConfig({
  test: {
    include: [
      'test/policy/decide.test.ts',
      'test/policy/permit.test.ts',
      'test/policy/rules.test.ts',
      'test/identity/rules.test.ts',
      'test/identity/guardian-rules.test.ts',
    ],
    pool: 'forks',
    testTimeout: 30_000,
  },
});
