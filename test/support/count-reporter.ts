import type { Reporter, TestModule } from 'vitest/node';

/** Ends the run with one line that says how many tests passed and how many did not. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (wanted: string) => states.filter((state) => state === wanted).length;
    // A file that did not even load, or whose preparation failed, counts as one failure.
    const broken = modules.filter((module) => module.errors().length > 0 || failedInPreparation(module)).length;
    const skipped = count('skipped') === 0 ? '' : `, ${count('skipped')} skipped`;
    console.log(`${count('passed')} passed, ${count('failed') + broken} failed${skipped} (${modules.length} files)`);
  }
}

function failedInPreparation(module: TestModule): boolean {
  return [...module.children.allSuites()].some((suite) => suite.errors().length > 0);
}
