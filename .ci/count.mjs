// `N passed, N failed` out of vitest's JSON; exit status 1 unless everything passed.
import { readFileSync } from 'node:fs';

const [file, check, tests] = process.argv.slice(2);
const { passed, failed } = read(file);
const missed = tests !== '0' && failed === 0 ? 1 : 0;
const all = failed + missed + Number(check);
console.log(`${passed} passed, ${all} failed`);
process.exitCode = all === 0 && passed > 0 ? 0 : 1;

function read(path) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
    );
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
