import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../../dist/hikitsugi.js');
/**
 * Tells what the process has used at most: bytes, and milliseconds of a processor. Where there is `/proc`, by it: `maxRSS` of a process begins
 * with that of whoever started it, which has just made a bomb.
 */
const meter = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from 'node:fs';
  process.on('exit', () => {
    const used = process.resourceUsage();
    let kibibytes = used.maxRSS;
    try {
      kibibytes = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
    } catch {}
    const ms = Math.round((used.userCPUTime + used.systemCPUTime) / 1000);
    process.stderr.write('\\nused ' + kibibytes * 1024 + ' ' + ms + '\\n');
  });
`)}`;

export interface MeteredRun {
  readonly exit: number | null;
  /** Each verdict that is not good, with its finer reasons after it; or the code of why there is none. */
  readonly complaints: readonly string[];
  readonly usedBytes: number;
  /** Of a processor, in milliseconds: not of the clock, which runs for what else the machine does, too. */
  readonly usedCpuMs: number;
}

/** `hikitsugi verify` of one file as a process of its own, measured. */
export async function verifyMetered(folder: string, name: string, ...more: readonly string[]): Promise<MeteredRun> {
  const args = ['--import', meter, '--max-old-space-size=128', program, 'verify', name];
  const child = spawn(process.execPath, [...args, '--trust', 'trust', '--crl', 'crl', '--json', ...more], {
    cwd: folder,
    // A verifier that hangs is ended, and has failed.
    timeout: 60_000,
  });
  const [out, error]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => error.push(piece));
  const exit = await new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  // Sound: `--json` writes this.
  const answer = JSON.parse(Buffer.concat(out).toString()) as {
    readonly error?: { readonly code: string };
    readonly reports?: readonly {
      readonly verdicts: readonly { readonly code: string; readonly reasons: readonly string[] }[];
    }[];
  };
  const verdicts = answer.reports?.flatMap((report) => report.verdicts) ?? [];
  const bad = verdicts.filter(({ code }) => !code.endsWith('.valid'));
  const [, bytes, ms] = /used (\d+) (\d+)/.exec(Buffer.concat(error).toString()) ?? [];
  return {
    exit,
    complaints:
      answer.error === undefined ? bad.map(({ code, reasons }) => [code, ...reasons].join(' ')) : [answer.error.code],
    usedBytes: Number(bytes ?? Number.POSITIVE_INFINITY),
    usedCpuMs: Number(ms ?? Number.POSITIVE_INFINITY),
  };
}
