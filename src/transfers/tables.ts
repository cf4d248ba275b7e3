import { type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import {
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { FlattenedJws } from '../crypto/jose.ts';
import { bytes, instant } from '../database/columns.ts';
import {
  anyOf,
  linkedPerson,
  needToKnow,
  ofSendersCase,
  ofVisibleCase,
  openToBoard,
  ownSchool,
  systemJob,
} from '../database/policies.ts';
import type { NonStandardCharacter } from '../directory/tables.ts';
import type { CaseKind, DocumentForm, DocumentKind, Visibility } from '../records/kinds.ts';
import { type BreakGlassCategory, boardGlassJob } from './break-glass-rules.ts';
import type { PackageVerdict } from './verdict.ts';

export const caseStates = [
  'draft',
  'submitted',
  'approved',
  'sealed',
  'deposited',
  'opened',
  'acknowledged',
  'returned',
  'withdrawn',
] as const;
export type CaseState = (typeof caseStates)[number];

/** The gateway's own work on seals and receipts: they are renewed before they end. */
export const caseRenewalJob = 'case-renewal';

/** States in which the recipient knows of the case. */
const arrived = sql`('deposited', 'opened', 'acknowledged', 'returned')`;

/** One pupil's records on their way from one school to one other. */
export const cases = pgTable(
  'cases',
  {
    id: text('id').primaryKey(),
    kind: text('kind').$type<CaseKind>().notNull(),
    state: text('state').$type<CaseState>().notNull(),
    version: integer('version').notNull().default(1),
    /** Counts up when a returned or withdrawn package is taken up again: its evidence stays apart. */
    attempt: integer('attempt').notNull().default(1),
    senderCode: text('sender_code').notNull(),
    recipientCode: text('recipient_code'),
    pupilId: text('pupil_id').notNull(),
    pupilOfficialName: text('pupil_official_name').notNull(),
    pupilNonStandardCharacters: jsonb('pupil_non_standard_characters')
      .$type<readonly NonStandardCharacter[]>()
      .notNull()
      .default([]),
    pupilDisplayName: text('pupil_display_name').notNull(),
    pupilKana: text('pupil_kana').notNull(),
    pupilBirthDate: date('pupil_birth_date').notNull(),
    pupilMasterIdentifier: text('pupil_master_identifier'),
    homeroom: text('homeroom').notNull(),
    recipientHomeroom: text('recipient_homeroom'),
    legalBasis: text('legal_basis').notNull(),
    purpose: text('purpose').notNull(),
    acceptanceCodeHash: text('acceptance_code_hash'),
    draftedBy: text('drafted_by').notNull(),
    drafterKey: text('drafter_key').notNull(),
    contentDigest: text('content_digest'),
    manifest: jsonb('manifest').$type<FlattenedJws>(),
    senderToken: text('sender_token').notNull(),
    recipientToken: text('recipient_token').notNull(),
    reason: text('reason'),
    verification: jsonb('verification').$type<PackageVerdict>(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    sealedAt: instant('sealed_at'),
    depositedAt: instant('deposited_at'),
    openedAt: instant('opened_at'),
    verifiedAt: instant('verified_at'),
    closedAt: instant('closed_at'),
  },
  (table) => [
    index('cases_by_sender').on(table.senderCode, table.updatedAt, table.id),
    index('cases_by_recipient').on(table.recipientCode, table.updatedAt, table.id),
    index('cases_by_pupil').on(table.pupilId),
    pgPolicy('cases_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.senderCode),
        sql`(${ownSchool(table.recipientCode)} and ${table.state} in ${arrived})`,
        linkedPerson(table.pupilId, table.pupilBirthDate),
        systemJob('verification'),
        systemJob('protection'),
        systemJob(caseRenewalJob),
        systemJob('alerts'),
        sql`(${systemJob(boardGlassJob)} and ${openToBoard(table.id)})`,
      ),
    }),
    pgPolicy('cases_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({
        subjects: sql`'pupil:' || ${table.pupilId}, 'code:' || ${table.acceptanceCodeHash}, 'case:' || ${table.id}`,
        pupilId: sql`${table.pupilId}`,
      }),
    }),
    pgPolicy('cases_insert', { for: 'insert', withCheck: ownSchool(table.senderCode) }),
    pgPolicy('cases_update', {
      for: 'update',
      using: anyOf(
        ownSchool(table.senderCode),
        sql`(${ownSchool(table.recipientCode)} and ${table.state} in ${arrived})`,
      ),
      withCheck: anyOf(ownSchool(table.senderCode), ownSchool(table.recipientCode)),
    }),
    pgPolicy('cases_delete', {
      for: 'delete',
      using: sql`(${ownSchool(table.senderCode)} and ${table.state} = 'draft')`,
    }),
  ],
);

export const documentStates = ['uploading', 'ready'] as const;
export type DocumentState = (typeof documentStates)[number];

