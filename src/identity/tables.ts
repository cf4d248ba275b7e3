import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { bytes } from '../database/columns.ts';
import {
  anyOf,
  isPerson,
  needToKnow,
  ownPerson,
  ownSchool,
  ownStaff,
  staffOfSchool,
  systemJob,
} from '../database/policies.ts';
import type { AssuranceLevel, MachineScope, PersonScope, RevocationStanding } from '../policy/actor.ts';

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

export const logInOutcomes = ['done', 'refused', 'added', 'removed'] as const;
export type LogInOutcome = (typeof logInOutcomes)[number];

/** Why somebody was turned away who had shown enough to be told apart from a stranger. */
export const logInReasons = [
  'revoked',
  'expired',
  'notChecked',
  'otherPerson',
  'wrongNumber',
  'otherFounder',
  'roleEnded',
  'other',
] as const;
export type LogInReason = (typeof logInReasons)[number];

/** What a member of staff is written to about; the page shows every log-in. */
export const staffLogInSubjects = ['log-in-after-absence', 'log-in-after-refusals', 'log-ins-refused'] as const;
export type StaffLogInSubject = (typeof staffLogInSubjects)[number];

/**
 * What happened to somebody's log-ins, whichever way they came: for their own eyes (ASVS 6.3.5), and forgotten after half
 * a year. Each is of a person or of a member of staff. The log of the gateway keeps its own entries.
 */
export const logIns = pgTable(
  'log_ins',
  {
    id: text('id').primaryKey(),
    personId: text('person_id').references(() => persons.id),
    staffId: text('staff_id'),
    at: instant('at').notNull(),
    outcome: text('outcome').$type<LogInOutcome>().notNull(),
    reason: text('reason').$type<LogInReason>(),
    /** The way, and with it the level. */
    assurance: text('assurance').$type<AssuranceLevel>().notNull(),
    browser: text('browser').notNull(),
    /** What a mail went out about; not again for a day. */
    told: text('told').$type<StaffLogInSubject>(),
    /** When its owner said that it was somebody else. */
    disownedAt: instant('disowned_at'),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    check('log_ins_one_owner', sql`(${table.personId} is null) <> (${table.staffId} is null)`),
    index('log_ins_by_person').on(table.personId, table.at),
    index('log_ins_by_staff').on(table.staffId, table.at),
    index('log_ins_by_age').on(table.expiresAt),
    loginOnly('log_ins_login'),
    accessCodeOnly('log_ins_access_code'),
    pgPolicy('log_ins_own_read', { for: 'select', using: anyOf(ownPerson(table.personId), ownStaff(table.staffId)) }),
    pgPolicy('log_ins_own_insert', { for: 'insert', withCheck: ownPerson(table.personId) }),
    pgPolicy('log_ins_own_update', {
      for: 'update',
      using: anyOf(ownPerson(table.personId), ownStaff(table.staffId)),
      withCheck: anyOf(ownPerson(table.personId), ownStaff(table.staffId)),
    }),
  ],
);

export const linkRelations = ['self', 'guardian'] as const;
export type LinkRelation = (typeof linkRelations)[number];

export const guardianRelations = ['father', 'mother', 'minorGuardian', 'other'] as const;
export type GuardianRelation = (typeof guardianRelations)[number];

/** 親権: alone, jointly, or none (a grandparent, the head of a home: told nothing of other guardians). */
export const custodies = ['sole', 'joint', 'none'] as const;
export type Custody = (typeof custodies)[number];

export const guardianStates = ['pending', 'confirmed', 'disputed', 'ended'] as const;
export type GuardianState = (typeof guardianStates)[number];

/**
 * The guardians of a pupil as the school has entered them, whether or not they ever log in. Two people of the school
 * stand behind each; what the state, the days and the pupil's age come to is decided at each request, by no job.
 */
/** What a record says of a guardian, and may be corrected. */
export const guardianFields = [
  'name',
  'kana',
  'relation',
  'custody',
  'contactMail',
  'seesRecords',
  'seesHealth',
  'seesLedger',
  'validFrom',
  'validUntil',
] as const;
export type GuardianField = (typeof guardianFields)[number];

