import { sql } from 'drizzle-orm';
import { check, index, pgPolicy, pgTable, text } from 'drizzle-orm/pg-core';
import { instant } from '../../database/columns.ts';
import { anyOf, ownPerson, ownStaff } from '../../database/policies.ts';
import { type AssuranceLevel } from '../../policy/actor.ts';
import { accessCodeOnly, loginOnly } from '../row-policies.ts';
import { persons } from '../tables.ts';

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
