import { date, index, integer, jsonb, pgPolicy, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { anyOf, ownPerson, ownSchool, ownStaff, systemJob } from '../database/policies.ts';
import type { AssuranceLevel, MachineScope, RevocationStanding } from '../policy/actor.ts';

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
    /** What the browser said it is, shortened; shown to its owner alone. */
    browser: text('browser').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When the account or certificate was last proved; `created_at` at first, later at each step-up. */
    authenticatedAt: instant('authenticated_at').notNull(),
    lastSeenAt: instant('last_seen_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    index('sessions_by_staff').on(table.staffId),
    index('sessions_by_person').on(table.personId),
    index('sessions_by_age').on(table.expiresAt),
    loginOnly('sessions_login'),
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
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    notAfter: instant('not_after').notNull(),
    firstUsedAt: instant('first_used_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
  },
  (table) => [
    index('person_certificates_by_person').on(table.personId),
    loginOnly('person_certificates_login'),
    pgPolicy('person_certificates_own', { for: 'select', using: ownPerson(table.personId) }),
    pgPolicy('person_certificates_directory', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

/** Accounts at providers for persons (デジタル認証アプリ), by keyed hash of issuer and pairwise subject. */
export const personAccounts = pgTable(
  'person_accounts',
  {
    accountKey: text('account_key').primaryKey(),
    personId: text('person_id')
      .notNull()
      .references(() => persons.id),
    firstUsedAt: instant('first_used_at').notNull(),
    lastUsedAt: instant('last_used_at').notNull(),
  },
  (table) => [
    index('person_accounts_by_person').on(table.personId),
    loginOnly('person_accounts_login'),
    pgPolicy('person_accounts_own', { for: 'select', using: ownPerson(table.personId) }),
    pgPolicy('person_accounts_directory', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
  ],
);

export const linkRelations = ['self', 'guardian'] as const;
export type LinkRelation = (typeof linkRelations)[number];

/** The school confirmed that this person is the pupil or a guardian. No foreign key to pupils: codes outlive enrolment. */
export const pupilLinks = pgTable(
  'pupil_links',
  {
    id: text('id').primaryKey(),
    pupilId: text('pupil_id').notNull(),
    personId: text('person_id').notNull(),
    schoolCode: text('school_code').notNull(),
    relation: text('relation').$type<LinkRelation>().notNull(),
    linkedAt: instant('linked_at').notNull(),
    confirmedBy: text('confirmed_by').notNull(),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
  },
  (table) => [
    index('pupil_links_by_person').on(table.personId),
    index('pupil_links_by_pupil').on(table.pupilId),
    pgPolicy('pupil_links_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), ownPerson(table.personId), systemJob('linking'), directoryJob()),
    }),
    pgPolicy('pupil_links_insert', { for: 'insert', withCheck: anyOf(systemJob('linking'), directoryJob()) }),
    pgPolicy('pupil_links_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), ownPerson(table.personId)),
      withCheck: anyOf(ownSchool(table.schoolCode), ownPerson(table.personId)),
    }),
  ],
);

/** Codes a school hands out on paper; 128 random bits, so a plain hash suffices (ASVS 6.5.2). */
export const linkingCodes = pgTable(
  'linking_codes',
  {
    id: text('id').primaryKey(),
    codeHash: text('code_hash').notNull().unique(),
    pupilId: text('pupil_id').notNull(),
    schoolCode: text('school_code').notNull(),
    relation: text('relation').$type<LinkRelation>().notNull(),
    issuedBy: text('issued_by').notNull(),
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    failedTries: integer('failed_tries').notNull().default(0),
    redeemedAt: instant('redeemed_at'),
    redeemedBy: text('redeemed_by'),
  },
  (table) => [
    index('linking_codes_by_pupil').on(table.pupilId),
    pgPolicy('linking_codes_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
    }),
    pgPolicy('linking_codes_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('linking_codes_update', {
      for: 'update',
      using: systemJob('linking'),
      withCheck: systemJob('linking'),
    }),
  ],
);

/** Refused redemptions per person and day: a second limit beside the five tries of each code. */
export const linkingRefusals = pgTable(
  'linking_refusals',
  {
    personId: text('person_id').notNull(),
    day: date('day').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.personId, table.day] }),
    pgPolicy('linking_refusals_linking', {
      for: 'all',
      using: systemJob('linking'),
      withCheck: systemJob('linking'),
    }),
  ],
);

/** A public key of a machine client, as JWK; only the members that are public. */
export interface PublicJwk {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** School-affairs systems (校務支援システム) and the public keys they prove themselves with; no shared secrets. */
export const machineClients = pgTable(
  'machine_clients',
  {
    clientId: text('client_id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    name: text('name').notNull(),
    scopes: jsonb('scopes').$type<readonly MachineScope[]>().notNull(),
    keys: jsonb('keys').$type<readonly PublicJwk[]>().notNull(),
    createdAt: instant('created_at').notNull(),
    /** One central block stops a client at once. */
    blockedAt: instant('blocked_at'),
  },
  (table) => [
    index('machine_clients_by_school').on(table.schoolCode),
    pgPolicy('machine_clients_read', {
      for: 'select',
      using: anyOf(systemJob('login'), ownSchool(table.schoolCode), directoryJob()),
    }),
    pgPolicy('machine_clients_write', { for: 'all', using: directoryJob(), withCheck: directoryJob() }),
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
export type MachineClientRow = typeof machineClients.$inferSelect;
export type PupilLinkRow = typeof pupilLinks.$inferSelect;
export type LinkingCodeRow = typeof linkingCodes.$inferSelect;

function instant(name: string) {
  return timestamp(name, { withTimezone: true });
}

function loginOnly(name: string) {
  return pgPolicy(name, { for: 'all', using: systemJob('login'), withCheck: systemJob('login') });
}

function directoryJob() {
  return systemJob('directory');
}
