import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { warmPool } from './warm-pool.ts';

const pool = warmPool();
const tests = (process.env['MUTATION_TESTS'] ?? 'test/{identity,policy}/*.test.ts').split(' ');

/** The first test that fails ends a run, so the order of the group counts: the quickest first. */
class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => tests.findIndex((name) => moduleId.endsWith(name));
    return files.toSorted((a, b) => place(a) - place(b));
  }
}

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
    include: tests,
    sequence: { sequencer: InOrder },
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
