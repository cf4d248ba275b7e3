import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import {
  date,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { FlattenedJws } from '../crypto/jose.ts';
import { bytes, instant } from '../database/columns.ts';
import {
  anyOf,
  heirOf,
  inheritedBy,
  isPerson,
  needToKnow,
  ownPerson,
  ownSchool,
  systemJob,
} from '../database/policies.ts';
import type { AssuranceLevel } from '../policy/actor.ts';
import type { CertificateKind, IssuedKind } from '../records/certificate-kinds.ts';
import type { Purpose, Refusal, Relation, Replacement, RequestState } from './requests/rules.ts';

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
    // What a closed school knew of its graduates the school reads that answers for it, and corrects.
    pgPolicy('certificate_register_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), heirOf(table.schoolCode)),
    }),
    // 支援措置: whoever may not know of the pupil finds no entry either.
    pgPolicy('certificate_register_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({ subjects: sql`'pupil:' || ${table.pupilId}` }),
    }),
    pgPolicy('certificate_register_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('certificate_register_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), heirOf(table.schoolCode)),
      withCheck: anyOf(ownSchool(table.schoolCode), heirOf(table.schoolCode)),
    }),
  ],
);

/** Why the school that answers for a closed one changed what that had entered: words of a list. */
export const correctionGrounds = ['original', 'evidence', 'typing'] as const;
export type CorrectionGround = (typeof correctionGrounds)[number];

/** Who changed an entry that a closed school has left, on what ground, and where the evidence lies. Rows stay. */
export const registerCorrections = pgTable(
  'certificate_register_corrections',
  {
    id: text('id').primaryKey(),
    entryId: text('entry_id')
      .notNull()
      .references(() => registerEntries.id),
    /** The closed school. */
    schoolCode: text('school_code').notNull(),
    /** Who answered for it then. */
    bySchool: text('by_school').notNull(),
    byStaff: text('by_staff').notNull(),
    ground: text('ground').$type<CorrectionGround>().notNull(),
    /** A number of the correcting school's files. */
    reference: text('reference').notNull(),
    /** Of the entry, after the correction. */
    version: integer('version').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    index('certificate_register_corrections_of').on(table.entryId, table.at),
    // The policy of the register decides inside the subquery.
    pgPolicy('certificate_register_corrections_read', {
      for: 'select',
      using: sql`exists (select 1 from certificate_register r where r.id = ${table.entryId})`,
    }),
    pgPolicy('certificate_register_corrections_insert', {
      for: 'insert',
      withCheck: sql`(${ownSchool(table.bySchool)} and ${heirOf(table.schoolCode)} and exists (select 1 from certificate_register r where r.id = ${table.entryId} and r.school_code = ${table.schoolCode}))`,
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
    // What can be asked for and the fees are no secret; a template and the register are the school's.
    pgPolicy('certificate_settings_read', { for: 'select', using: anyOf(ownSchool(table.schoolCode), isPerson) }),
    pgPolicy('certificate_settings_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('certificate_settings_update', {
      for: 'update',
      using: ownSchool(table.schoolCode),
      withCheck: ownSchool(table.schoolCode),
    }),
  ],
);

/**
 * 証明書の請求: who asks for which certificate of which pupil, and how far it has come. Columns hold ids and words of
 * lists, nothing that somebody typed about a person.
 */
export const certificateRequests = pgTable(
  'certificate_requests',
  {
    id: text('id').primaryKey(),
    /** Who certifies. */
    schoolCode: text('school_code').notNull(),
    /** The closed school that was attended, where its successor certifies; null for most. */
    originCode: text('origin_code'),
    /** Of the roll; null where an agent asks about somebody who is not on it. */
    pupilId: text('pupil_id'),
    /** Found by the check; known from the beginning where the school entered the request. */
    entryId: text('entry_id'),
    relation: text('relation').$type<Relation>().notNull(),
    /** Whoever asked, logged in; null where the school entered it for an agent. */
    personId: text('person_id'),
    enteredBy: text('entered_by'),
    /** Where the school keeps the power of attorney: a number of its files. */
    agentReference: text('agent_reference'),
    kind: text('kind').$type<CertificateKind>().notNull(),
    language: text('language', { enum: ['ja', 'en'] }).notNull(),
    copies: integer('copies').notNull(),
    purpose: text('purpose').$type<Purpose>().notNull(),
    /** For each copy, as it was when it was asked for. */
    feeYen: integer('fee_yen').notNull(),
    assurance: text('assurance').$type<AssuranceLevel>().notNull(),
    /** What the person consented to, signed by the gateway (docs/formats.md, Consent). */
    consent: jsonb('consent').$type<FlattenedJws>(),
    state: text('state').$type<RequestState>().notNull(),
    version: integer('version').notNull().default(1),
    /** Why it came back to the school's office: a fault's code, and the character where one is missing. */
    problem: jsonb('problem').$type<RequestProblem>(),
    refusal: text('refusal').$type<Refusal>(),
    /** The certificate that what is issued takes the place of, and why; null for most. */
    replaces: text('replaces'),
    replacement: text('replacement').$type<Replacement>(),
    requestedAt: instant('requested_at').notNull(),
    /** SHA-256 of what was checked and is approved: the statement without number and day. */
    contentDigest: text('content_digest'),
    checkedBy: text('checked_by'),
    checkedByKey: text('checked_by_key'),
    checkedAt: instant('checked_at'),
    /** The principal's account, or `rule` where the standing rule of the school approved. */
    approvedBy: text('approved_by'),
    approvedAt: instant('approved_at'),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('certificate_requests_by_school').on(table.schoolCode, table.state, table.requestedAt),
    index('certificate_requests_by_person').on(table.personId, table.requestedAt),
    index('certificate_requests_by_pupil').on(table.pupilId),
    index('certificate_requests_by_entry').on(table.entryId),
    // One replacement of a certificate is under way at a time, also between two who ask at once.
    uniqueIndex('certificate_requests_one_replacement')
      .on(table.replaces)
      .where(sql`${table.state} in ('requested', 'checked', 'approved')`),
    pgPolicy('certificate_requests_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.schoolCode),
        heirOf(table.schoolCode),
        ownPerson(table.personId),
        isThatPupil(table.pupilId),
      ),
    }),
    // 支援措置: neither staff who need not know, nor a guardian who is shut out, nor an excluded pupil.
    pgPolicy('certificate_requests_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({ subjects: sql`'pupil:' || ${table.pupilId}`, pupilId: sql`${table.pupilId}` }),
    }),
    pgPolicy('certificate_requests_insert', {
      for: 'insert',
      withCheck: anyOf(
        ownSchool(table.schoolCode),
        // The policy of pupils decides inside the subquery who is linked.
        sql`(${ownPerson(table.personId)} and ${table.state} = 'requested' and exists (select 1 from pupils p where p.id = ${table.pupilId} and (p.school_code = ${table.schoolCode} or p.school_code = ${table.originCode} and p.school_code = any (${inheritedBy(sql`${table.schoolCode}`)}))))`,
      ),
    }),
    // What was under way when a school closed its successor refuses.
    pgPolicy('certificate_requests_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), heirOf(table.schoolCode)),
      withCheck: anyOf(ownSchool(table.schoolCode), heirOf(table.schoolCode)),
    }),
    // Taking it back is all that a person does with it afterwards.
    pgPolicy('certificate_requests_withdraw', {
      for: 'update',
      using: ownPerson(table.personId),
      withCheck: sql`(${ownPerson(table.personId)} and ${table.state} = 'withdrawn')`,
    }),
  ],
);

