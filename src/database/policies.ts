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

/**
 * The pupil is one whom the person asking is, or is guardian of, as the school has confirmed, today. This is the second
 * wall: `standingOf` of `identity/guardians/rules.ts` says the same first, and the scope with it.
 */
export function linkedPerson(pupilId: AnyPgColumn, birthDate: AnyPgColumn): SQL {
  const today = sql`(now() at time zone 'Asia/Tokyo')::date`;
  // 民法4条, 年齢計算ニ関スル法律: of age from the 18th birthday on, born on 29 February from 1 March of a common year.
  const ofAgeFrom = sql`(make_date(extract(year from ${birthDate})::int + 18, extract(month from ${birthDate})::int, 1) + (extract(day from ${birthDate})::int - 1))`;
  return sql`exists (select 1 from pupil_links l left join guardians g on g.id = l.guardian_id where l.pupil_id = ${pupilId} and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '') and (l.relation = 'self' or (g.state = 'confirmed' and g.valid_from <= ${today} and coalesce(g.valid_until, ${today}) >= ${today} and (${today} < ${ofAgeFrom} or g.granted_until >= ${today}))))`;
}

/** The row belongs to the school of the member of staff who is asking; a machine of that school is none. */
export function staffOfSchool(column: AnyPgColumn): SQL {
  return sql`(nullif(current_setting('app.actor', true), '') like 'staff:%' and ${column} = nullif(current_setting('app.school', true), ''))`;
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
