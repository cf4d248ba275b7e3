import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytes } from '../database/columns.ts';
import { actorIsSet, anyOf, ownSchool, systemJob } from '../database/policies.ts';

/** What a school, a person and a board may read of an event; written in the transaction of the act. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: uuid('id').primaryKey(),
    at: timestamp('at', { withTimezone: true, precision: 3 }).notNull(),
    name: text('name').notNull(),
    outcome: text('outcome', { enum: ['done', 'refused'] }).notNull(),
    reason: text('reason'),
    side: text('side', { enum: ['sender', 'recipient', 'person', 'gateway'] }).notNull(),
    organisation: text('organisation'),
    actorRole: text('actor_role').notNull(),
    /** How strongly whoever acted had been authenticated; null where nobody was. */
    assurance: text('assurance'),
    purpose: text('purpose'),
    caseId: text('case_id'),
    /** Whose records it was about, by the roll of the school that acted or sent; null where it was nobody’s. */
    pupilId: text('pupil_id'),
    objectDigest: text('object_digest'),
    /** Organisations and boards, besides its own, that may see the row. The caller decides: a protected case has none. */
    visibleTo: text('visible_to').array(),
    /** Whether the linked person's ledger shows it. The ledger reads as a system job, after policy allowed it. */
    personVisible: boolean('person_visible').notNull(),
    /** Salt (32 bytes) and detail, encrypted; without its key only the commitment in the log remains. */
    sealedDetail: bytes('sealed_detail').notNull(),
  },
  (table) => [
    index('audit_events_by_case').on(table.caseId, table.at),
    index('audit_events_by_pupil').on(table.pupilId, table.at, table.id).where(sql`${table.personVisible}`),
    index('audit_events_of_seal_keys').on(table.organisation, table.at).where(sql`${table.name} like 'seal-key.%'`),
    pgPolicy('audit_events_append', { for: 'insert', withCheck: actorIsSet }),
    pgPolicy('audit_events_read', {
      for: 'select',
      using: anyOf(
        ownSchool(table.organisation),
        sql`(nullif(current_setting('app.school', true), '') = any (${table.visibleTo}))`,
        sql`(nullif(current_setting('app.board', true), '') = any (${table.visibleTo}))`,
        systemJob('ledger'),
        systemJob('alerts'),
      ),
    }),
  ],
);

/** Entries that wait for the sequencer; read by deleting them. */
export const auditPending = pgTable(
  'audit_pending',
  {
    id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    eventId: uuid('event_id').notNull(),
    /** Decides the board's slice when the entry is sequenced; no part of the entry. */
    organisation: text('organisation'),
    /** The entry's canonical JSON without its places. */
    body: text('body').notNull(),
  },
  () => [
    pgPolicy('audit_pending_append', { for: 'insert', withCheck: actorIsSet }),
    pgPolicy('audit_pending_take', { for: 'all', using: systemJob('sequencer'), withCheck: systemJob('sequencer') }),
  ],
);

/** The log itself: every entry at its place. */
export const auditLog = pgTable(
  'audit_log',
  {
    origin: text('origin').notNull(),
    idx: bigint('idx', { mode: 'bigint' }).notNull(),
    leaf: bytes('leaf').notNull(),
    /** The exact hashed bytes, canonical JSON in ASCII. */
    entry: text('entry').notNull(),
    /** The board's slice and the number there, as the entry says. */
    slice: text('slice').notNull(),
    seq: bigint('seq', { mode: 'bigint' }).notNull(),
    /** The school's. Null for entries of version 1, and where the key of the slice was lost with the database. */
    schoolSlice: text('school_slice'),
    schoolSeq: bigint('school_seq', { mode: 'bigint' }),
    /** Null when the row was rebuilt from the bucket after a restore of the database. */
    eventId: uuid('event_id'),
  },
  (table) => [
    primaryKey({ columns: [table.origin, table.idx] }),
    uniqueIndex('audit_log_by_event').on(table.eventId),
    index('audit_log_of_board').on(table.origin, table.slice, table.seq),
    index('audit_log_of_school').on(table.origin, table.schoolSlice, table.schoolSeq),
    pgPolicy('audit_log_write', { for: 'all', using: systemJob('sequencer'), withCheck: systemJob('sequencer') }),
    pgPolicy('audit_log_read', { for: 'select', using: anyOf(systemJob('log-proof'), systemJob('alerts')) }),
    // A board and a school read their own slice. The names of slices are random, so no slice of theirs is another's.
    pgPolicy('audit_log_own', {
      for: 'select',
      using: sql`(${table.slice} in (select s.slice from log_slices s where s.owner = nullif(current_setting('app.school', true), '')) or ${table.schoolSlice} in (select s.slice from log_slices s where s.owner = nullif(current_setting('app.school', true), '')))`,
    }),
  ],
);

