import { sql } from 'drizzle-orm';
import { bigint, index, pgPolicy, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { bytes } from '../database/columns.ts';
import { anyOf, ownSchool, systemJob } from '../database/policies.ts';

/** The name of this room's own scope: rows of others are read under it only after policy has allowed it. */
export const lockerJob = 'locker';

/** Key of one organisation for one month, wrapped by a root key that never leaves the key service. */
export const organisationKeys = pgTable(
  'organisation_keys',
  {
    organisation: text('organisation').notNull(),
    /** `2027-04`, in UTC. */
    month: text('month').notNull(),
    rootRef: text('root_ref').notNull(),
    wrappedKey: bytes('wrapped_key').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.month] }),
    pgPolicy('organisation_keys_locker', {
      for: 'all',
      using: systemJob(lockerJob),
      withCheck: systemJob(lockerJob),
    }),
  ],
);

/** The key of a case, once for each organisation that may open it. Without a row nobody opens anything: shredded. */
export const caseKeys = pgTable(
  'case_keys',
  {
    caseId: text('case_id').notNull(),
    /** Whose key of the month wraps it. */
    organisation: text('organisation').notNull(),
    month: text('month').notNull(),
    /** Who made this wrap: the sender, also for the recipient. */
    grantedBy: text('granted_by').notNull(),
    /** On the sender's own wrap: the recipient, who ends the sender's access by opening. */
    sharedWith: text('shared_with'),
    wrappedKey: bytes('wrapped_key').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.caseId, table.organisation] }),
    index('case_keys_by_month').on(table.organisation, table.month),
    pgPolicy('case_keys_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.organisation),
        ownSchool(table.grantedBy),
        ownSchool(table.sharedWith),
        systemJob(lockerJob),
        // 証明の台帳: the policy of the register decides inside the subquery, also for the successor of a closed school.
        sql`exists (select 1 from certificate_register r where r.id = ${table.caseId} and r.school_code = ${table.organisation})`,
      ),
    }),
    pgPolicy('case_keys_insert', { for: 'insert', withCheck: ownSchool(table.grantedBy) }),
    pgPolicy('case_keys_update', {
      for: 'update',
      using: anyOf(ownSchool(table.grantedBy), systemJob(lockerJob)),
      withCheck: anyOf(ownSchool(table.grantedBy), systemJob(lockerJob)),
    }),
    pgPolicy('case_keys_delete', {
      for: 'delete',
      using: anyOf(
        ownSchool(table.organisation),
        ownSchool(table.grantedBy),
        ownSchool(table.sharedWith),
        systemJob(lockerJob),
      ),
    }),
  ],
);

/** `uploading` is written before the first byte, so that no byte lies in the store without a row. */
export const objectStates = ['uploading', 'stored', 'deleting'] as const;
export type ObjectState = (typeof objectStates)[number];

/** Each ciphertext in the object store: where it lies and under which document key. */
export const objects = pgTable(
  'objects',
  {
    id: text('id').primaryKey(),
    caseId: text('case_id').notNull(),
    /** Who put it in; part of what the ciphertext is bound to. */
    organisation: text('organisation').notNull(),
    mediaType: text('media_type').notNull(),
    /** Random: tells nothing about the case (P-06). */
    objectKey: text('object_key').notNull().unique(),
    state: text('state').$type<ObjectState>().notNull(),
    wrappedKey: bytes('wrapped_key'),
    byteCount: bigint('byte_count', { mode: 'number' }),
    sha256: text('sha256'),
    ciphertextBytes: bigint('ciphertext_bytes', { mode: 'number' }),
    ciphertextSha256: text('ciphertext_sha256'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    storedAt: timestamp('stored_at', { withTimezone: true }),
  },
  (table) => [
    index('objects_by_case').on(table.caseId),
    index('objects_unfinished').on(table.createdAt).where(sql`${table.state} <> 'stored'`),
    pgPolicy('objects_read', {
      for: 'select',
      // The policy of case_keys decides inside the subquery.
      using: anyOf(
        ownSchool(table.organisation),
        systemJob(lockerJob),
        sql`exists (select 1 from case_keys k where k.case_id = ${table.caseId} and k.organisation = nullif(current_setting('app.school', true), ''))`,
      ),
    }),
    pgPolicy('objects_insert', { for: 'insert', withCheck: ownSchool(table.organisation) }),
    pgPolicy('objects_update', {
      for: 'update',
      using: anyOf(ownSchool(table.organisation), systemJob(lockerJob)),
      withCheck: anyOf(ownSchool(table.organisation), systemJob(lockerJob)),
    }),
    pgPolicy('objects_delete', { for: 'delete', using: systemJob(lockerJob) }),
  ],
);
