import { sql } from 'drizzle-orm';
import { boolean, date, index, integer, pgPolicy, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, ownPerson, ownSchool, systemJob } from '../../database/policies.ts';
import { directoryJob, isOwnPupil, linkedGuardian, ofKnownPupil } from '../row-policies.ts';

export const guardianRelations = ['father', 'mother', 'minorGuardian', 'other'] as const;

export type GuardianRelation = (typeof guardianRelations)[number];

/** 親権: alone, jointly, or none (a grandparent, the head of a home: told nothing of other guardians). */
export const custodies = ['sole', 'joint', 'none'] as const;

export type Custody = (typeof custodies)[number];

export const guardianStates = ['pending', 'confirmed', 'disputed', 'ended'] as const;

export type GuardianState = (typeof guardianStates)[number];

/**
 * The guardians of a pupil as the school has entered them, whether or not they ever log in. Two people of the school
 * stand behind each; what the state, the days and the pupil's age come to is decided at each request, by no job.
 */
/** What a record says of a guardian, and may be corrected. */
export const guardianFields = [
  'name',
  'kana',
  'relation',
  'custody',
  'contactMail',
  'seesRecords',
  'seesHealth',
  'seesLedger',
  'validFrom',
  'validUntil',
] as const;

export type GuardianField = (typeof guardianFields)[number];

export const guardians = pgTable(
  'guardians',
  {
    id: text('id').primaryKey(),
    pupilId: text('pupil_id').notNull(),
    schoolCode: text('school_code').notNull(),
    name: text('name').notNull(),
    kana: text('kana').notNull(),
    relation: text('relation').$type<GuardianRelation>().notNull(),
    custody: text('custody').$type<Custody>().notNull(),
    /** Where notices go; never shown to anybody but the school. */
    contactMail: text('contact_mail'),
    seesRecords: boolean('sees_records').notNull(),
    seesHealth: boolean('sees_health').notNull(),
    seesLedger: boolean('sees_ledger').notNull(),
    validFrom: date('valid_from').notNull(),
    validUntil: date('valid_until'),
    state: text('state').$type<GuardianState>().notNull(),
    enteredBy: text('entered_by').notNull(),
    /** Four eyes are counted by person, not by account. */
    enteredByKey: text('entered_by_key').notNull(),
    enteredAt: instant('entered_at').notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: instant('confirmed_at'),
    /** Why the access is suspended or has ended, in the school's words. */
    reason: text('reason'),
    /** When everybody was told that the pupil will be, and is, of age. */
    majorityAheadAt: instant('majority_ahead_at'),
    majorityToldAt: instant('majority_told_at'),
    /** What was corrected since somebody confirmed it last. */
    correctedFields: text('corrected_fields').array().$type<GuardianField[]>(),
    /** The address before the last correction of it, which is told once. */
    formerMail: text('former_mail'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('guardians_by_pupil').on(table.pupilId),
    pgPolicy('guardians_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), linkedGuardian(table.id), systemJob('linking'), directoryJob()),
    }),
    // Whom a pupil of age may let see again. The age cannot be asked here: the policy of `pupils` asks this table. So a
    // minor is shown nobody, unless the verb has asked the age and said so (`showGuardiansToAdults`).
    pgPolicy('guardians_of_own', {
      for: 'select',
      using: sql`(${table.state} = 'confirmed' and ${isOwnPupil(table.pupilId)} and ${table.pupilId} = any (string_to_array(current_setting('app.of_age', true), ' ')))`,
    }),
    pgPolicy('guardians_need_to_know', { as: 'restrictive', for: 'select', using: ofKnownPupil(table.pupilId) }),
    pgPolicy('guardians_insert', { for: 'insert', withCheck: anyOf(ownSchool(table.schoolCode), directoryJob()) }),
    pgPolicy('guardians_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
      withCheck: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
    }),
  ],
);

export const guardianSubjects = [
  'link-made',
  'link-confirmed',
  'link-ended',
  'guardian-confirmed',
  'guardian-disputed',
  'guardian-settled',
  'guardian-ended',
  'guardian-corrected',
  'code-used',
  'code-locked',
  'majority-ahead',
  'majority-reached',
  'access-granted',
  'access-withdrawn',
  'log-in-way-added',
  'log-in-way-removed',
  'log-in-first',
  'log-ins-refused',
  'certificate-requested',
  'certificate-refused',
  'certificate-issued',
  'certificate-revocation-asked',
  'certificate-kept',
  'certificate-revoked',
  'certificate-superseded',
  'certificate-share-viewed',
  'log-in-card-revoked',
] as const;

export type GuardianSubject = (typeof guardianSubjects)[number];

/** What a pupil's guardians and the pupil were told, for the page: mail alone may be missing. One row per receiver. */
export const guardianNotices = pgTable(
  'guardian_notices',
  {
    /** The job that told it: run twice, it tells once. */
    jobId: text('job_id').notNull(),
    /** `guardian:<id>` or `person:<id>`. */
    receiver: text('receiver').notNull(),
    personId: text('person_id'),
    pupilId: text('pupil_id').notNull(),
    subject: text('subject').$type<GuardianSubject>().notNull(),
    /** The request for a certificate that it is about, where the receiver may open it. */
    requestId: text('request_id'),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.receiver] }),
    index('guardian_notices_by_person').on(table.personId, table.at),
    pgPolicy('guardian_notices_own', { for: 'select', using: ownPerson(table.personId) }),
    pgPolicy('guardian_notices_linking', {
      for: 'all',
      using: systemJob('linking'),
      withCheck: systemJob('linking'),
    }),
  ],
);

export type GuardianRow = typeof guardians.$inferSelect;
