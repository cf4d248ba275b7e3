import { sql } from 'drizzle-orm';
import { type AnyPgColumn, date, index, jsonb, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, ownPerson, ownSchool, staffOfSchool, systemJob } from '../../database/policies.ts';
import { type PersonScope } from '../../policy/actor.ts';
import { guardians } from '../guardians/tables.ts';
import { directoryJob, isOwnPupil, linkedGuardian, ofKnownPupil } from '../row-policies.ts';

/**
 * The pupil, of age, lets a former guardian see again, this much and until this day. Whether it was given at that age is
 * asked wherever it counts: `standingOf` of `guardians/rules.ts`, `linkedPerson` of `database/policies.ts`.
 */
export const guardianConsents = pgTable(
  'guardian_consents',
  {
    id: text('id').primaryKey(),
    pupilId: text('pupil_id').notNull(),
    guardianId: text('guardian_id')
      .notNull()
      .references(() => guardians.id),
    schoolCode: text('school_code').notNull(),
    /** The person who is the pupil. */
    givenBy: text('given_by').notNull(),
    scope: jsonb('scope').$type<readonly PersonScope[]>().notNull(),
    givenAt: instant('given_at').notNull(),
    /** The last day, in Japan. */
    until: date('until').notNull(),
    withdrawnAt: instant('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
  },
  (table) => [
    index('guardian_consents_by_guardian').on(table.guardianId),
    index('guardian_consents_by_pupil').on(table.pupilId),
    pgPolicy('guardian_consents_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.schoolCode),
        isOwnPupil(table.pupilId),
        linkedGuardian(table.guardianId),
        systemJob('linking'),
        directoryJob(),
      ),
    }),
    pgPolicy('guardian_consents_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: ofKnownPupil(table.pupilId),
    }),
    pgPolicy('guardian_consents_insert', { for: 'insert', withCheck: mayConsent(table) }),
    // Taken back, and nothing else: what has been taken back stays so.
    pgPolicy('guardian_consents_withdraw', {
      for: 'update',
      using: sql`(${table.withdrawnAt} is null and ${anyOf(isOwnPupil(table.pupilId), staffOfSchool(table.schoolCode))})`,
      withCheck: sql`(${table.withdrawnAt} is not null and ${anyOf(isOwnPupil(table.pupilId), staffOfSchool(table.schoolCode))})`,
    }),
    pgPolicy('guardian_consents_directory', { for: 'insert', withCheck: directoryJob() }),
  ],
);

export type ConsentRow = typeof guardianConsents.$inferSelect;

/**
 * The pupil lets a guardian see who is confirmed, in time and not the pupil, for a year at most, from now on; and never
 * where a protection order stands.
 */
function mayConsent(consent: Readonly<Record<ConsentColumn, AnyPgColumn>>) {
  const { pupilId, guardianId, schoolCode, givenBy, givenAt, until, withdrawnAt } = consent;
  const givenOn = sql`(${givenAt} at time zone 'Asia/Tokyo')::date`;
  const isNow = sql`${givenAt} between now() - interval '5 minutes' and now() + interval '5 minutes'`;
  const isInTime = sql`${until} >= ${givenOn} and ${until} <= (${givenOn} + interval '1 year')::date`;
  const ofGuardian = sql`exists (select 1 from guardians g where g.id = ${guardianId} and g.pupil_id = ${pupilId} and g.school_code = ${schoolCode} and g.state = 'confirmed' and coalesce(g.valid_until, ${givenOn}) >= ${givenOn})`;
  const isProtected = sql`exists (select 1 from protection_marks pm where pm.subject = 'pupil:' || ${pupilId})`;
  return sql`(${ownPerson(givenBy)} and ${withdrawnAt} is null and ${isNow} and ${isInTime} and ${isOwnPupil(pupilId)} and ${ofGuardian} and not ${linkedGuardian(guardianId)} and not ${isProtected})`;
}

type ConsentColumn = 'pupilId' | 'guardianId' | 'schoolCode' | 'givenBy' | 'givenAt' | 'until' | 'withdrawnAt';
