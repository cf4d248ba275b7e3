import { index, integer, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, ownSchool, systemJob } from '../../database/policies.ts';
import { guardians } from '../guardians/tables.ts';
import { accessCodeOnly, ofKnownPupil } from '../row-policies.ts';

/**
 * Papers for people without card and app: 128 random bits, so a plain hash suffices (ASVS 6.5.2). Whoever holds one still
 * needs the number that goes to the guardian's address.
 */
export const accessCodes = pgTable(
  'access_codes',
  {
    id: text('id').primaryKey(),
    codeHash: text('code_hash').notNull().unique(),
    pupilId: text('pupil_id').notNull(),
    schoolCode: text('school_code').notNull(),
    /** The guardian it was printed for; null for the pupil. */
    guardianId: text('guardian_id').references(() => guardians.id),
    issuedBy: text('issued_by').notNull(),
    issuedByKey: text('issued_by_key').notNull(),
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** Numbers typed in since it was issued or released, right or wrong. */
    tries: integer('tries').notNull().default(0),
    numbersSent: integer('numbers_sent').notNull().default(0),
    releasedAt: instant('released_at'),
    releasedBy: text('released_by'),
    usedAt: instant('used_at'),
    /** The person whom it let in. */
    usedBy: text('used_by'),
    withdrawnAt: instant('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
  },
  (table) => [
    index('access_codes_by_pupil').on(table.pupilId),
    pgPolicy('access_codes_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), systemJob('access-code')),
    }),
    pgPolicy('access_codes_need_to_know', { as: 'restrictive', for: 'select', using: ofKnownPupil(table.pupilId) }),
    pgPolicy('access_codes_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('access_codes_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), systemJob('access-code')),
      withCheck: anyOf(ownSchool(table.schoolCode), systemJob('access-code')),
    }),
  ],
);

/** Between the two halves of a log-in by paper. Wrong and unknown codes have a row as well: nothing tells them apart. */
export const codeAttempts = pgTable(
  'code_attempts',
  {
    idHash: text('id_hash').primaryKey(),
    /** Null when the code was none. */
    codeId: text('code_id'),
    /** A slow hash of the number that was sent; null until then. */
    numberHash: text('number_hash'),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('code_attempts_by_age').on(table.expiresAt), accessCodeOnly('code_attempts_access_code')],
);

export type AccessCodeRow = typeof accessCodes.$inferSelect;

export type CodeAttemptRow = typeof codeAttempts.$inferSelect;
