import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/**
 * Conditions for the `pgPolicy` rows of every tables.ts; what they ask of other tables stands in policy-functions.ts. Each of
 * them needs the actor of the transaction: after its first use in a session an unset setting reads as '' and not as NULL,
 * hence `nullif` everywhere.
 */
export const actorIsSet: SQL = sql`(nullif(current_setting('app.actor', true), '') is not null)`;

/** The row belongs to the school, university or board that the actor acts for. */
export function ownSchool(column: AnyPgColumn): SQL {
  return sql`(${actorIsSet} and ${column} = nullif(current_setting('app.school', true), ''))`;
}

/**
 * The row belongs to a closed school for which, by the directory, the open school answers that the actor acts for: the end of the chain
 * of closed schools and boards of education (docs/adr/0040). Asked backwards and of no row, so that it is found once in a statement.
 */
export function heirOf(column: AnyPgColumn): SQL {
  const school = sql`nullif(current_setting('app.school', true), '')`;
  return sql`(${column} = any ((select ${inheritedBy(school)})::text[]))`;
}

/** The codes of closed schools (and of boards between them) whose chain ends at this open school. */
export function inheritedBy(school: SQL): SQL {
  return sql`codes_inherited_by(${school})`;
}

/** The policies of `cases` decide inside whether there is such a case. */
export function ofVisibleCase(caseId: AnyPgColumn): SQL {
  return sql`(parties_of_visible_case(${caseId}) is not null)`;
}

/** Such a case, and the actor's school sends it. */
export function ofSendersCase(caseId: AnyPgColumn): SQL {
  return sql`((parties_of_visible_case(${caseId}))[1] = nullif(current_setting('app.school', true), ''))`;
}

/** Such a case, and one of its two schools acts. */
export function ofOwnCase(caseId: AnyPgColumn): SQL {
  return sql`(nullif(current_setting('app.school', true), '') = any (parties_of_visible_case(${caseId})))`;
}

/** The policies of the shares of certificates decide inside. */
export function ofVisibleShare(shareId: AnyPgColumn): SQL {
  return sql`share_is_visible(${shareId})`;
}

/** An auditor of some board has the name of such a case open now, as row level security lets whoever asks know. */
export function openToBoard(caseId: AnyPgColumn): SQL {
  return sql`case_is_open_to_board(${caseId})`;
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
  return sql`(${isPerson} and person_is_linked(${pupilId}, ${birthDate}))`;
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
  const own = pupilId === undefined ? sql`false` : sql`person_is_cleared(array[${subjects}], ${pupilId})`;
  const others = sql`(${role} = 'principal' or staff_is_named(array[${subjects}]) or ${own})`;
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
  const admitted = sql`(staff_is_named(array[${subjects}]) or person_is_cleared(array[${subjects}], ${pupilId}))`;
  return sql<Protection>`case when not ${marked(subjects)} then 'none' when ${admitted} then 'named' else 'unnamed' end`;
}

export type Protection = 'none' | 'named' | 'unnamed';

const actorSetting = sql`coalesce(current_setting('app.actor', true), '')`;
const role = sql`coalesce(current_setting('app.role', true), '')`;
/** A pupil or guardian is asking. */
export const isPerson: SQL = sql`(coalesce(current_setting('app.person', true), '') <> '')`;
const isMachine = sql`(${actorSetting} like 'machine:%')`;

function marked(subjects: SQL): SQL {
  return sql`exists (select 1 from protection_marks pm where pm.subject in (${subjects}))`;
}

/** An auditor of the board itself is asking; nobody else at a board reads anything. */
export function auditsAt(board: AnyPgColumn | SQL): SQL {
  return sql`(${board} = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor')`;
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
