import { sql } from 'drizzle-orm';
import { boolean, index, pgPolicy, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, auditsAt, systemJob } from '../../database/policies.ts';
import { type BoardGlassCategory, boardGlassJob } from '../../transfers/break-glass-rules.ts';

/**
 * 氏名の開示: one auditor, the name of one case, at most an hour, and why (docs/adr/0046). The index lets nobody hold two at
 * once: by person, so that a second account does not help. No reference to the case, since a draft may be deleted.
 */
export const boardGlasses = pgTable(
  'board_glasses',
  {
    id: text('id').primaryKey(),
    caseId: text('case_id').notNull(),
    boardCode: text('board_code').notNull(),
    /** The board's schools on which side it was opened. */
    schools: text('schools').array().notNull(),
    staffId: text('staff_id').notNull(),
    personKey: text('person_key').notNull(),
    category: text('category').$type<BoardGlassCategory>().notNull(),
    reason: text('reason').notNull(),
    openedAt: instant('opened_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** Set by hand, or by the next opening once its time is over. */
    endedAt: instant('ended_at'),
    /** What another auditor thinks of it afterwards, and why. */
    reviewedBy: text('reviewed_by'),
    reviewedAt: instant('reviewed_at'),
    justified: boolean('justified'),
    reviewReason: text('review_reason'),
  },
  (table) => [
    uniqueIndex('board_glasses_one_at_a_time')
      .on(table.boardCode, table.personKey)
      .where(sql`${table.endedAt} is null`),
    index('board_glasses_by_board').on(table.boardCode, table.openedAt),
    // The policy of `cases` asks whether one is open.
    index('board_glasses_open').on(table.caseId).where(sql`${table.endedAt} is null`),
    pgPolicy('board_glasses_read', {
      for: 'select',
      using: anyOf(auditsAt(table.boardCode), systemJob(boardGlassJob)),
    }),
    pgPolicy('board_glasses_insert', { for: 'insert', withCheck: auditsAt(table.boardCode) }),
    pgPolicy('board_glasses_update', { for: 'update', using: auditsAt(table.boardCode) }),
  ],
);
