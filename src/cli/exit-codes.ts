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
