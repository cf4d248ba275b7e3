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

/** So many closures, one after the other, are followed: more are a mistake of the directory's. */
export const maxSuccessions = 5;

/**
 * The row belongs to a closed school for which, by the directory, the open school answers that the actor acts for: the end of the chain
 * of closed schools and boards of education (docs/adr/0040). Asked backwards and of no row, so that it is found once in a statement.
 */
export function heirOf(column: AnyPgColumn): SQL {
  const school = sql`nullif(current_setting('app.school', true), '')`;
  return sql`(${column} = any (array(${inheritedBy(school)})))`;
}

/** The codes of closed schools (and of boards between them) whose chain ends at this open school. */
export function inheritedBy(school: SQL): SQL {
  return sql`with recursive inherited(code, steps) as (select o.code, 1 from organisations o join organisations heir on heir.code = o.successor_code where heir.code = ${school} and heir.kind = 'school' and heir.state = 'open' and (o.state = 'closed' or o.kind = 'board') union all select o.code, inherited.steps + 1 from organisations o join inherited on o.successor_code = inherited.code where (o.state = 'closed' or o.kind = 'board') and inherited.steps < ${sql.raw(String(maxSuccessions))}) select inherited.code from inherited`;
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
  // Given by the pupil at that age, and not taken back.
  const consented = sql`exists (select 1 from guardian_consents c where c.guardian_id = g.id and c.withdrawn_at is null and c.until >= ${today} and (c.given_at at time zone 'Asia/Tokyo')::date >= ${ofAgeFrom})`;
  return sql`exists (select 1 from pupil_links l left join guardians g on g.id = l.guardian_id where l.pupil_id = ${pupilId} and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), '') and (l.relation = 'self' or (g.state = 'confirmed' and g.valid_from <= ${today} and coalesce(g.valid_until, ${today}) >= ${today} and (${today} < ${ofAgeFrom} or ${consented}))))`;
}

/** The row belongs to the school of the member of staff who is asking; a machine of that school is none. */
export function staffOfSchool(column: AnyPgColumn): SQL {
  return sql`(nullif(current_setting('app.actor', true), '') like 'staff:%' and ${column} = nullif(current_setting('app.school', true), ''))`;
}

/**
 * 支援措置: the second wall around what a protection order covers. `subjects` are what its mark may name: `pupil:…`,
 * `code:…` (the hash of an acceptance code), `case:…`. Staff need to be the principal or named at their school; persons
 * must be the pupil, or a guardian whom the school has cleared; no machine passes. The gateway's jobs do.
 */
export function needToKnow({ subjects, pupilId }: { readonly subjects: SQL; readonly pupilId?: SQL }): SQL {
  const own =
    pupilId === undefined ? sql`false` : sql`(${isPerson} and not ${marked(subjects, isShutPerson(pupilId))})`;
  const others = sql`(${role} = 'principal' or ${namedAtSchool(subjects)} or ${own})`;
  return sql`(${actorSetting} like 'system:%' or not ${marked(subjects)} or ${isMachine} is false and ${others})`;
}

/** What the table of permissions is told: is it protected, and does the order name or admit whoever asks? */
export function protectionFact({
  subjects,
  pupilId,
}: {
  readonly subjects: SQL;
  readonly pupilId: SQL;
}): SQL<Protection> {
  const admitted = sql`(${namedAtSchool(subjects)} or ${isPerson} and not ${marked(subjects, isShutPerson(pupilId))})`;
  return sql<Protection>`case when not ${marked(subjects)} then 'none' when ${admitted} then 'named' else 'unnamed' end`;
}

export type Protection = 'none' | 'named' | 'unnamed';

const actorSetting = sql`coalesce(current_setting('app.actor', true), '')`;
const role = sql`coalesce(current_setting('app.role', true), '')`;
/** A pupil or guardian is asking. */
export const isPerson: SQL = sql`(coalesce(current_setting('app.person', true), '') <> '')`;
const isMachine = sql`(${actorSetting} like 'machine:%')`;

function marked(subjects: SQL, also: SQL = sql`true`): SQL {
  return sql`exists (select 1 from protection_marks pm where pm.subject in (${subjects}) and ${also})`;
}

function namedAtSchool(subjects: SQL): SQL {
  return sql`exists (select 1 from protection_marks pm join protection_members pn on pn.order_id = pm.order_id where pm.subject in (${subjects}) and pm.school_code = nullif(current_setting('app.school', true), '') and 'staff:' || pn.staff_id = ${actorSetting})`;
}

/** Everybody but the pupils themselves, where the school does not exclude them, and guardians whom it has cleared. */
function isShutPerson(pupilId: SQL): SQL {
  const isCleared = sql`exists (select 1 from protection_clearances pc where pc.order_id = pm.order_id and pc.guardian_id = pl.guardian_id and pc.confirmed_at is not null)`;
  return sql`not exists (select 1 from pupil_links pl where pl.pupil_id = ${pupilId} and pl.person_id = nullif(current_setting('app.person', true), '') and pl.confirmed_at is not null and pl.ended_at is null and (pl.relation = 'self' and not pm.excludes_pupil or ${isCleared}))`;
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
