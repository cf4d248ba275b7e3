import { sql } from 'drizzle-orm';
import { date, index, jsonb, pgPolicy, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core';
import { actorIsSet, anyOf, ownSchool, ownStaff, systemJob } from '../database/policies.ts';
import type { Role } from '../policy/actor.ts';

/** 設置者: the city, prefecture or school corporation that runs schools; the only body with a corporate number. */
export const founders = pgTable(
  'founders',
  {
    corporateNumber: text('corporate_number').primaryKey(),
    name: text('name').notNull(),
    kind: text('kind', { enum: ['municipality', 'prefecture', 'schoolCorporation', 'national'] }).notNull(),
  },
  () => [
    pgPolicy('founders_read', { for: 'select', using: actorIsSet }),
    pgPolicy('founders_write', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** Schools, boards of education and universities; codes are never reused. */
export const organisations = pgTable(
  'organisations',
  {
    code: text('code').primaryKey(),
    kind: text('kind', { enum: ['school', 'board', 'university'] }).notNull(),
    name: text('name').notNull(),
    nameKana: text('name_kana').notNull(),
    nameEnglish: text('name_english').notNull(),
    prefecture: text('prefecture').notNull(),
    town: text('town').notNull(),
    founderNumber: text('founder_number').references(() => founders.corporateNumber),
    boardCode: text('board_code'),
    state: text('state', { enum: ['open', 'closed'] })
      .notNull()
      .default('open'),
    successorCode: text('successor_code'),
    contactMail: text('contact_mail'),
  },
  (table) => [
    index('organisations_by_prefecture').on(table.prefecture, table.code),
    pgPolicy('organisations_read', { for: 'select', using: actorIsSet }),
    pgPolicy('organisations_write', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** People who act for schools. The key is (issuer, subject), never a mail address (ASVS 6.8.1). */
export const staff = pgTable(
  'staff',
  {
    id: text('id').primaryKey(),
    issuer: text('issuer').notNull(),
    subject: text('subject').notNull(),
    /** Shared by two accounts of one human: approvals count people. */
    personKey: text('person_key').notNull(),
    name: text('name').notNull(),
    founderNumber: text('founder_number')
      .notNull()
      .references(() => founders.corporateNumber),
  },
  (table) => [
    unique('staff_account').on(table.issuer, table.subject),
    pgPolicy('staff_read', {
      for: 'select',
      using: anyOf(
        systemJob('login'),
        directoryJob(),
        ownStaff(table.id),
        sql`exists (select 1 from memberships m where m.staff_id = ${table.id} and m.school_code = nullif(current_setting('app.school', true), ''))`,
      ),
    }),
    pgPolicy('staff_write', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** What a member of staff may be at a school, and from when to when. */
export const memberships = pgTable(
  'memberships',
  {
    id: text('id').primaryKey(),
    staffId: text('staff_id')
      .notNull()
      .references(() => staff.id),
    schoolCode: text('school_code')
      .notNull()
      .references(() => organisations.code),
    role: text('role').$type<Role>().notNull(),
    homeroom: text('homeroom'),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
  },
  (table) => [
    index('memberships_by_staff').on(table.staffId),
    index('memberships_by_school').on(table.schoolCode),
    pgPolicy('memberships_read', {
      for: 'select',
      using: anyOf(systemJob('login'), directoryJob(), ownStaff(table.staffId), ownSchool(table.schoolCode)),
    }),
    pgPolicy('memberships_write', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** A private-use character of an official name, and the 文字情報基盤 glyph that it stands for. */
export interface NonStandardCharacter {
  readonly codePoint: string;
  readonly glyph: string;
}

/** The pupils a school has loaded (OneRoster Japan Profile users.csv). Three names, never normalised. */
export const pupils = pgTable(
  'pupils',
  {
    id: text('id').primaryKey(),
    schoolCode: text('school_code')
      .notNull()
      .references(() => organisations.code),
    /** userMasterIdentifier: a UUID v4 that should survive transfers. */
    masterIdentifier: text('master_identifier'),
    officialName: text('official_name').notNull(),
    nonStandardCharacters: jsonb('non_standard_characters')
      .$type<readonly NonStandardCharacter[]>()
      .notNull()
      .default([]),
    displayName: text('display_name').notNull(),
    kana: text('kana').notNull(),
    birthDate: date('birth_date').notNull(),
    grade: text('grade').notNull(),
    homeroom: text('homeroom').notNull(),
    state: text('state', { enum: ['enrolled', 'left'] })
      .notNull()
      .default('enrolled'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('pupils_by_school').on(table.schoolCode, table.kana),
    pgPolicy('pupils_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.schoolCode),
        directoryJob(),
        systemJob('linking'),
        sql`exists (select 1 from pupil_links l where l.pupil_id = ${table.id} and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), ''))`,
      ),
    }),
    pgPolicy('pupils_write', {
      for: 'all',
      using: anyOf(ownSchool(table.schoolCode), directoryJob()),
      withCheck: anyOf(ownSchool(table.schoolCode), directoryJob()),
    }),
  ],
);

function directoryJob() {
  return systemJob('directory');
}
