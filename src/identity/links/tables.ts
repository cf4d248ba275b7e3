import { sql } from 'drizzle-orm';
import { date, index, integer, pgPolicy, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, ownPerson, ownSchool, systemJob } from '../../database/policies.ts';
import { type AssuranceLevel } from '../../policy/actor.ts';
import { guardians } from '../guardians/tables.ts';
import { directoryJob, ofKnownPupil } from '../row-policies.ts';

export const linkRelations = ['self', 'guardian'] as const;

export type LinkRelation = (typeof linkRelations)[number];

/**
 * A person has redeemed a code of the school's for a pupil. Until a second member of staff has confirmed it, it gives
 * nothing. No foreign key to pupils: links outlive enrolment.
 */
export const pupilLinks = pgTable(
  'pupil_links',
  {
    id: text('id').primaryKey(),
    pupilId: text('pupil_id').notNull(),
    personId: text('person_id').notNull(),
    schoolCode: text('school_code').notNull(),
    relation: text('relation').$type<LinkRelation>().notNull(),
    /** Whose record it is; null when the person is the pupil. */
    guardianId: text('guardian_id').references(() => guardians.id),
    linkedAt: instant('linked_at').notNull(),
    /** How the person was logged in when they redeemed the code. */
    assurance: text('assurance').$type<AssuranceLevel>().notNull(),
    /** Six digits that the person alone is shown and tells the school. */
    checkNumber: text('check_number').notNull(),
    issuedBy: text('issued_by').notNull(),
    issuedByKey: text('issued_by_key').notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: instant('confirmed_at'),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
    /** The link of a renewed certificate that took this one's place. */
    replacedBy: text('replaced_by'),
  },
  (table) => [
    index('pupil_links_by_person').on(table.personId),
    index('pupil_links_by_pupil').on(table.pupilId),
    // A pupil is one person, and so is a guardian: a renewed certificate takes the place of the old one.
    uniqueIndex('pupil_links_one_pupil')
      .on(table.pupilId)
      .where(sql`relation = 'self' and confirmed_at is not null and ended_at is null`),
    uniqueIndex('pupil_links_one_guardian')
      .on(table.guardianId)
      .where(sql`confirmed_at is not null and ended_at is null`),
    pgPolicy('pupil_links_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.schoolCode),
        ownPerson(table.personId),
        systemJob('linking'),
        systemJob('access-code'),
        directoryJob(),
      ),
    }),
    pgPolicy('pupil_links_need_to_know', { as: 'restrictive', for: 'select', using: ofKnownPupil(table.pupilId) }),
    pgPolicy('pupil_links_insert', {
      for: 'insert',
      withCheck: anyOf(systemJob('linking'), systemJob('access-code'), directoryJob()),
    }),
    pgPolicy('pupil_links_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), ownPerson(table.personId)),
      // A person may end their link and change nothing else about it.
      withCheck: anyOf(
        ownSchool(table.schoolCode),
        sql`(${ownPerson(table.personId)} and ${table.endedAt} is not null)`,
      ),
    }),
  ],
);

/** Codes a school hands out on paper; 128 random bits, so a plain hash suffices (ASVS 6.5.2). */
export const linkingCodes = pgTable(
  'linking_codes',
  {
    id: text('id').primaryKey(),
    codeHash: text('code_hash').notNull().unique(),
    pupilId: text('pupil_id').notNull(),
    schoolCode: text('school_code').notNull(),
    relation: text('relation').$type<LinkRelation>().notNull(),
    guardianId: text('guardian_id').references(() => guardians.id),
    issuedBy: text('issued_by').notNull(),
    issuedByKey: text('issued_by_key').notNull(),
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    failedTries: integer('failed_tries').notNull().default(0),
    redeemedAt: instant('redeemed_at'),
    redeemedBy: text('redeemed_by'),
    withdrawnAt: instant('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
  },
  (table) => [
    index('linking_codes_by_pupil').on(table.pupilId),
    pgPolicy('linking_codes_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
    }),
    pgPolicy('linking_codes_need_to_know', { as: 'restrictive', for: 'select', using: ofKnownPupil(table.pupilId) }),
    pgPolicy('linking_codes_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('linking_codes_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
      withCheck: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
    }),
  ],
);

/** Refused redemptions per person and day: a second limit beside the five tries of each code. */
export const linkingRefusals = pgTable(
  'linking_refusals',
  {
    personId: text('person_id').notNull(),
    day: date('day').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.personId, table.day] }),
    pgPolicy('linking_refusals_linking', {
      for: 'all',
      using: systemJob('linking'),
      withCheck: systemJob('linking'),
    }),
  ],
);

export type PupilLinkRow = typeof pupilLinks.$inferSelect;

export type LinkingCodeRow = typeof linkingCodes.$inferSelect;
