import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * Jobs, written in the transaction of their cause. No row level security: a job is a hint, not a fact, holds ids only,
 * and whoever works on it opens a transaction of its own and looks whether the cause is there.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    kind: text('kind').notNull(),
    /** Ids and codes; nothing personal. */
    payload: jsonb('payload').$type<Readonly<Record<string, string>>>().notNull(),
    /** At most one waiting job per key. */
    uniqueKey: text('unique_key').unique(),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    /** Not before; while a job is leased, when the lease ends. */
    dueAt: timestamp('due_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    /** Of the worker at it; a worker whose lease was taken over changes nothing any more. */
    lease: uuid('lease'),
    attempts: integer('attempts').notNull().default(0),
    /** Name of the last error, never its message. */
    lastError: text('last_error'),
    /** Given up: waits for a person. */
    deadAt: timestamp('dead_at', { withTimezone: true, precision: 3 }),
  },
  (table) => [index('outbox_due').on(table.dueAt).where(sql`${table.deadAt} is null`)],
);