/** A fault of the list, and the character that the font lacks. */
export interface RequestProblem {
  readonly code: string;
  readonly character?: string;
  readonly codePoint?: string;
}

/** Why a certificate counts no more: words of a list. One that another replaced is not revoked, it is superseded. */
export const revocationReasons = ['error', 'fraud'] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** Why the second person does not revoke it: it is right, nothing proves the fraud, or a new one is to replace it. */
export const revocationRefusals = ['correct', 'notProven', 'replaceInstead'] as const;
export type RevocationRefusal = (typeof revocationRefusals)[number];

/** How an issued certificate stands: it counts, a later one took its place, or two persons said that it counts no more. */
export const certificateStates = ['valid', 'superseded', 'revoked'] as const;
export type IssuedState = (typeof certificateStates)[number];

/** Each copy that was issued, or is about to be: its number in the school's book, where it lies, and whether it counts. */
export const issuedCertificates = pgTable(
  'certificates',
  {
    id: text('id').primaryKey(),
    requestId: text('request_id')
      .notNull()
      .references(() => certificateRequests.id),
    schoolCode: text('school_code').notNull(),
    pupilId: text('pupil_id'),
    personId: text('person_id'),
    number: text('number').notNull(),
    copyNumber: integer('copy_number').notNull(),
    copyOf: integer('copy_of').notNull(),
    kind: text('kind').$type<IssuedKind>().notNull(),
    language: text('language', { enum: ['ja', 'en'] }).notNull(),
    templateId: text('template_id').notNull(),
    /** Of the page that tells its state: 80 random bits, on the paper and nowhere else. */
    code: text('code').notNull().unique(),
    issuedOn: date('issued_on').notNull(),
    state: text('state', { enum: ['issuing', ...certificateStates] }).notNull(),
    objectId: text('object_id'),
    sha256: text('sha256'),
    /** B-LT only where a revocation list of every authority was at hand; B-LTA once its evidence was renewed. */
    level: text('level', { enum: ['B-T', 'B-LT', 'B-LTA'] }),
    issuedAt: instant('issued_at'),
    revocationReason: text('revocation_reason').$type<RevocationReason>(),
    revocationAskedBy: text('revocation_asked_by'),
    revocationAskedByKey: text('revocation_asked_by_key'),
    revocationAskedAt: instant('revocation_asked_at'),
    /** Of the last wish that was declined, until the next one. */
    revocationDeclined: text('revocation_declined').$type<RevocationRefusal>(),
    revokedBy: text('revoked_by'),
    revokedAt: instant('revoked_at'),
    /** Id of the certificate that was issued in its place. */
    supersededBy: text('superseded_by'),
    supersededAt: instant('superseded_at'),
  },
  (table) => [
    unique('certificates_number').on(table.schoolCode, table.number),
    unique('certificates_copy').on(table.requestId, table.copyNumber),
    pgPolicy('certificates_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.schoolCode),
        heirOf(table.schoolCode),
        ownPerson(table.personId),
        isThatPupil(table.pupilId),
        // Whoever has the paper learns whether it counts, and nothing about anybody.
        systemJob('certificate-state'),
        systemJob(renewalJob),
        systemJob('certificate-share'),
      ),
    }),
    pgPolicy('certificates_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({ subjects: sql`'pupil:' || ${table.pupilId}`, pupilId: sql`${table.pupilId}` }),
    }),
    pgPolicy('certificates_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    // The successor of a closed school supersedes and revokes what that has issued.
    pgPolicy('certificates_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), heirOf(table.schoolCode)),
      withCheck: anyOf(ownSchool(table.schoolCode), heirOf(table.schoolCode)),
    }),
    // A number that was given to what could not be made after all; what was issued stays.
    pgPolicy('certificates_delete', {
      for: 'delete',
      using: sql`(${ownSchool(table.schoolCode)} and ${table.state} = 'issuing')`,
    }),
  ],
);

