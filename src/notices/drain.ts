import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import type { JobPayload } from './outbox.ts';
import { outbox } from './tables.ts';

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly payload: JobPayload;
  /** 1 at the first try. */
  readonly attempt: number;
  readonly createdAt: Date;
}

/**
 * Does a job, or throws so that it is tried again. It may run twice, also at once: it reads the facts anew and does
 * nothing when the cause is gone or the effect is there. The signal fires before the lease ends.
 */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<void>;
export type JobHandlers = Readonly<Record<string, JobHandler>>;

export interface DrainSettings {
  /** Jobs taken at once. */
  readonly limit?: number;
  readonly leaseMs?: number;
  readonly maxAttempts?: number;
  /** Seconds before attempt n + 1. */
  readonly delayAfter?: (attempt: number) => number;
}

export interface Drained {
  readonly done: number;
  readonly failed: number;
  readonly dead: number;
}

/**
 * Takes what is due and does it, one round: call it from a loop on Node, from the minute cron on Workers. Jobs of kinds
 * without a handler stay, so that a newer process may do them. Gives the numbers; errors of handlers are not thrown.
 */
export async function drain(database: Database, handlers: JobHandlers, settings: DrainSettings = {}): Promise<Drained> {
  const { limit = 8, leaseMs = 60_000, maxAttempts = 12, delayAfter = backoffSeconds } = settings;
  const lease = crypto.randomUUID();
  const jobs = await takeJobs(database, { lease, leaseMs, limit, kinds: Object.keys(handlers) });
  const outcomes = await Promise.all(
    jobs.map(async (job): Promise<keyof Drained> => {
      const failure = await attempt(handlers[job.kind], job, leaseMs);
      if (failure === null) {
        await finish(database, job, lease);
        return 'done';
      }
      const isLast = job.attempt >= maxAttempts;
      await postpone(database, job, { lease, failure, seconds: isLast ? null : delayAfter(job.attempt) });
      return isLast ? 'dead' : 'failed';
    }),
  );
  const count = (outcome: keyof Drained): number => outcomes.filter((each) => each === outcome).length;
  return { done: count('done'), failed: count('failed'), dead: count('dead') };
}

/** 5 s, doubled with each attempt to at most 6 h, and up to a quarter of it by chance so that herds disperse. */
export function backoffSeconds(attempt: number): number {
  return Math.min(5 * 2 ** (attempt - 1), 6 * 3600) * (1 + Math.random() / 4);
}

async function takeJobs(
  database: Database,
  input: { readonly lease: string; readonly leaseMs: number; readonly limit: number; readonly kinds: string[] },
): Promise<Job[]> {
  if (input.kinds.length === 0) return [];
  return database.transaction(systemScope('outbox'), async (tx) => {
    // A job whose worker died becomes due again when its lease ends: leasing is moving the due time.
    const due = tx
      .select({ id: outbox.id })
      .from(outbox)
      .where(and(sql`${outbox.deadAt} is null and ${outbox.dueAt} <= now()`, sql`${outbox.kind} in ${input.kinds}`))
      .orderBy(outbox.dueAt)
      .limit(input.limit)
      .for('update', { skipLocked: true });
    const taken = await tx
      .update(outbox)
      .set({
        lease: input.lease,
        dueAt: sql`now() + make_interval(secs => ${input.leaseMs / 1000})`,
        attempts: sql`${outbox.attempts} + 1`,
      })
      .where(sql`${outbox.id} in ${due}`)
      .returning();
    return taken.map((row) => ({
      id: row.id,
      kind: row.kind,
      payload: row.payload,
      attempt: row.attempts,
      createdAt: row.createdAt,
    }));
  });
}

/** The name of what went wrong; null when nothing did. A message may quote data, a name does not. */
async function attempt(handler: JobHandler | undefined, job: Job, leaseMs: number): Promise<string | null> {
  if (handler === undefined) return 'NoHandler';
  try {
    await handler(job, AbortSignal.timeout(leaseMs * 0.8));
    return null;
  } catch (reason) {
    return reason instanceof Error ? reason.name : 'UnknownError';
  }
}

async function finish(database: Database, job: Job, lease: string): Promise<void> {
  // No row: the lease was taken over meanwhile, and the other worker will see that the effect is there.
  await database.transaction(systemScope('outbox'), (tx) =>
    tx.delete(outbox).where(and(eq(outbox.id, job.id), eq(outbox.lease, lease))),
  );
}

async function postpone(
  database: Database,
  job: Job,
  { lease, failure, seconds }: { readonly lease: string; readonly failure: string; readonly seconds: number | null },
): Promise<void> {
  await database.transaction(systemScope('outbox'), (tx) =>
    tx
      .update(outbox)
      .set({
        lease: null,
        lastError: failure,
        dueAt: sql`now() + make_interval(secs => ${seconds ?? 0})`,
        deadAt: seconds === null ? sql`now()` : null,
      })
      .where(and(eq(outbox.id, job.id), eq(outbox.lease, lease))),
  );
}
