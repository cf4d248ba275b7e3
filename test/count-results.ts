import { readFileSync } from 'node:fs';
import { z } from 'zod';

// The last line of `.ci/run`: `N passed, N failed`, out of vitest's JSON. Exit status 1 unless everything passed.
// Arguments: the JSON, and the exit statuses of `npm run check` and `npm test`.

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

const [file = '', check = '1', tests = '1'] = process.argv.slice(2);
const { passed, failed } = read(file);
const unexplained = tests !== '0' && failed === 0 ? 1 : 0;
const all = failed + unexplained + (check === '0' ? 0 : 1);
console.log(`${passed} passed, ${all} failed`);
process.exitCode = all === 0 && passed > 0 ? 0 : 1;

function read(path: string): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests, testResults } = report.parse(JSON.parse(readFileSync(path, 'utf8')));
    // A file that did not load, or whose preparation failed, has no failed test of its own and counts as one.
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
    );
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
