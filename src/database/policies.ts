import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/**
 * Conditions for the `pgPolicy` rows of every tables.ts. Each of them needs the actor of the transaction: after its
 * first use in a session an unset setting reads as '' and not as NULL, hence `nullif` everywhere.
 */
export const actorIsSet: SQL = sql`(nullif(current_setting('app.actor', true), '') is not null)`;

/** The row belongs to the school, university or board that the actor acts for. */
export function ownSchool(column: AnyPgColumn): SQL {
  return sql`(${actorIsSet} and ${column} = nullif(current_setting('app.school', true), ''))`;
}

/** The row belongs to the pupil or guardian who is asking. */
export function ownPerson(column: AnyPgColumn): SQL {
  return sql`(${actorIsSet} and ${column} = nullif(current_setting('app.person', true), ''))`;
}

/** The row belongs to the member of staff who is asking, whatever school has been chosen. */
export function ownStaff(column: AnyPgColumn): SQL {
  return sql`('staff:' || ${column} = nullif(current_setting('app.actor', true), ''))`;
}

/** One of the gateway's own jobs is at work (`systemScope(job)`). */
export function systemJob(job: string): SQL {
  // A policy cannot hold parameters, so the name becomes part of the text; it is a constant of ours, and checked.
  if (!/^[a-z][a-z-]*$/.test(job)) throw new Error(`Not the name of a job: ${job}`);
  return sql`(nullif(current_setting('app.actor', true), '') = ${sql.raw(`'system:${job}'`)})`;
}

export function anyOf(...conditions: readonly SQL[]): SQL {
  return sql`(${sql.join([...conditions], sql` or `)})`;
}