/** Roots of full tiles, so that the tiles of the level above can be written without reading them all. */
export const logNodes = pgTable(
  'log_nodes',
  {
    origin: text('origin').notNull(),
    /** 1 for the root of a full tile of level 0, and so on. */
    level: bigint('level', { mode: 'number' }).notNull(),
    idx: bigint('idx', { mode: 'bigint' }).notNull(),
    hash: bytes('hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.origin, table.level, table.idx] }),
    pgPolicy('log_nodes_write', { for: 'all', using: systemJob('sequencer'), withCheck: systemJob('sequencer') }),
  ],
);

/** One row per log: the head of the tree, and who may move it. */
export const logState = pgTable(
  'log_state',
  {
    origin: text('origin').primaryKey(),
    size: bigint('size', { mode: 'bigint' }).notNull(),
    /** The hashes of the compact range, one after the other. */
    compactRange: bytes('compact_range').notNull(),
    root: bytes('root').notNull(),
    /** Counts the claims: only the newest claimant may append. */
    epoch: bigint('epoch', { mode: 'bigint' }).notNull(),
    /** Time of the last append by the gateway's clock; it never goes back. */
    time: timestamp('time', { withTimezone: true, precision: 3 }).notNull(),
    /** Sign of life of the claimant, by the database's clock. */
    aliveAt: timestamp('alive_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  () => [
    pgPolicy('log_state_write', { for: 'all', using: systemJob('sequencer'), withCheck: systemJob('sequencer') }),
    pgPolicy('log_state_read', { for: 'select', using: actorIsSet }),
  ],
);

/** A random name per board and log, and per school and log, and how many entries it has. */
export const logSlices = pgTable(
  'log_slices',
  {
    origin: text('origin').notNull(),
    kind: text('kind', { enum: ['board', 'school'] }).notNull(),
    /** Code of the board, or of the organisation itself where no board stands above it; of the school; or `gateway`. */
    owner: text('owner').notNull(),
    slice: text('slice').notNull(),
    /** 32 bytes by which a school reads its places (`schoolPlace`); null for a board. */
    key: bytes('key'),
    size: bigint('size', { mode: 'bigint' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.origin, table.kind, table.owner] }),
    uniqueIndex('log_slices_by_slice').on(table.origin, table.slice),
    pgPolicy('log_slices_write', { for: 'all', using: systemJob('sequencer'), withCheck: systemJob('sequencer') }),
    pgPolicy('log_slices_own', { for: 'select', using: ownSchool(table.owner) }),
  ],
);

/** Signed heads. The row is stored before the note leaves the process; the key forbids a second root for a size. */
export const checkpoints = pgTable(
  'checkpoints',
  {
    origin: text('origin').notNull(),
    size: bigint('size', { mode: 'bigint' }).notNull(),
    root: bytes('root').notNull(),
    note: text('note').notNull(),
    signedAt: timestamp('signed_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
    /** Set once the bucket has it, and with it every tile of its tree. */
    publishedAt: timestamp('published_at', { withTimezone: true, precision: 3 }),
  },
  (table) => [
    primaryKey({ columns: [table.origin, table.size] }),
    pgPolicy('checkpoints_write', { for: 'all', using: systemJob('sequencer'), withCheck: systemJob('sequencer') }),
    pgPolicy('checkpoints_read', { for: 'select', using: actorIsSet }),
  ],
);

/** What each witness of a log has cosigned last, and why it does not, for the next round and for whoever looks after the log. */
export const logWitnesses = pgTable(
  'log_witnesses',
  {
    origin: text('origin').notNull(),
    /** Its name in the policy file. */
    witness: text('witness').notNull(),
    size: bigint('size', { mode: 'bigint' }).notNull(),
    cosignedAt: timestamp('cosigned_at', { withTimezone: true, precision: 3 }),
    /** A code; null since it has cosigned again. */
    trouble: text('trouble'),
    troubleAt: timestamp('trouble_at', { withTimezone: true, precision: 3 }),
  },
  (table) => [
    primaryKey({ columns: [table.origin, table.witness] }),
    pgPolicy('log_witnesses_write', { for: 'all', using: systemJob('sequencer'), withCheck: systemJob('sequencer') }),
  ],
);
export type WitnessStanding = typeof logWitnesses.$inferSelect;

/** The gateway's own key for details that belong to no case (log-ins, refusals), wrapped by the key service. */
export const auditKeys = pgTable(
  'audit_keys',
  {
    id: text('id').primaryKey(),
    keyRef: text('key_ref').notNull(),
    wrappedKey: bytes('wrapped_key').notNull(),
  },
  () => [pgPolicy('audit_keys_all', { for: 'all', using: systemJob('audit-key'), withCheck: systemJob('audit-key') })],
);
