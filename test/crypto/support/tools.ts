import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether a program is on this machine; says so once when it is not, since its tests are then skipped. */
export function hasTool(name: string, versionArgument: string): boolean {
  const present = spawnSync(name, [versionArgument], { stdio: 'ignore' }).error === undefined;
  if (!present) console.warn(`skipped: ${name} is not installed, its cross-checks do not run`);
  return present;
}

/** Runs a program in a new folder that holds these files. */
export function runTool(
  name: string,
  parameters: readonly string[],
  files: Readonly<Record<string, Uint8Array | string>>,
): { readonly status: number | null; readonly output: string; readonly stdout: Uint8Array } {
  const folder = mkdtempSync(join(tmpdir(), 'hikitsugi-test-'));
  try {
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
    const result = spawnSync(name, parameters, { cwd: folder, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 });
    return {
      status: result.status,
      output: `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}`,
      stdout: new Uint8Array(result.stdout),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
