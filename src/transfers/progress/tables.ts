import { sql } from 'drizzle-orm';
import { boolean, date, index, integer, pgPolicy, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, auditsAt, ofOwnCase, ofVisibleCase, systemJob } from '../../database/policies.ts';
import type { CaseKind } from '../../records/kinds.ts';
import type { CaseState } from '../tables.ts';
import type { PackageVerdict } from '../verdict.ts';

/** The gateway's own work on published figures. */
export const statisticsJob = 'statistics';
/** The gateway's own work of telling receivers what waits for them. */
export const remindersJob = 'reminders';

/**
 * How far each delivery has got, as one side's board may see it: no pupil, no document, no member of staff, not even the
 * other school. One row for each attempt and side, written in the transaction of the act (docs/adr/0043).
 */
export const caseProgress = pgTable(
  'case_progress',
  {
    id: text('id').primaryKey(),
    caseId: text('case_id').notNull(),
    attempt: integer('attempt').notNull(),
    side: text('side').$type<'sender' | 'recipient'>().notNull(),
    schoolCode: text('school_code').notNull(),
    /** Null where no board watches over the school. */
    boardCode: text('board_code'),
    prefecture: text('prefecture').notNull(),
    kind: text('kind').$type<CaseKind>().notNull(),
    state: text('state').$type<CaseState>().notNull(),
    /** Since when it has been in this state. */
    since: instant('since').notNull(),
    verdict: text('verdict').$type<PackageVerdict['outcome']>(),
    submittedAt: instant('submitted_at').notNull(),
    depositedAt: instant('deposited_at'),
    openedAt: instant('opened_at'),
    closedAt: instant('closed_at'),
    /** First day of the month of the deposit, in Japan: figures are made for months alone. */
    month: date('month'),
    dueOn: date('due_on'),
    lostOn: date('lost_on'),
    closedOn: date('closed_on'),
    /** Days on which the receiver is told, with commas; which of them comes next, null when none does. */
    reminders: text('reminders'),
    remindOn: date('remind_on'),
    /** Nothing is waited for any more. */
    isSettled: boolean('is_settled').notNull(),
  },
  (table) => [
    uniqueIndex('case_progress_once').on(table.caseId, table.attempt, table.side),
    index('case_progress_open_of_board').on(table.boardCode, table.since, table.id).where(sql`not ${table.isSettled}`),
    index('case_progress_open_of_school')
      .on(table.schoolCode, table.since, table.id)
      .where(sql`not ${table.isSettled}`),
    index('case_progress_of_board').on(table.boardCode, table.state, table.since, table.id),
    index('case_progress_of_school').on(table.schoolCode, table.state, table.since, table.id),
    index('case_progress_months_of_board').on(table.boardCode, table.side, table.month),
    index('case_progress_months_of_school').on(table.schoolCode, table.side, table.month),
    index('case_progress_months').on(table.side, table.month),
    index('case_progress_to_remind').on(table.side, table.remindOn).where(sql`${table.remindOn} is not null`),
    pgPolicy('case_progress_read', {
      for: 'select',
      using: anyOf(auditsAt(table.boardCode), ofVisibleCase(table.caseId), systemJob(statisticsJob)),
    }),
    pgPolicy('case_progress_to_remind_read', { for: 'select', using: systemJob(remindersJob) }),
    pgPolicy('case_progress_to_remind_update', { for: 'update', using: systemJob(remindersJob) }),
    pgPolicy('case_progress_insert', { for: 'insert', withCheck: ofOwnCase(table.caseId) }),
    pgPolicy('case_progress_update', { for: 'update', using: ofOwnCase(table.caseId) }),
  ],
);

/**
 * The school on the other side of a delivery, apart from it, since it has an owner of its own: as long as a protection
 * order of either school stands, no board reads it (privacy P-02). The marks are asked at every look.
 */
export const caseProgressPeers = pgTable(
  'case_progress_peers',
  {
    progressId: text('progress_id')
      .primaryKey()
      .references(() => caseProgress.id),
    caseId: text('case_id').notNull(),
    schoolCode: text('school_code').notNull(),
    /** What a mark may name: `pupil:…`, `code:…`, `case:…`. */
    subjects: text('subjects').array().notNull(),
  },
  (table) => [
    pgPolicy('case_progress_peers_read', {
      for: 'select',
      using: anyOf(
        sql`(exists (select 1 from case_progress p where p.id = ${table.progressId} and ${auditsAt(sql`p.board_code`)}) and not exists (select 1 from protection_marks pm where pm.subject = any(${table.subjects})))`,
        ofVisibleCase(table.caseId),
      ),
    }),
    pgPolicy('case_progress_peers_insert', { for: 'insert', withCheck: ofOwnCase(table.caseId) }),
    pgPolicy('case_progress_peers_update', { for: 'update', using: ofOwnCase(table.caseId) }),
  ],
);
