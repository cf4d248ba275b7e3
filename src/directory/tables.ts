import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import {
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';
import {
  actorIsSet,
  anyOf,
  isPerson,
  linkedPerson,
  needToKnow,
  ownSchool,
  ownStaff,
  staffOfSchool,
  systemJob,
} from '../database/policies.ts';
import type { Role } from '../policy/actor.ts';
import type { ProtectionSource } from './protection-sources.ts';

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
    /** What comes after a closed school: a school or a board. Of a board: its school that answers for closed ones. */
    successorCode: text('successor_code'),
    contactMail: text('contact_mail'),
  },
  (table) => [
    index('organisations_by_prefecture').on(table.prefecture, table.code),
    index('organisations_by_successor').on(table.successorCode),
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
    lastLoginAt: timestamp('last_login_at', { withTimezone: true }),
    /** As the provider told it at the last log-in: where notices go, and nothing else. */
    contactMail: text('contact_mail'),
    /** Where notices went before, and until when those about log-ins still go there too. */
    formerMail: text('former_mail'),
    formerMailUntil: timestamp('former_mail_until', { withTimezone: true }),
  },
  (table) => [
    unique('staff_account').on(table.issuer, table.subject),
    index('staff_by_founder').on(table.founderNumber),
    pgPolicy('staff_read', {
      for: 'select',
      using: anyOf(
        systemJob('login'),
        systemJob('joining'),
        directoryJob(),
        ownStaff(table.id),
        sql`exists (select 1 from memberships m where m.staff_id = ${table.id} and m.school_code = nullif(current_setting('app.school', true), ''))`,
        sql`exists (select 1 from administrators a join organisations o on o.founder_number = a.founder_number where a.staff_id = ${table.id} and o.code = nullif(current_setting('app.school', true), ''))`,
        administersFounder(sql`${table.founderNumber}`),
      ),
    }),
    pgPolicy('staff_join', { for: 'insert', withCheck: systemJob('joining') }),
    // The last log-in with the address it told, and by the founder's administrator which accounts are one human.
    pgPolicy('staff_update', {
      for: 'update',
      using: anyOf(systemJob('login'), administersFounder(sql`${table.founderNumber}`)),
      withCheck: anyOf(systemJob('login'), administersFounder(sql`${table.founderNumber}`)),
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
    /** Ended at once, or taken back before it began; days alone could not say so. */
    endedAt: timestamp('ended_at', { withTimezone: true }),
  },
  (table) => [
    index('memberships_by_staff').on(table.staffId),
    index('memberships_by_school').on(table.schoolCode),
    pgPolicy('memberships_read', {
      for: 'select',
      using: anyOf(
        systemJob('login'),
        systemJob('joining'),
        directoryJob(),
        ownStaff(table.staffId),
        ownSchool(table.schoolCode),
      ),
    }),
    pgPolicy('memberships_insert', {
      for: 'insert',
      withCheck: anyOf(ownSchool(table.schoolCode), systemJob('joining')),
    }),
    pgPolicy('memberships_update', {
      for: 'update',
      using: ownSchool(table.schoolCode),
      withCheck: ownSchool(table.schoolCode),
    }),
    pgPolicy('memberships_write', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** 設置者の管理者: who keeps the people and roles of all schools of a founder. They choose one school at a time. */
export const administrators = pgTable(
  'administrators',
  {
    id: text('id').primaryKey(),
    staffId: text('staff_id')
      .notNull()
      .references(() => staff.id),
    founderNumber: text('founder_number')
      .notNull()
      .references(() => founders.corporateNumber),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
    endedAt: timestamp('ended_at', { withTimezone: true }),
  },
  (table) => [
    index('administrators_by_staff').on(table.staffId),
    index('administrators_by_founder').on(table.founderNumber),
    pgPolicy('administrators_read', {
      for: 'select',
      using: anyOf(
        systemJob('login'),
        systemJob('joining'),
        directoryJob(),
        ownStaff(table.staffId),
        ownFounder(sql`${table.founderNumber}`),
      ),
    }),
    pgPolicy('administrators_insert', {
      for: 'insert',
      withCheck: anyOf(ownFounder(sql`${table.founderNumber}`), systemJob('joining')),
    }),
    pgPolicy('administrators_update', {
      for: 'update',
      using: ownFounder(sql`${table.founderNumber}`),
      withCheck: ownFounder(sql`${table.founderNumber}`),
    }),
    pgPolicy('administrators_write', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** A role that waits for its account: somebody of the founder redeems the code by logging in (never a mail address). */
export const invitations = pgTable(
  'invitations',
  {
    id: text('id').primaryKey(),
    schoolCode: text('school_code')
      .notNull()
      .references(() => organisations.code),
    /** As the school calls the person until the account tells its own name. */
    name: text('name').notNull(),
    role: text('role').$type<Role>().notNull(),
    homeroom: text('homeroom'),
    validFrom: date('valid_from').notNull(),
    validTo: date('valid_to'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    /** Neither of them may redeem it: nobody raises their own role. */
    createdBy: text('created_by').notNull(),
    confirmedBy: text('confirmed_by'),
    /** 128 random bits, so a plain hash suffices (ASVS 6.5.2); null until a code was handed out. */
    codeHash: text('code_hash').unique(),
    codeExpiresAt: timestamp('code_expires_at', { withTimezone: true }),
    failedTries: integer('failed_tries').notNull().default(0),
    redeemedAt: timestamp('redeemed_at', { withTimezone: true }),
    redeemedBy: text('redeemed_by'),
    cancelledAt: timestamp('cancelled_at', { withTimezone: true }),
  },
  (table) => [
    index('invitations_by_school').on(table.schoolCode),
    pgPolicy('invitations_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), systemJob('joining')),
    }),
    pgPolicy('invitations_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('invitations_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), systemJob('joining')),
      withCheck: anyOf(ownSchool(table.schoolCode), systemJob('joining')),
    }),
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
        linkedPerson(table.id, table.birthDate),
      ),
    }),
    // A guardian's own links tell that there is the pupil; what is protected are the cases (transfers/tables.ts).
    pgPolicy('pupils_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: anyOf(isPerson, needToKnow({ subjects: sql`'pupil:' || ${table.id}` })),
    }),
    pgPolicy('pupils_write', {
      for: 'all',
      using: anyOf(ownSchool(table.schoolCode), directoryJob()),
      withCheck: anyOf(ownSchool(table.schoolCode), directoryJob()),
    }),
  ],
);