/** What a case carries. The bytes lie encrypted in the object store; the digest is over the plaintext. */
export const documents = pgTable(
  'documents',
  {
    id: text('id').primaryKey(),
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    position: integer('position').notNull(),
    kind: text('kind').$type<DocumentKind>().notNull(),
    form: text('form').$type<DocumentForm>().notNull(),
    visibility: text('visibility').$type<Visibility>().notNull(),
    title: text('title').notNull(),
    mediaType: text('media_type').notNull(),
    state: text('state').$type<DocumentState>().notNull(),
    byteCount: bigint('byte_count', { mode: 'number' }),
    sha256: text('sha256'),
    ciphertextBytes: bigint('ciphertext_bytes', { mode: 'number' }),
    ciphertextSha256: text('ciphertext_sha256'),
    findings: jsonb('findings').$type<readonly string[]>().notNull().default([]),
    /** In the locker; every upload attempt has one of its own. */
    objectId: text('object_id'),
    addedBy: text('added_by').notNull(),
    addedAt: instant('added_at').notNull(),
  },
  (table) => [
    index('documents_by_case').on(table.caseId, table.position),
    pgPolicy('documents_read', { for: 'select', using: ofVisibleCase(table.caseId) }),
    pgPolicy('documents_insert', { for: 'insert', withCheck: ofSendersCase(table.caseId) }),
    pgPolicy('documents_update', { for: 'update', using: ofSendersCase(table.caseId) }),
    pgPolicy('documents_delete', { for: 'delete', using: ofSendersCase(table.caseId) }),
  ],
);

/** A second person's yes to exactly these digests, this recipient and this purpose. */
export const approvals = pgTable(
  'approvals',
  {
    id: text('id').primaryKey(),
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    contentDigest: text('content_digest').notNull(),
    staffId: text('staff_id').notNull(),
    personKey: text('person_key').notNull(),
    role: text('role').notNull(),
    assurance: text('assurance').notNull(),
    approvedAt: instant('approved_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    voidedAt: instant('voided_at'),
  },
  (table) => [
    uniqueIndex('approvals_one_in_force').on(table.caseId).where(sql`${table.voidedAt} is null`),
    pgPolicy('approvals_read', { for: 'select', using: ofVisibleCase(table.caseId) }),
    pgPolicy('approvals_insert', { for: 'insert', withCheck: ofSendersCase(table.caseId) }),
    pgPolicy('approvals_update', { for: 'update', using: ofSendersCase(table.caseId) }),
  ],
);

/** The sender's seal over one visibility of the package, in the form that standard tools verify. */
export const containerSeals = pgTable(
  'container_seals',
  {
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    visibility: text('visibility').$type<Visibility>().notNull(),
    manifestXml: bytes('manifest_xml').notNull(),
    signature: bytes('signature').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.caseId, table.visibility] }),
    pgPolicy('container_seals_read', { for: 'select', using: ofVisibleCase(table.caseId) }),
    pgPolicy('container_seals_insert', { for: 'insert', withCheck: ofSendersCase(table.caseId) }),
    pgPolicy('container_seals_delete', { for: 'delete', using: ofSendersCase(table.caseId) }),
  ],
);

/** Signed evidence (JWS) given to a party at once; its proof of inclusion follows by event id. */
export const receipts = pgTable(
  'receipts',
  {
    id: text('id').primaryKey(),
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    attempt: integer('attempt').notNull(),
    event: text('event').notNull(),
    eventId: text('event_id').notNull(),
    evidence: jsonb('evidence').$type<FlattenedJws>().notNull(),
    issuedAt: instant('issued_at').notNull(),
  },
  (table) => [
    uniqueIndex('receipts_once').on(table.caseId, table.attempt, table.event),
    pgPolicy('receipts_read', { for: 'select', using: ofVisibleCase(table.caseId) }),
    pgPolicy('receipts_insert', { for: 'insert', withCheck: ofVisibleCase(table.caseId) }),
  ],
);

export const deliveryGrades = ['stored', 'handedOver', 'verified', 'takenIn'] as const;
export type DeliveryGrade = (typeof deliveryGrades)[number];

/** How long the evidence of a case stands, and the record that was made when it was about to end. */
export const caseRenewals = pgTable(
  'case_renewals',
  {
    caseId: text('case_id')
      .primaryKey()
      .references(() => cases.id),
    /** Canonical JSON (docs/formats.md, Renewal record); null while the evidence stands by itself. */
    record: bytes('record'),
    /** Null until it was looked at. */
    countsUntil: instant('counts_until'),
    /** Null when there is nothing more to do. */
    lookAt: instant('look_at'),
    /** Why the last look came to nothing: a word of the code's. */
    problem: text('problem'),
  },
  (table) => [
    index('case_renewals_due').on(table.lookAt),
    pgPolicy('case_renewals_read', { for: 'select', using: ofVisibleCase(table.caseId) }),
    pgPolicy('case_renewals_job', {
      for: 'all',
      using: systemJob(caseRenewalJob),
      withCheck: systemJob(caseRenewalJob),
    }),
  ],
);

