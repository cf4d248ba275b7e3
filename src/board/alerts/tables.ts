import { type SQL, sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, ownSchool, systemJob } from '../../database/policies.ts';
import type { AlertRuleId, Severity } from './rule-table.ts';

/** The gateway's own work on alerts: it reads the log as it grows, and tells whoever looks after things. */
export const alertsJob = 'alerts';

export const alertStates = ['open', 'acknowledged', 'closed'] as const;
export type AlertState = (typeof alertStates)[number];

export const closeReasons = ['expected', 'handled', 'mistaken', 'reported'] as const;
export type CloseReason = (typeof closeReasons)[number];

const role = sql`coalesce(current_setting('app.role', true), '')`;
const here = sql`nullif(current_setting('app.school', true), '')`;

function moment(name: string) {
  return timestamp(name, { withTimezone: true, precision: 3 });
}

/** Something that somebody should look at. Ids and words of lists: no name, no document, no other school. */
export const alerts = pgTable(
  'alerts',
  {
    id: text('id').primaryKey(),
    rule: text('rule').$type<AlertRuleId>().notNull(),
    ruleVersion: integer('rule_version').notNull(),
    severity: text('severity').$type<Severity>().notNull(),
    /** For whom it is counted apart; never shown. */
    subject: text('subject').notNull(),
    /** The school that it is about; of trouble of the log, the board that is told. */
    organisation: text('organisation').notNull(),
    /** The board that is told; null where the rule or the directory names none. */
    board: text('board'),
    toSchool: boolean('to_school').notNull(),
    caseId: text('case_id'),
    /** `staff:…` and others who did it, at most 20: none of them settles it. */
    actors: text('actors').array().notNull(),
    count: integer('count').notNull(),
    /** What was the threshold when it was raised. */
    threshold: integer('threshold').notNull(),
    firstAt: moment('first_at').notNull(),
    lastAt: moment('last_at').notNull(),
    raisedAt: moment('raised_at').notNull(),
    state: text('state').$type<AlertState>().notNull().default('open'),
    /** Counts up with each act of a person: whoever looked at an older one is told. */
    version: integer('version').notNull().default(1),
    settledBy: text('settled_by'),
    settledRole: text('settled_role'),
    settledFor: text('settled_for'),
    settledAt: instant('settled_at'),
    closeReason: text('close_reason').$type<CloseReason>(),
    note: text('note'),
    toldSchool: boolean('told_school').notNull(),
    toldBoard: boolean('told_board').notNull(),
  },
  (table) => [
    index('alerts_by_organisation').on(table.organisation, table.raisedAt, table.id),
    index('alerts_by_board').on(table.board, table.raisedAt, table.id),
    index('alerts_running').on(table.rule, table.subject).where(sql`${table.state} <> 'closed'`),
    index('alerts_untold').on(table.raisedAt).where(sql`not ${table.toldSchool} or not ${table.toldBoard}`),
    pgPolicy('alerts_job', { for: 'all', using: systemJob(alertsJob), withCheck: systemJob(alertsJob) }),
    pgPolicy('alerts_read', { for: 'select', using: concerned() }),
    pgPolicy('alerts_settle', { for: 'update', using: concerned(), withCheck: concerned() }),
  ],
);
export type AlertRow = typeof alerts.$inferSelect;

/** The school's heads for what is told to schools; the board's auditors; of the log, the administrators of its founder. */
function concerned(): SQL {
  const { organisation, board, toSchool, rule } = {
    organisation: sql`alerts.organisation`,
    board: sql`alerts.board`,
    toSchool: sql`alerts.to_school`,
    rule: sql`alerts.rule`,
  };
  return anyOf(
    sql`(${role} in ('principal', 'vicePrincipal') and ${toSchool} and ${organisation} = ${here})`,
    sql`(${role} = 'auditor' and ${board} = ${here})`,
    sql`(${role} = 'administrator' and ${rule} like 'log-%' and (${organisation} = ${here} or ${organisation} = (select o.board_code from organisations o where o.code = ${here})))`,
  );
}

/** Entries that count for a rule: until their window is over, or as long as the alert that they raised. */
export const alertSightings = pgTable(
  'alert_sightings',
  {
    rule: text('rule').$type<AlertRuleId>().notNull(),
    subject: text('subject').notNull(),
    eventId: uuid('event_id').notNull(),
    at: moment('at').notNull(),
    alertId: text('alert_id'),
  },
  (table) => [
    primaryKey({ columns: [table.rule, table.subject, table.eventId] }),
    index('alert_sightings_by_alert').on(table.alertId, table.at),
    index('alert_sightings_counted').on(table.rule, table.subject, table.at).where(sql`${table.alertId} is null`),
    pgPolicy('alert_sightings_job', { for: 'all', using: systemJob(alertsJob), withCheck: systemJob(alertsJob) }),
  ],
);

/** Packages that lie in the locker, as the log tells it: one row for each side. */
export const alertWaits = pgTable(
  'alert_waits',
  {
    caseId: text('case_id').notNull(),
    organisation: text('organisation').notNull(),
    eventId: uuid('event_id').notNull(),
    since: moment('since').notNull(),
    /** The rules that have raised an alert over it. */
    raised: text('raised').array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.caseId, table.organisation] }),
    index('alert_waits_by_time').on(table.since),
    pgPolicy('alert_waits_job', { for: 'all', using: systemJob(alertsJob), withCheck: systemJob(alertsJob) }),
  ],
);

/** How far each log has been read. Whoever holds the row evaluates; another process passes by. */
export const alertCursors = pgTable(
  'alert_cursors',
  {
    origin: text('origin').primaryKey(),
    /** The first entry that has not been read. */
    next: bigint('next', { mode: 'bigint' }).notNull(),
  },
  () => [pgPolicy('alert_cursors_job', { for: 'all', using: systemJob(alertsJob), withCheck: systemJob(alertsJob) })],
);

/** When an organisation was last written to about a rule: a storm of alerts is one mail an hour. */
export const alertTellings = pgTable(
  'alert_tellings',
  {
    organisation: text('organisation').notNull(),
    rule: text('rule').$type<AlertRuleId>().notNull(),
    toldAt: moment('told_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.rule] }),
    pgPolicy('alert_tellings_job', { for: 'all', using: systemJob(alertsJob), withCheck: systemJob(alertsJob) }),
  ],
);

/** A board's own thresholds, within the limits of the rule. */
export const alertThresholds = pgTable(
  'alert_thresholds',
  {
    board: text('board').notNull(),
    rule: text('rule').$type<AlertRuleId>().notNull(),
    threshold: integer('threshold').notNull(),
    changedBy: text('changed_by').notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.board, table.rule] }),
    pgPolicy('alert_thresholds_read', { for: 'select', using: anyOf(systemJob(alertsJob), ownSchool(table.board)) }),
    pgPolicy('alert_thresholds_set', {
      for: 'all',
      using: sql`(${role} = 'auditor' and ${ownSchool(table.board)})`,
      withCheck: sql`(${role} = 'auditor' and ${ownSchool(table.board)})`,
    }),
  ],
);