/** 支援措置: who asked for it, from when, when it is looked at again. Never an address (docs/adr/0026). */
export const protectionOrders = pgTable(
  'protection_orders',
  {
    id: text('id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    /** `pupil:…`, `code:…` or `case:…`, as on its mark. */
    subject: text('subject').notNull(),
    source: text('source').$type<ProtectionSource>().notNull(),
    startsOn: date('starts_on').notNull(),
    reviewOn: date('review_on').notNull(),
    enteredBy: text('entered_by').notNull(),
    enteredAt: timestamp('entered_at', { withTimezone: true }).notNull(),
    /** For which review date the principal has been told. */
    remindedOf: date('reminded_of'),
    liftAskedBy: text('lift_asked_by'),
    liftAskedByKey: text('lift_asked_by_key'),
    liftAskedAt: timestamp('lift_asked_at', { withTimezone: true }),
    liftedBy: text('lifted_by'),
    liftedAt: timestamp('lifted_at', { withTimezone: true }),
  },
  (table) => [
    index('protection_orders_by_school').on(table.schoolCode),
    pgPolicy('protection_orders_read', { for: 'select', using: orderForStaff(table.schoolCode, sql`${table.id}`) }),
    pgPolicy('protection_orders_insert', { for: 'insert', withCheck: staffOfSchool(table.schoolCode) }),
    pgPolicy('protection_orders_update', { for: 'update', using: orderForStaff(table.schoolCode, sql`${table.id}`) }),
    pgPolicy('protection_orders_remind', { for: 'all', using: systemJob('protection') }),
  ],
);

/**
 * That something is protected, and no more: every policy asks it, whoever acts, so everybody's transaction may read it.
 * No verb hands it out. It stands as long as the order is in force.
 */
export const protectionMarks = pgTable(
  'protection_marks',
  {
    orderId: text('order_id')
      .primaryKey()
      .references(() => protectionOrders.id),
    schoolCode: text('school_code').notNull(),
    subject: text('subject').notNull(),
    excludesPupil: boolean('excludes_pupil').notNull(),
  },
  (table) => [
    unique('protection_marks_once').on(table.subject, table.schoolCode),
    pgPolicy('protection_marks_read', { for: 'select', using: actorIsSet }),
    pgPolicy('protection_marks_write', {
      for: 'all',
      using: staffOfSchool(table.schoolCode),
      withCheck: staffOfSchool(table.schoolCode),
    }),
  ],
);

/** Whom the school has named for this pupil; the principal need not be. */
export const protectionMembers = pgTable(
  'protection_members',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => protectionOrders.id),
    staffId: text('staff_id').notNull(),
    schoolCode: text('school_code').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.staffId] }),
    pgPolicy('protection_members_all', {
      for: 'all',
      using: staffOfSchool(table.schoolCode),
      withCheck: staffOfSchool(table.schoolCode),
    }),
  ],
);

/** A guardian who may see the cases all the same: asked by one, confirmed by another member of staff. */
export const protectionClearances = pgTable(
  'protection_clearances',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => protectionOrders.id),
    guardianId: text('guardian_id').notNull(),
    schoolCode: text('school_code').notNull(),
    enteredBy: text('entered_by').notNull(),
    enteredByKey: text('entered_by_key').notNull(),
    enteredAt: timestamp('entered_at', { withTimezone: true }).notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: timestamp('confirmed_at', { withTimezone: true }),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.guardianId] }),
    pgPolicy('protection_clearances_all', {
      for: 'all',
      using: staffOfSchool(table.schoolCode),
      withCheck: staffOfSchool(table.schoolCode),
    }),
    // The policy of `cases` asks it in the guardian's own transaction.
    pgPolicy('protection_clearances_own', {
      for: 'select',
      using: sql`exists (select 1 from pupil_links l where l.guardian_id = ${table.guardianId} and l.person_id = nullif(current_setting('app.person', true), ''))`,
    }),
  ],
);

function orderForStaff(school: AnyPgColumn, orderId: SQL): SQL {
  return sql`(${staffOfSchool(school)} and (current_setting('app.role', true) = 'principal' or exists (select 1 from protection_members pn where pn.order_id = ${orderId} and 'staff:' || pn.staff_id = current_setting('app.actor', true))))`;
}

function directoryJob() {
  return systemJob('directory');
}

/** The row belongs to the founder of the school that the actor acts for. */
function ownFounder(founder: SQL): SQL {
  return sql`exists (select 1 from organisations o where o.code = nullif(current_setting('app.school', true), '') and o.founder_number = ${founder})`;
}

/** The actor is an administrator of this founder; when from and until when is the application's to ask. */
function administersFounder(founder: SQL): SQL {
  return sql`exists (select 1 from administrators mine where 'staff:' || mine.staff_id = nullif(current_setting('app.actor', true), '') and mine.founder_number = ${founder} and mine.ended_at is null)`;
}