/** How far each document has got: four grades that are never mixed, each with its event in the log. */
export const deliveries = pgTable(
  'deliveries',
  {
    documentId: text('document_id')
      .notNull()
      .references(() => documents.id),
    attempt: integer('attempt').notNull(),
    grade: text('grade').$type<DeliveryGrade>().notNull(),
    caseId: text('case_id').notNull(),
    eventId: text('event_id').notNull(),
    reachedAt: instant('reached_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.attempt, table.grade] }),
    index('deliveries_by_case').on(table.caseId),
    pgPolicy('deliveries_read', { for: 'select', using: ofVisibleCase(table.caseId) }),
    pgPolicy('deliveries_insert', { for: 'insert', withCheck: ofVisibleCase(table.caseId) }),
  ],
);

/** Who holds an original whose custody moves. The primary key is what makes the holder one. */
export const custodies = pgTable(
  'custodies',
  {
    documentId: text('document_id')
      .primaryKey()
      .references(() => documents.id),
    caseId: text('case_id').notNull(),
    holderCode: text('holder_code').notNull(),
    formerHolderCode: text('former_holder_code'),
    movedAt: instant('moved_at'),
    receiptId: text('receipt_id'),
  },
  (table) => [
    pgPolicy('custodies_read', { for: 'select', using: ofVisibleCase(table.caseId) }),
    pgPolicy('custodies_insert', { for: 'insert', withCheck: ofSendersCase(table.caseId) }),
    pgPolicy('custodies_update', { for: 'update', using: ofVisibleCase(table.caseId) }),
    pgPolicy('custodies_delete', { for: 'delete', using: ofSendersCase(table.caseId) }),
  ],
);

/** A receiving school announces a pupil; the code reaches the sender with the 転入学通知. */
export const expectations = pgTable(
  'expectations',
  {
    id: text('id').primaryKey(),
    recipientCode: text('recipient_code').notNull(),
    kind: text('kind').$type<CaseKind>().notNull(),
    codeHash: text('code_hash').notNull().unique(),
    pupilName: text('pupil_name').notNull(),
    pupilKana: text('pupil_kana').notNull(),
    pupilBirthDate: date('pupil_birth_date').notNull(),
    homeroom: text('homeroom'),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    caseId: text('case_id'),
  },
  (table) => [
    index('expectations_by_recipient').on(table.recipientCode, table.createdAt),
    pgPolicy('expectations_read', {
      for: 'select',
      using: anyOf(ownSchool(table.recipientCode), systemJob('addressing')),
    }),
    pgPolicy('expectations_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({ subjects: sql`'code:' || ${table.codeHash}` }),
    }),
    pgPolicy('expectations_insert', { for: 'insert', withCheck: ownSchool(table.recipientCode) }),
    pgPolicy('expectations_update', { for: 'update', using: ownSchool(table.recipientCode) }),
    pgPolicy('expectations_delete', { for: 'delete', using: ownSchool(table.recipientCode) }),
  ],
);

/**
 * 緊急閲覧: one person, one document, at most an hour, and why. The index lets nobody hold two at once: by person, so
 * that a second account does not help.
 */
export const breakGlasses = pgTable(
  'break_glasses',
  {
    id: text('id').primaryKey(),
    caseId: text('case_id')
      .notNull()
      .references(() => cases.id),
    documentId: text('document_id')
      .notNull()
      .references(() => documents.id),
    schoolCode: text('school_code').notNull(),
    staffId: text('staff_id').notNull(),
    personKey: text('person_key').notNull(),
    role: text('role').notNull(),
    category: text('category').$type<BreakGlassCategory>().notNull(),
    reason: text('reason').notNull(),
    openedAt: instant('opened_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** Set by hand, or by the next opening once its time is over. */
    endedAt: instant('ended_at'),
    /** What another person thinks of it afterwards. */
    reviewedBy: text('reviewed_by'),
    reviewedAt: instant('reviewed_at'),
    justified: boolean('justified'),
  },
  (table) => [
    uniqueIndex('break_glasses_one_at_a_time')
      .on(table.schoolCode, table.personKey)
      .where(sql`${table.endedAt} is null`),
    index('break_glasses_by_school').on(table.schoolCode, table.openedAt),
    pgPolicy('break_glasses_read', { for: 'select', using: ownSchool(table.schoolCode) }),
    pgPolicy('break_glasses_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('break_glasses_update', { for: 'update', using: ownSchool(table.schoolCode) }),
  ],
);

/** Answers by idempotency key, written in the transaction of their effect. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    client: text('client').notNull(),
    operation: text('operation').notNull(),
    key: text('key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    answer: jsonb('answer'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.client, table.operation, table.key] }),
    index('idempotency_keys_by_age').on(table.createdAt),
    pgPolicy('idempotency_keys_own', {
      for: 'all',
      using: anyOf(ownClient(table.client), systemJob('housekeeping')),
      withCheck: ownClient(table.client),
    }),
  ],
);

function ownClient(column: AnyPgColumn): SQL {
  return sql`${column} = nullif(current_setting('app.actor', true), '')`;
}
