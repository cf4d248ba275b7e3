import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { outbox } from './tables.ts';

/** What a job carries: ids and codes, nothing personal. */
export type JobPayload = Readonly<Record<string, string>>;

export interface NewJob {
  /** Names the handler, e.g. `mail.deposited`. */
  readonly kind: string;
  readonly payload: JobPayload;
  readonly notBefore?: Date;
  /** A second job with the key of one that still waits is not added. */
  readonly uniqueKey?: string;
}

/** A job that has been given up. */
export interface DeadJob {
  readonly id: string;
  readonly kind: string;
  readonly payload: JobPayload;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly deadAt: Date | null;
}

/** Writes a job in the transaction of its cause: both are there afterwards, or neither. */
export async function enqueue(tx: Transaction, job: NewJob): Promise<void> {
  await tx
    .insert(outbox)
    .values({
      kind: job.kind,
      payload: job.payload,
      uniqueKey: job.uniqueKey ?? null,
      ...(job.notBefore === undefined ? {} : { dueAt: job.notBefore }),
    })
    .onConflictDoNothing();
}

export async function findDeadJobs(database: Database, kind?: string): Promise<DeadJob[]> {
  return database.transaction(systemScope('outbox'), (tx) =>
    tx
      .select({
        id: outbox.id,
        kind: outbox.kind,
        payload: outbox.payload,
        attempts: outbox.attempts,
        lastError: outbox.lastError,
        deadAt: outbox.deadAt,
      })
      .from(outbox)
      .where(and(isNotNull(outbox.deadAt), kind === undefined ? undefined : eq(outbox.kind, kind)))
      .orderBy(outbox.deadAt),
  );
}

/** Puts a job that was given up back into the queue, with all its attempts before it; false when there is none such. */
export async function reviveJob(database: Database, id: string): Promise<boolean> {
  const revived = await database.transaction(systemScope('outbox'), (tx) =>
    tx
      .update(outbox)
      .set({ deadAt: null, attempts: 0, dueAt: sql`now()`, lease: null })
      .where(and(eq(outbox.id, id), isNotNull(outbox.deadAt)))
      .returning({ id: outbox.id }),
  );
  return revived.length === 1;
}
