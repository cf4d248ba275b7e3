import type { Word } from '../verification/report.ts';

/** What the shell is told (docs/cli.md). */
export const exitCodes = {
  ok: 0,
  /** Verification failed, or the gateway refused. */
  failed: 1,
  usage: 2,
  /** Neither yes nor no: no revocation list, a stale one, no trust, a gateway that does not answer. */
  notChecked: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitOf(word: Word): ExitCode {
  switch (word) {
    case 'valid':
      return exitCodes.ok;
    case 'invalid':
      return exitCodes.failed;
    case 'notChecked':
      return exitCodes.notChecked;
  }
}