export const guardians = pgTable(
  'guardians',
  {
    id: text('id').primaryKey(),
    pupilId: text('pupil_id').notNull(),
    schoolCode: text('school_code').notNull(),
    name: text('name').notNull(),
    kana: text('kana').notNull(),
    relation: text('relation').$type<GuardianRelation>().notNull(),
    custody: text('custody').$type<Custody>().notNull(),
    /** Where notices go; never shown to anybody but the school. */
    contactMail: text('contact_mail'),
    seesRecords: boolean('sees_records').notNull(),
    seesHealth: boolean('sees_health').notNull(),
    seesLedger: boolean('sees_ledger').notNull(),
    validFrom: date('valid_from').notNull(),
    validUntil: date('valid_until'),
    state: text('state').$type<GuardianState>().notNull(),
    enteredBy: text('entered_by').notNull(),
    /** Four eyes are counted by person, not by account. */
    enteredByKey: text('entered_by_key').notNull(),
    enteredAt: instant('entered_at').notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: instant('confirmed_at'),
    /** Why the access is suspended or has ended, in the school's words. */
    reason: text('reason'),
    /** When everybody was told that the pupil will be, and is, of age. */
    majorityAheadAt: instant('majority_ahead_at'),
    majorityToldAt: instant('majority_told_at'),
    /** What was corrected since somebody confirmed it last. */
    correctedFields: text('corrected_fields').array().$type<GuardianField[]>(),
    /** The address before the last correction of it, which is told once. */
    formerMail: text('former_mail'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('guardians_by_pupil').on(table.pupilId),
    pgPolicy('guardians_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), linkedGuardian(table.id), systemJob('linking'), directoryJob()),
    }),
    // Whom a pupil of age may let see again. The age cannot be asked here: the policy of `pupils` asks this table. So a
    // minor is shown nobody, unless the verb has asked the age and said so (`showGuardiansToAdults`).
    pgPolicy('guardians_of_own', {
      for: 'select',
      using: sql`(${table.state} = 'confirmed' and ${isOwnPupil(table.pupilId)} and ${table.pupilId} = any (string_to_array(current_setting('app.of_age', true), ' ')))`,
    }),
    pgPolicy('guardians_need_to_know', { as: 'restrictive', for: 'select', using: ofKnownPupil(table.pupilId) }),
    pgPolicy('guardians_insert', { for: 'insert', withCheck: anyOf(ownSchool(table.schoolCode), directoryJob()) }),
    pgPolicy('guardians_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
      withCheck: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
    }),
  ],
);

/**
 * The pupil, of age, lets a former guardian see again, this much and until this day. Whether it was given at that age is
 * asked wherever it counts: `standingOf` of `guardians/rules.ts`, `linkedPerson` of `database/policies.ts`.
 */
export const guardianConsents = pgTable(
  'guardian_consents',
  {
    id: text('id').primaryKey(),
    pupilId: text('pupil_id').notNull(),
    guardianId: text('guardian_id')
      .notNull()
      .references(() => guardians.id),
    schoolCode: text('school_code').notNull(),
    /** The person who is the pupil. */
    givenBy: text('given_by').notNull(),
    scope: jsonb('scope').$type<readonly PersonScope[]>().notNull(),
    givenAt: instant('given_at').notNull(),
    /** The last day, in Japan. */
    until: date('until').notNull(),
    withdrawnAt: instant('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
  },
  (table) => [
    index('guardian_consents_by_guardian').on(table.guardianId),
    index('guardian_consents_by_pupil').on(table.pupilId),
    pgPolicy('guardian_consents_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.schoolCode),
        isOwnPupil(table.pupilId),
        linkedGuardian(table.guardianId),
        systemJob('linking'),
        directoryJob(),
      ),
    }),
    pgPolicy('guardian_consents_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: ofKnownPupil(table.pupilId),
    }),
    pgPolicy('guardian_consents_insert', { for: 'insert', withCheck: mayConsent(table) }),
    // Taken back, and nothing else: what has been taken back stays so.
    pgPolicy('guardian_consents_withdraw', {
      for: 'update',
      using: sql`(${table.withdrawnAt} is null and ${anyOf(isOwnPupil(table.pupilId), staffOfSchool(table.schoolCode))})`,
      withCheck: sql`(${table.withdrawnAt} is not null and ${anyOf(isOwnPupil(table.pupilId), staffOfSchool(table.schoolCode))})`,
    }),
    pgPolicy('guardian_consents_directory', { for: 'insert', withCheck: directoryJob() }),
  ],
);

