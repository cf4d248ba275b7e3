import { index, jsonb, pgPolicy, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { ownSchool } from '../database/policies.ts';
import type { ProposedAct } from './proposed-acts.ts';

/** What one person wants and a second has to confirm: roles that weigh, imports, seal keys. */
export const proposals = pgTable(
  'proposals',
  {
    id: text('id').primaryKey(),
    schoolCode: text('school_code').notNull(),
    act: jsonb('act').$type<ProposedAct>().notNull(),
    proposedBy: text('proposed_by').notNull(),
    proposedAt: timestamp('proposed_at', { withTimezone: true }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    state: text('state', { enum: ['pending', 'confirmed', 'cancelled'] })
      .notNull()
      .default('pending'),
    decidedBy: text('decided_by'),
    decidedAt: timestamp('decided_at', { withTimezone: true }),
  },
  (table) => [
    index('proposals_by_school').on(table.schoolCode, table.proposedAt),
    pgPolicy('proposals_read', { for: 'select', using: ownSchool(table.schoolCode) }),
    pgPolicy('proposals_insert', { for: 'insert', withCheck: ownSchool(table.schoolCode) }),
    pgPolicy('proposals_update', {
      for: 'update',
      using: ownSchool(table.schoolCode),
      withCheck: ownSchool(table.schoolCode),
    }),
  ],
);
