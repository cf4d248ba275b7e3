import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { CliTextKey } from './texts/ja.ts';

/** Ends a command: what to tell, in the reader's language, and the exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exit: ExitCode;
  readonly key: CliTextKey;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(exit: ExitCode, key: CliTextKey, params: Readonly<Record<string, string | number>> = {}) {
    super(key);
    this.exit = exit;
    this.key = key;
    this.params = params;
  }
}

/** RFC 9457, as the gateway sends it in the reader's language. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
}

/** The gateway understood and refused. */
export class GatewayRefusal extends Error {
  override readonly name = 'GatewayRefusal';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }

  /** A part of the gateway that is down says nothing about what was asked. */
  get exit(): ExitCode {
    return this.problem.status >= 500 ? exitCodes.notChecked : exitCodes.failed;
  }
}

export function usageError(key: CliTextKey, params: Readonly<Record<string, string | number>> = {}): CliError {
  return new CliError(exitCodes.usage, key, params);
}

export function notChecked(key: CliTextKey, params: Readonly<Record<string, string | number>> = {}): CliError {
  return new CliError(exitCodes.notChecked, key, params);
}