export const guardianSubjects = [
  'link-made',
  'link-confirmed',
  'link-ended',
  'guardian-confirmed',
  'guardian-disputed',
  'guardian-settled',
  'guardian-ended',
  'guardian-corrected',
  'code-used',
  'code-locked',
  'majority-ahead',
  'majority-reached',
  'access-granted',
  'access-withdrawn',
  'log-in-way-added',
  'log-in-way-removed',
  'log-in-first',
  'log-ins-refused',
  'certificate-requested',
  'certificate-refused',
  'certificate-issued',
  'certificate-revoked',
  'certificate-superseded',
  'log-in-card-revoked',
] as const;
export type GuardianSubject = (typeof guardianSubjects)[number];

/** What a pupil's guardians and the pupil were told, for the page: mail alone may be missing. One row per receiver. */
export const guardianNotices = pgTable(
  'guardian_notices',
  {
    /** The job that told it: run twice, it tells once. */
    jobId: text('job_id').notNull(),
    /** `guardian:<id>` or `person:<id>`. */
    receiver: text('receiver').notNull(),
    personId: text('person_id'),
    pupilId: text('pupil_id').notNull(),
    subject: text('subject').$type<GuardianSubject>().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.receiver] }),
    index('guardian_notices_by_person').on(table.personId, table.at),
    pgPolicy('guardian_notices_own', { for: 'select', using: ownPerson(table.personId) }),
    pgPolicy('guardian_notices_linking', {
      for: 'all',
      using: systemJob('linking'),
      withCheck: systemJob('linking'),
    }),
  ],
);

/**
 * A person has redeemed a code of the school's for a pupil. Until a second member of staff has confirmed it, it gives
 * nothing. No foreign key to pupils: links outlive enrolment.
 */
export const pupilLinks = pgTable(
  'pupil_links',
  {
    id: text('id').primaryKey(),
    pupilId: text('pupil_id').notNull(),
    personId: text('person_id').notNull(),
    schoolCode: text('school_code').notNull(),
    relation: text('relation').$type<LinkRelation>().notNull(),
    /** Whose record it is; null when the person is the pupil. */
    guardianId: text('guardian_id').references(() => guardians.id),
    linkedAt: instant('linked_at').notNull(),
    /** How the person was logged in when they redeemed the code. */
    assurance: text('assurance').$type<AssuranceLevel>().notNull(),
    /** Six digits that the person alone is shown and tells the school. */
    checkNumber: text('check_number').notNull(),
    issuedBy: text('issued_by').notNull(),
    issuedByKey: text('issued_by_key').notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: instant('confirmed_at'),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
    /** The link of a renewed certificate that took this one's place. */
    replacedBy: text('replaced_by'),
  },
  (table) => [
    index('pupil_links_by_person').on(table.personId),
    index('pupil_links_by_pupil').on(table.pupilId),
    // A pupil is one person, and so is a guardian: a renewed certificate takes the place of the old one.
    uniqueIndex('pupil_links_one_pupil')
      .on(table.pupilId)
      .where(sql`relation = 'self' and confirmed_at is not null and ended_at is null`),
    uniqueIndex('pupil_links_one_guardian')
      .on(table.guardianId)
      .where(sql`confirmed_at is not null and ended_at is null`),
    pgPolicy('pupil_links_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.schoolCode),
        ownPerson(table.personId),
        systemJob('linking'),
        systemJob('access-code'),
        directoryJob(),
      ),
    }),
    pgPolicy('pupil_links_need_to_know', { as: 'restrictive', for: 'select', using: ofKnownPupil(table.pupilId) }),
    pgPolicy('pupil_links_insert', {
      for: 'insert',
      withCheck: anyOf(systemJob('linking'), systemJob('access-code'), directoryJob()),
    }),
    pgPolicy('pupil_links_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), ownPerson(table.personId)),
      // A person may end their link and change nothing else about it.
      withCheck: anyOf(
        ownSchool(table.schoolCode),
        sql`(${ownPerson(table.personId)} and ${table.endedAt} is not null)`,
      ),
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
    guardianId: text('guardian_id').references(() => guardians.id),
    issuedBy: text('issued_by').notNull(),
    issuedByKey: text('issued_by_key').notNull(),
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    failedTries: integer('failed_tries').notNull().default(0),
    redeemedAt: instant('redeemed_at'),
    redeemedBy: text('redeemed_by'),
    withdrawnAt: instant('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
  },
  (table) => [
    index('linking_codes_by_pupil').on(table.pupilId),
    pgPolicy('linking_codes_read', {
      for: 'select',
      using: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
    }),
    pgPolicy('linking_codes_need_to_know', { as: 'restrictive', for: 'select', using: ofKnownPupil(table.pupilId) }),
    pgPolicy('linking_codes_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('linking_codes_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
      withCheck: anyOf(ownSchool(table.schoolCode), systemJob('linking')),
    }),
  ],
);

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

