import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Narrator } from './narrator.ts';

export interface CliRun {
  readonly status: number;
  readonly output: string;
}

export interface CliProcess {
  /** Runs `hikitsugi` as a process of its own and shows the command. */
  run(...args: readonly string[]): Promise<CliRun>;
  /** Its answer as JSON; throws when it ended badly. */
  ask(...args: readonly string[]): Promise<unknown>;
}

export function openCliProcess(narrator: Narrator, cwd: string): CliProcess {
  const program = cliProgram();
  const run: CliProcess['run'] = async (...args) => {
    narrator.say(`$ hikitsugi ${args.map(quoted).join(' ')}`);
    return runProcess(process.execPath, [program, ...args], cwd);
  };
  return {
    run,
    async ask(...args) {
      const { status, output } = await run(...args, '--json');
      if (status !== 0) throw new Error(`hikitsugi ${args[0] ?? ''} ended with ${status}: ${output}`);
      const answer: unknown = JSON.parse(output);
      return answer;
    },
  };
}

async function runProcess(command: string, args: readonly string[], cwd: string): Promise<CliRun> {
  // A terminal is handed on, so that transfers show their bar.
  const errors = process.stderr.isTTY ? 'inherit' : 'pipe';
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', errors] });
  const pieces: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
  child.stderr?.on('data', (piece: Buffer) => pieces.push(piece));
  const status = await new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done(code ?? -1));
  });
  return { status, output: Buffer.concat(pieces).toString('utf8').trimEnd() };
}

/** Beside this bundle, or under the project's `dist` when it runs from the sources. */
function cliProgram(): string {
  const places = [
    join(import.meta.dirname, 'hikitsugi.js'),
    resolve(import.meta.dirname, '../../../dist/hikitsugi.js'),
  ];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error('the command line is not built: npm run prepare');
  return found;
}

function quoted(argument: string): string {
  return /^[\w./:=@+-]+$/.test(argument) ? argument : `'${argument}'`;
}
