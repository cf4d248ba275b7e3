import type { Clock } from '../clock.ts';
import type { ExitCode } from './exit-codes.ts';
import type { CliLocale } from './text.ts';

/** What every command is given. */
export interface Cli {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly locale: CliLocale;
  readonly clock: Clock;
  /** A line at once, beside the result: of a command that goes on until it is ended. */
  tell(line: string): void;
  /** Settles when somebody ends the command (SIGINT, SIGTERM). */
  ended(): Promise<void>;
  /** Shows how far a transfer is, where somebody is looking. */
  progress(label: string, totalBytes: number | null): Progress;
}

export interface Progress {
  add(bytes: number): void;
  end(): void;
}

/** What a command found: one JSON value for programs, lines for people. */
export interface CommandResult {
  readonly exit: ExitCode;
  readonly value: unknown;
  readonly lines: readonly string[];
}

export type Command = (args: readonly string[], cli: Cli) => Promise<CommandResult>;