/** School-affairs systems (校務支援システム), each of one school; no shared secrets. */
export const machineClients = pgTable(
  'machine_clients',
  {
    clientId: text('client_id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    name: text('name').notNull(),
    vendor: text('vendor').notNull().default(''),
    scopes: jsonb('scopes').$type<readonly MachineScope[]>().notNull(),
    /** Null: the limit of the gateway for every client. */
    requestsPerMinute: integer('requests_per_minute'),
    uploadsPerDay: integer('uploads_per_day').notNull().default(2000),
    createdAt: instant('created_at').notNull(),
    /** When it last got a token, exact to a minute. */
    lastUsedAt: instant('last_used_at'),
    /** One central block stops a client at once. */
    blockedAt: instant('blocked_at'),
  },
  (table) => [
    index('machine_clients_by_school').on(table.schoolCode),
    pgPolicy('machine_clients_read', {
      for: 'select',
      using: anyOf(systemJob('login'), ownSchool(table.schoolCode), directoryJob()),
    }),
    pgPolicy('machine_clients_used', { for: 'update', using: systemJob('login'), withCheck: systemJob('login') }),
    pgPolicy('machine_clients_write', {
      for: 'all',
      using: anyOf(directoryJob(), staffOfSchool(table.schoolCode)),
      withCheck: anyOf(directoryJob(), staffOfSchool(table.schoolCode)),
    }),
  ],
);

/** The public keys that a client proves itself with; several at once while they are exchanged. */
export const machineKeys = pgTable(
  'machine_keys',
  {
    clientId: text('client_id')
      .notNull()
      .references(() => machineClients.clientId, { onDelete: 'cascade' }),
    /** RFC 7638. */
    thumbprint: text('thumbprint').notNull(),
    schoolCode: text('school_code').notNull(),
    jwk: jsonb('jwk').$type<PublicJwk>().notNull(),
    addedAt: instant('added_at').notNull(),
    /** From then on it is no good; null: until somebody says so. */
    retiresAt: instant('retires_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.thumbprint] }),
    pgPolicy('machine_keys_read', {
      for: 'select',
      using: anyOf(systemJob('login'), staffOfSchool(table.schoolCode), directoryJob()),
    }),
    pgPolicy('machine_keys_used', { for: 'update', using: systemJob('login'), withCheck: systemJob('login') }),
    pgPolicy('machine_keys_write', {
      for: 'all',
      using: anyOf(directoryJob(), staffOfSchool(table.schoolCode)),
      withCheck: anyOf(directoryJob(), staffOfSchool(table.schoolCode)),
    }),
  ],
);

/** How many uploads a client began on each day in Japan. */
export const machineUploads = pgTable(
  'machine_uploads',
  {
    clientId: text('client_id')
      .notNull()
      .references(() => machineClients.clientId, { onDelete: 'cascade' }),
    day: date('day').notNull(),
    schoolCode: text('school_code').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.day] }),
    pgPolicy('machine_uploads_read', { for: 'select', using: anyOf(staffOfSchool(table.schoolCode), directoryJob()) }),
    pgPolicy('machine_uploads_count', { for: 'all', using: systemJob('login'), withCheck: systemJob('login') }),
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
export type MachineKeyRow = typeof machineKeys.$inferSelect;
export type AccessCodeRow = typeof accessCodes.$inferSelect;
export type CodeAttemptRow = typeof codeAttempts.$inferSelect;
export type PupilLinkRow = typeof pupilLinks.$inferSelect;
export type LinkingCodeRow = typeof linkingCodes.$inferSelect;
export type GuardianRow = typeof guardians.$inferSelect;
export type ConsentRow = typeof guardianConsents.$inferSelect;

function wayId() {
  return text('id').notNull().unique().default(sql`gen_random_uuid()::text`);
}

function instant(name: string) {
  return timestamp(name, { withTimezone: true });
}

/** The record of the guardian who is asking. */
function linkedGuardian(guardianId: AnyPgColumn) {
  return sql`exists (select 1 from pupil_links l where l.guardian_id = ${guardianId} and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), ''))`;
}

/** The pupil is the person who is asking, as the school has confirmed. */
function isOwnPupil(pupilId: AnyPgColumn) {
  return sql`exists (select 1 from pupil_links l where l.pupil_id = ${pupilId} and l.relation = 'self' and l.confirmed_at is not null and l.ended_at is null and l.person_id = nullif(current_setting('app.person', true), ''))`;
}

/**
 * The pupil lets a guardian see who is confirmed, in time and not the pupil, for a year at most, from now on; and never
 * where a protection order stands.
 */
function mayConsent(consent: Readonly<Record<ConsentColumn, AnyPgColumn>>) {
  const { pupilId, guardianId, schoolCode, givenBy, givenAt, until, withdrawnAt } = consent;
  const givenOn = sql`(${givenAt} at time zone 'Asia/Tokyo')::date`;
  const isNow = sql`${givenAt} between now() - interval '5 minutes' and now() + interval '5 minutes'`;
  const isInTime = sql`${until} >= ${givenOn} and ${until} <= (${givenOn} + interval '1 year')::date`;
  const ofGuardian = sql`exists (select 1 from guardians g where g.id = ${guardianId} and g.pupil_id = ${pupilId} and g.school_code = ${schoolCode} and g.state = 'confirmed' and coalesce(g.valid_until, ${givenOn}) >= ${givenOn})`;
  const isProtected = sql`exists (select 1 from protection_marks pm where pm.subject = 'pupil:' || ${pupilId})`;
  return sql`(${ownPerson(givenBy)} and ${withdrawnAt} is null and ${isNow} and ${isInTime} and ${isOwnPupil(pupilId)} and ${ofGuardian} and not ${linkedGuardian(guardianId)} and not ${isProtected})`;
}

type ConsentColumn = 'pupilId' | 'guardianId' | 'schoolCode' | 'givenBy' | 'givenAt' | 'until' | 'withdrawnAt';

function loginOnly(name: string) {
  return pgPolicy(name, { for: 'all', using: systemJob('login'), withCheck: systemJob('login') });
}

/** The log-in by paper: it opens sessions, and alone of all log-ins it looks at links and makes them. */
function accessCodeOnly(name: string) {
  return pgPolicy(name, { for: 'all', using: systemJob('access-code'), withCheck: systemJob('access-code') });
}

/** A person sees their own links and records, protected or not; what is behind them the cases' own policy decides. */
function ofKnownPupil(pupilId: AnyPgColumn) {
  return anyOf(isPerson, needToKnow({ subjects: sql`'pupil:' || ${pupilId}` }));
}

function directoryJob() {
  return systemJob('directory');
}
