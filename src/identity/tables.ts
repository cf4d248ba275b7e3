import { sql } from 'drizzle-orm';
import { index, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { bytes, instant } from '../database/columns.ts';
import { anyOf, ownPerson, ownStaff, systemJob } from '../database/policies.ts';
import { type AssuranceLevel, type RevocationStanding } from '../policy/actor.ts';
import { accessCodeOnly, directoryJob, loginOnly } from './row-policies.ts';

/** One browser's way to an OpenID provider and back; consumed by the callback. The cookie's value is stored hashed. */
export const signInAttempts = pgTable(
  'sign_in_attempts',
  {
    cookieHash: text('cookie_hash').primaryKey(),
    provider: text('provider').notNull(),
    state: text('state').notNull(),
    nonce: text('nonce').notNull(),
    codeVerifier: text('code_verifier').notNull(),
    returnTo: text('return_to').notNull(),
    /** Hash of an invitation's code that came with the log-in. */
    invitation: text('invitation'),
    /** The session that is to be confirmed by this log-in; null for one that opens a session. */
    stepUpOf: text('step_up_of'),
    /** The session whose person gets the account that answers; null for one that opens a session. */
    bindTo: text('bind_to'),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('sign_in_attempts_by_age').on(table.expiresAt), loginOnly('sign_in_attempts_login')],
);

/** Log-ins in force. The cookie's value is stored hashed; `id` is what lists and logs may show. */
export const sessions = pgTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull().unique(),
    staffId: text('staff_id'),
    personId: text('person_id'),
    /** The chosen membership; null until somebody with several schools has chosen. */
    membershipId: text('membership_id'),
    assurance: text('assurance').$type<AssuranceLevel>().notNull(),
    /** `notChecked` after a log-in by a certificate whose revocation nobody could tell. */
    revocation: text('revocation').$type<RevocationStanding>().notNull(),
    /** When it was last asked whether the certificate that opened it is revoked; null for what none has opened. */
    certificateCheckedAt: instant('certificate_checked_at'),
    /** What the browser said it is, shortened; shown to its owner alone. */
    browser: text('browser').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When the account or certificate was last proved; `created_at` at first, later at each step-up. */
    authenticatedAt: instant('authenticated_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** The OpenID provider that vouched for it, its subject and its own session, hashed: for its log-outs. */
    provider: text('provider'),
    subjectHash: text('subject_hash'),
    sidHash: text('sid_hash'),
    /** The person's certificate or account that opened it: whoever takes that away ends it. */
    wayId: text('way_id'),
  },
  (table) => [
    index('sessions_by_subject').on(table.subjectHash),
    index('sessions_by_staff').on(table.staffId),
    index('sessions_by_person').on(table.personId),
    index('sessions_by_age').on(table.expiresAt),
    loginOnly('sessions_login'),
    accessCodeOnly('sessions_access_code'),
    pgPolicy('sessions_own_read', {
      for: 'select',
      using: anyOf(ownStaff(table.staffId), ownPerson(table.personId)),
    }),
    pgPolicy('sessions_own_end', {
      for: 'delete',
      using: anyOf(ownStaff(table.staffId), ownPerson(table.personId)),
    }),
  ],
);

/**
 * The certificate that opened a session, to ask about it again while the session lives. It lies encrypted under the value of
 * the session's cookie, which the gateway does not keep: only a request of that session opens it, and it goes with it.
 */
export const sessionCertificates = pgTable(
  'session_certificates',
  {
    sessionId: text('session_id')
      .primaryKey()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    sealed: bytes('sealed').notNull(),
  },
  () => [loginOnly('session_certificates_login')],
);

/** Single-use challenges of the certificate log-in, bound to origin and purpose (ASVS 6.7.2). */
export const challenges = pgTable(
  'challenges',
  {
    id: text('id').primaryKey(),
    challenge: text('challenge').notNull(),
    origin: text('origin').notNull(),
    purpose: text('purpose').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [index('challenges_by_age').on(table.expiresAt), loginOnly('challenges_login')],
);

/** A human who logged in by certificate, by app, or with a code of a school. Nothing about them is stored here but that they exist. */
export const persons = pgTable(
  'persons',
  { id: text('id').primaryKey(), createdAt: instant('created_at').notNull() },
  (table) => [
    loginOnly('persons_login'),
    accessCodeOnly('persons_access_code'),
    pgPolicy('persons_own', { for: 'select', using: ownPerson(table.id) }),
    pgPolicy('persons_directory', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/**
 * The certificates a person has used, by keyed hash of issuer and serial: the serial changes at every re-issue, so this
 * is a history, and without the key nobody can look a card up (公的個人認証法: certificates are not to be collected).
 */
export const personCertificates = pgTable(
  'person_certificates',
  {
    certificateKey: text('certificate_key').primaryKey(),
    /** What lists and logs may show. */
    id: wayId(),
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    notAfter: instant('not_after').notNull(),
    firstUsedAt: instant('first_used_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
    /** Its first log-in; null for one that was added to the person and has not been used since. */
    loggedInAt: instant('logged_in_at'),
  },
  (table) => [
    index('person_certificates_by_person').on(table.personId),
    loginOnly('person_certificates_login'),
    pgPolicy('person_certificates_own', { for: 'select', using: ownPerson(table.personId) }),
    pgPolicy('person_certificates_own_removal', { for: 'delete', using: ownPerson(table.personId) }),
    pgPolicy('person_certificates_directory', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** Accounts at providers for persons (デジタル認証アプリ), by keyed hash of issuer and pairwise subject. */
export const personAccounts = pgTable(
  'person_accounts',
  {
    accountKey: text('account_key').primaryKey(),
    /** What lists and logs may show. */
    id: wayId(),
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    firstUsedAt: instant('first_used_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
    /** Its first log-in; null for one that was added to the person and has not been used since. */
    loggedInAt: instant('logged_in_at'),
  },
  (table) => [
    index('person_accounts_by_person').on(table.personId),
    loginOnly('person_accounts_login'),
    pgPolicy('person_accounts_own', { for: 'select', using: ownPerson(table.personId) }),
    pgPolicy('person_accounts_own_removal', { for: 'delete', using: ownPerson(table.personId) }),
    pgPolicy('person_accounts_directory', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** Client assertions already seen, by digest of issuer and `jti`, kept until they expire. */
export const usedTokens = pgTable(
  'used_tokens',
  { tokenHash: text('token_hash').primaryKey(), expiresAt: instant('expires_at').notNull() },
  (table) => [index('used_tokens_by_age').on(table.expiresAt), loginOnly('used_tokens_login')],
);

/**
 * How far ahead each counted address, account, client and school is paid for (`rates.ts`). Keys are pseudonyms of the day.
 * Unlogged: a count costs no write to disk, and after a crash everybody begins with a full quota. No index beside the key, so
 * that a count changes no index.
 */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    arrival: instant('arrival').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** When the log was last told that this one was refused. */
    toldAt: instant('told_at'),
  },
  () => {
    const jobs = anyOf(systemJob('login'), systemJob('linking'));
    return [pgPolicy('rate_limits_counting', { for: 'all', using: jobs, withCheck: jobs })];
  },
);

export type SessionRow = typeof sessions.$inferSelect;

function wayId() {
  return text('id').notNull().unique().default(sql`gen_random_uuid()::text`);
}
