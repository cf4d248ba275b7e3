import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgPolicy, pgTable, text, timestamp, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytes } from '../database/columns.ts';
import { needToKnow, ownSchool } from '../database/policies.ts';
import type { CertificateKind, IssuedKind } from '../records/certificate-kinds.ts';

/**
 * 証明の台帳: what a school certifies from, one row for a pupil or graduate. Nothing personal stands in a column: the facts
 * lie sealed under a key of the row's own (`case_keys`), and can be found again by keyed hashes alone.
 */
export const registerEntries = pgTable(
  'certificate_register',
  {
    id: text('id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    /** Of the school's roll, when the pupil is on it: the way to the person who has logged in. */
    pupilId: text('pupil_id'),
    /** Keyed hash of the number: one entry for each. */
    numberKey: text('number_key').notNull(),
    sealedFacts: bytes('sealed_facts').notNull(),
    version: integer('version').notNull().default(1),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    unique('certificate_register_number').on(table.schoolCode, table.numberKey),
    unique('certificate_register_pupil').on(table.schoolCode, table.pupilId),
    index('certificate_register_newest').on(table.schoolCode, table.changedAt),
    pgPolicy('certificate_register_read', { for: 'select', using: ownSchool(table.schoolCode) }),
    // 支援措置: whoever may not know of the pupil finds no entry either.
    pgPolicy('certificate_register_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({ subjects: sql`'pupil:' || ${table.pupilId}` }),
    }),
    pgPolicy('certificate_register_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('certificate_register_update', {
      for: 'update',
      using: ownSchool(table.schoolCode),
      withCheck: ownSchool(table.schoolCode),
    }),
  ],
);

/** What a certificate of this kind says at this school, beside the facts. Each version stays. */
export interface TemplateWording {
  readonly titleJa: string;
  readonly bodyJa: string;
  readonly titleEn: string;
  readonly bodyEn: string;
  readonly principalJa: string;
  readonly principalEn: string;
}

export const certificateTemplates = pgTable(
  'certificate_templates',
  {
    id: text('id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    kind: text('kind').$type<IssuedKind>().notNull(),
    version: integer('version').notNull(),
    wording: jsonb('wording').$type<TemplateWording>().notNull(),
    /** The school's stamp as PNG. */
    sealImage: bytes('seal_image'),
    state: text('state', { enum: ['draft', 'published', 'replaced'] }).notNull(),
    draftedBy: text('drafted_by').notNull(),
    draftedAt: instant('drafted_at').notNull(),
    publishedBy: text('published_by'),
    publishedAt: instant('published_at'),
  },
  (table) => [
    unique('certificate_templates_version').on(table.schoolCode, table.kind, table.version),
    uniqueIndex('certificate_templates_in_force')
      .on(table.schoolCode, table.kind)
      .where(sql`${table.state} = 'published'`),
    pgPolicy('certificate_templates_own', {
      for: 'all',
      using: ownSchool(table.schoolCode),
      withCheck: ownSchool(table.schoolCode),
    }),
  ],
);

/** Which kinds a school offers, for how much, and which are issued at once (a standing rule of the principal). */
export interface KindSetting {
  readonly offered: boolean;
  readonly feeYen: number;
  readonly atOnce: boolean;
}
export type KindSettings = Partial<Readonly<Record<CertificateKind, KindSetting>>>;

export const certificateSettings = pgTable(
  'certificate_settings',
  {
    schoolCode: text('school_code').primaryKey(),
    kinds: jsonb('kinds').$type<KindSettings>().notNull(),
    version: integer('version').notNull(),
    changedBy: text('changed_by').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    pgPolicy('certificate_settings_read', { for: 'select', using: ownSchool(table.schoolCode) }),
    pgPolicy('certificate_settings_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('certificate_settings_update', {
      for: 'update',
      using: ownSchool(table.schoolCode),
      withCheck: ownSchool(table.schoolCode),
    }),
  ],
);

function instant(name: string) {
  return timestamp(name, { withTimezone: true });
}
