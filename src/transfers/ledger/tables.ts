import { sql } from 'drizzle-orm';
import { index, pgPolicy, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, needToKnow, ownPerson, ownSchool, staffOfSchool, systemJob } from '../../database/policies.ts';

export const reportStates = ['received', 'answered', 'closed'] as const;
export type ReportState = (typeof reportStates)[number];

/** 心当たりがない: a person does not recognise a line of their ledger; the school answers. */
export const accessReports = pgTable(
  'access_reports',
  {
    /** The number that the person is given. */
    id: text('id').primaryKey(),
    eventId: text('event_id').notNull(),
    /** The event's name, its time and the role, as the line told them. */
    event: text('event').notNull(),
    eventAt: instant('event_at').notNull(),
    eventRole: text('event_role').notNull(),
    caseId: text('case_id'),
    pupilId: text('pupil_id').notNull(),
    /** The school that acted, and the board above it, which counts and reads nothing. */
    schoolCode: text('school_code').notNull(),
    boardCode: text('board_code'),
    personId: text('person_id').notNull(),
    state: text('state').$type<ReportState>().notNull(),
    reportedAt: instant('reported_at').notNull(),
    answer: text('answer'),
    answeredAt: instant('answered_at'),
    answeredBy: text('answered_by'),
    closedAt: instant('closed_at'),
  },
  (table) => [
    uniqueIndex('access_reports_once').on(table.personId, table.eventId),
    index('access_reports_by_school').on(table.schoolCode, table.state, table.reportedAt),
    index('access_reports_by_board').on(table.boardCode, table.state, table.reportedAt),
    pgPolicy('access_reports_read', {
      for: 'select',
      using: anyOf(staffOfSchool(table.schoolCode), ownPerson(table.personId), systemJob('report-count')),
    }),
    pgPolicy('access_reports_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({
        subjects: sql`'pupil:' || ${table.pupilId}, 'case:' || ${table.caseId}`,
        pupilId: sql`${table.pupilId}`,
      }),
    }),
    pgPolicy('access_reports_insert', { for: 'insert', withCheck: ownPerson(table.personId) }),
    pgPolicy('access_reports_update', {
      for: 'update',
      using: anyOf(ownSchool(table.schoolCode), ownPerson(table.personId)),
    }),
  ],
);

/** An inquiry (調査) holds lines of a pupil's ledger back: entered by one person, in force once another has confirmed it. */
export const ledgerHolds = pgTable(
  'ledger_holds',
  {
    id: text('id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    pupilId: text('pupil_id').notNull(),
    /** Lines of this school from here on are held back. */
    since: instant('since').notNull(),
    until: instant('until').notNull(),
    reason: text('reason').notNull(),
    askedBy: text('asked_by').notNull(),
    askedByKey: text('asked_by_key').notNull(),
    askedAt: instant('asked_at').notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: instant('confirmed_at'),
    endedAt: instant('ended_at'),
  },
  (table) => [
    index('ledger_holds_by_school').on(table.schoolCode, table.askedAt),
    index('ledger_holds_by_pupil').on(table.pupilId),
    pgPolicy('ledger_holds_read', {
      for: 'select',
      using: anyOf(staffOfSchool(table.schoolCode), systemJob('ledger')),
    }),
    pgPolicy('ledger_holds_need_to_know', {
      as: 'restrictive',
      for: 'select',
      using: needToKnow({ subjects: sql`'pupil:' || ${table.pupilId}` }),
    }),
    pgPolicy('ledger_holds_insert', { for: 'insert', withCheck: staffOfSchool(table.schoolCode) }),
    pgPolicy('ledger_holds_update', { for: 'update', using: staffOfSchool(table.schoolCode) }),
  ],
);
