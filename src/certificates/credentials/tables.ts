import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgPolicy, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { bytes } from '../../database/columns.ts';
import { anyOf, ofVisibleShare, ownSchool, systemJob } from '../../database/policies.ts';
import { issuedCertificates } from '../tables.ts';
import { type CredentialForm, statusJob } from './rules.ts';

/**
 * 状態の一覧: where the state of a school's credentials is published. A new one is begun when half of the entries are taken, so that a free
 * one is always found by chance.
 */
export const credentialStatusLists = pgTable(
  'credential_status_lists',
  {
    /** 128 random bits: the last part of its address. */
    id: text('id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    /** `iss` of the credentials that it speaks of. */
    issuer: text('issuer').notNull(),
    taken: integer('taken').notNull().default(0),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    index('credential_status_lists_by_school').on(table.schoolCode, table.createdAt),
    pgPolicy('credential_status_lists_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), systemJob(statusJob)),
    }),
    pgPolicy('credential_status_lists_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('credential_status_lists_update', {
      for: 'update',
      using: ownSchool(table.schoolCode),
      withCheck: ownSchool(table.schoolCode),
    }),
  ],
);

/**
 * 電子証明: each credential that was issued for a certificate. What it says is in the holder's hands and nowhere here; nor is the holder's
 * key. Rows stay, so that no entry of a list is ever used twice.
 */
export const credentials = pgTable(
  'credentials',
  {
    id: text('id').primaryKey(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => issuedCertificates.id),
    schoolCode: text('school_code').notNull(),
    listId: text('list_id')
      .notNull()
      .references(() => credentialStatusLists.id),
    listIndex: integer('list_index').notNull(),
    form: text('form').$type<CredentialForm>().notNull(),
    isBound: boolean('is_bound').notNull(),
    /** Of one that was made for a share: which. A share is forgotten later than its credentials run out. */
    shareId: text('share_id'),
    issuedAt: timestamp('issued_at', { withTimezone: true }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    /** Taken back by itself, while its certificate stands: its share was ended. */
    endedAt: timestamp('ended_at', { withTimezone: true }),
  },
  (table) => [
    unique('credentials_entry').on(table.listId, table.listIndex),
    index('credentials_of_certificate').on(table.certificateId, table.expiresAt),
    index('credentials_of_share').on(table.shareId),
    pgPolicy('credentials_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), ofVisibleShare(table.shareId)),
    }),
    // Whoever may end a share ends what was handed out by it, and does nothing else with it.
    pgPolicy('credentials_end', {
      for: 'update',
      using: ofVisibleShare(table.shareId),
      withCheck: sql`(${ofVisibleShare(table.shareId)} and ${table.endedAt} is not null)`,
    }),
    pgPolicy('credentials_insert', {
      for: 'insert',
      // In the list of its own school.
      withCheck: sql`(${ownSchool(table.schoolCode)} and exists (select 1 from credential_status_lists l where l.id = ${table.listId} and l.school_code = ${table.schoolCode}))`,
    }),
  ],
);

/** The RSA key of a school's Open Badges, wrapped by the key service. It counts when the log says that it was made here. */
export const badgeKeys = pgTable(
  'badge_keys',
  {
    schoolCode: text('school_code').primaryKey(),
    /** RFC 7638. */
    thumbprint: text('thumbprint').notNull(),
    n: text('n').notNull(),
    e: text('e').notNull(),
    rootRef: text('root_ref').notNull(),
    wrappedKey: bytes('wrapped_key').notNull(),
    sealedPrivateKey: bytes('sealed_private_key').notNull(),
    madeBy: uuid('made_by').notNull(),
    madeAt: timestamp('made_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    pgPolicy('badge_keys_read', { for: 'select', using: ownSchool(table.schoolCode) }),
    pgPolicy('badge_keys_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
  ],
);
