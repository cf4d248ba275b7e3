import { spawnSync } from 'node:child_process';

/** Is the program on this machine? A test that needs it and lacks it is skipped, and says so. */
export function hasTool(name: string): boolean {
  const found = spawnSync(name, ['version'], { encoding: 'utf8' }).status === 0;
  if (!found) console.warn(`${name} is not installed: its cross-checks are skipped`);
  return found;
}

export function runTool(
  name: string,
  ...words: readonly string[]
): { readonly status: number; readonly output: string } {
  const run = spawnSync(name, words, { encoding: 'utf8' });
  return { status: run.status ?? -1, output: `${run.stdout}${run.stderr}` };
}
