import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Group, groups } from './groups.ts';

/**
 * Mutation testing by groups: `node test/mutation/run.ts [group …]`, all without a name. Each group leaves its report
 * in `.data/mutation`, and what it found before is asked again only where file or tests have changed (`--force`: all).
 * At the end stands the sum of all groups that have a report; it fails below the threshold.
 */
const folder = join('.data', 'mutation');
const threshold = 90;
const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'] as const;
type Tally = Record<(typeof statuses)[number], number>;

const options = process.argv.slice(2).filter((word) => word.startsWith('--'));
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
for (const [name, group] of Object.entries(groups)) {
  if (named.length === 0 || named.includes(name)) await runGroup(name, group);
}
process.exitCode = report() >= threshold ? 0 : 1;

/** At the lowest priority: hours of it should disturb nobody. */
async function runGroup(name: string, { files, tests }: Group): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, `${name}.config.json`);
  // Sound: the file beside this one, of which only the members are copied.
  const common = JSON.parse(readFileSync('test/mutation/stryker.config.json', 'utf8')) as object;
  const own = {
    mutate: files,
    jsonReporter: { fileName: reportOf(name) },
    incrementalFile: join(folder, `${name}.incremental.json`),
    tempDirName: join(folder, `${name}.sandbox`),
  };
  writeFileSync(config, JSON.stringify({ ...common, ...own }));
  const stryker = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', config, ...options];
  const child = spawn('nice', ['-n', '19', process.execPath, ...stryker], {
    stdio: 'inherit',
    env: { ...process.env, MUTATION_TESTS: tests.join(' ') },
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the group ${name} could not be measured`);
}

function reportOf(name: string): string {
  return join(folder, `${name}.json`);
}

/** Prints a line for each file and each group, and gives the percentage of all that was noticed. */
function report(): number {
  const all = emptyTally();
  for (const name of Object.keys(groups)) {
    if (!existsSync(reportOf(name))) continue;
    const sum = emptyTally();
    // Sound: Stryker's report (mutation-testing-report-schema).
    const { files } = JSON.parse(readFileSync(reportOf(name), 'utf8')) as {
      files: Record<string, { mutants: { status: keyof Tally }[] }>;
    };
    for (const [file, { mutants }] of Object.entries(files)) {
      const tally = emptyTally();
      for (const { status } of mutants) tally[status] += 1;
      for (const status of statuses) sum[status] += tally[status];
      console.log(line(file, tally));
    }
    for (const status of statuses) all[status] += sum[status];
    console.log(line(`= ${name}`, sum));
  }
  console.log(line('= all', all));
  return noticed(all);
}

function emptyTally(): Tally {
  return { Killed: 0, Timeout: 0, Survived: 0, NoCoverage: 0, RuntimeError: 0, Ignored: 0 };
}

/** A mutant that ran into the limit of time counts as noticed in no sum: it may have been the machine. */
function noticed({ Killed, Timeout, Survived, NoCoverage }: Tally): number {
  const counted = Killed + Timeout + Survived + NoCoverage;
  return counted === 0 ? 100 : (100 * Killed) / counted;
}

function line(name: string, tally: Tally): string {
  const { Killed, Timeout, Survived, NoCoverage, RuntimeError, Ignored } = tally;
  const counts = `${Killed} noticed, ${Survived} not, ${NoCoverage} in no test, ${Timeout} timed out`;
  return `${name.padEnd(52)} ${noticed(tally).toFixed(1).padStart(5)} %  ${counts}, ${RuntimeError} broke, ${Ignored} static`;
}
