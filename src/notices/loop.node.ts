import type { Database } from '../database/connection.ts';
import { type DrainSettings, drain, type JobHandlers } from './drain.ts';

export interface OutboxLoop {
  /** Ends after the round under way. */
  stop(): Promise<void>;
}

/** Drains the outbox for as long as the process lives; any number of processes may do it at once. */
export function startOutboxLoop(input: {
  readonly database: Database;
  readonly handlers: JobHandlers;
  readonly intervalMs?: number;
  readonly settings?: DrainSettings;
  /** Told when a round as a whole fails, e.g. because the database is down. */
  onTrouble(reason: unknown): void;
}): OutboxLoop {
  const stopping = new AbortController();
  const ended = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const wasBusy = await drain(input.database, input.handlers, input.settings).then(
        ({ done }) => done > 0,
        (reason: unknown) => {
          input.onTrouble(reason);
          return false;
        },
      );
      if (!wasBusy) await pause(input.intervalMs ?? 1000, stopping.signal);
    }
  }

  return {
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

/** Waits, but no longer than until the signal. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
