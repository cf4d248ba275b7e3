import { type SQL, sql } from 'drizzle-orm';
import { date, index, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { actorIsSet, anyOf, systemJob } from '../../database/policies.ts';

/** When the schools of a board are closed beside week-ends and public holidays. Public, as calendars are. */
export const boardClosures = pgTable(
  'board_closures',
  {
    id: text('id').primaryKey(),
    boardCode: text('board_code').notNull(),
    firstDay: date('first_day').notNull(),
    lastDay: date('last_day').notNull(),
    name: text('name').notNull(),
  },
  (table) => [
    index('board_closures_by_board').on(table.boardCode, table.lastDay),
    pgPolicy('board_closures_read', { for: 'select', using: actorIsSet }),
    pgPolicy('board_closures_write', {
      for: 'all',
      using: anyOf(auditsAt(sql`${table.boardCode}`), systemJob('directory')),
      withCheck: anyOf(auditsAt(sql`${table.boardCode}`), systemJob('directory')),
    }),
  ],
);

function auditsAt(board: SQL): SQL {
  return sql`(${board} = nullif(current_setting('app.school', true), '') and current_setting('app.role', true) = 'auditor')`;
}