/** The gateway's own work on what has been issued: its evidence is renewed before it ends. */
export const renewalJob = 'certificate-renewal';

/** How long the evidence in each certificate's file stands, and when it is looked at next. */
export const certificateEvidence = pgTable(
  'certificate_evidence',
  {
    certificateId: text('certificate_id')
      .primaryKey()
      .references(() => issuedCertificates.id),
    schoolCode: text('school_code').notNull(),
    /** Null until it was looked at. */
    countsUntil: instant('counts_until'),
    /** Null when there is nothing more to do. */
    lookAt: instant('look_at'),
    /** Why the last look came to nothing: a word of the code's. */
    problem: text('problem'),
  },
  (table) => [
    index('certificate_evidence_due').on(table.lookAt),
    pgPolicy('certificate_evidence_renewal', {
      for: 'all',
      using: systemJob(renewalJob),
      withCheck: systemJob(renewalJob),
    }),
  ],
);

/** What was handed out before a renewal: each former file is the beginning of the next. */
export const certificateFiles = pgTable(
  'certificate_files',
  {
    certificateId: text('certificate_id')
      .notNull()
      .references(() => issuedCertificates.id),
    sha256: text('sha256').notNull(),
    level: text('level', { enum: ['B-T', 'B-LT', 'B-LTA'] }),
    replacedAt: instant('replaced_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.certificateId, table.sha256] }),
    pgPolicy('certificate_files_read', {
      for: 'select',
      using: anyOf(systemJob('certificate-state'), systemJob(renewalJob)),
    }),
    pgPolicy('certificate_files_insert', { for: 'insert', withCheck: systemJob(renewalJob) }),
  ],
);

/** The last number that a school has given in a school year. */
export const certificateCounters = pgTable(
  'certificate_counters',
  {
    schoolCode: text('school_code').notNull(),
    schoolYear: integer('school_year').notNull(),
    last: integer('last').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.schoolCode, table.schoolYear] }),
    pgPolicy('certificate_counters_own', {
      for: 'all',
      using: ownSchool(table.schoolCode),
      withCheck: ownSchool(table.schoolCode),
    }),
  ],
);

/** The person asking is that pupil, as the school has confirmed: sees what others asked for in their name. */
export function isThatPupil(pupilId: AnyPgColumn): SQL {
  return sql`exists (select 1 from pupil_links l where l.pupil_id = ${pupilId} and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), ''))`;
}
