import { date, jsonb, pgPolicy, pgTable } from 'drizzle-orm/pg-core';
import type { FlattenedJws } from '../../crypto/jose.ts';
import { instant } from '../../database/columns.ts';
import { actorIsSet, systemJob } from '../../database/policies.ts';
import type { MonthStatistics } from './rules.ts';

/** The gateway's own work on published figures; it reads how deliveries have gone, and no case. */
export const statisticsJob = 'statistics';

/** Figures that have been published. Nothing changes or takes away a row: two versions of a month would tell by their difference. */
export const publishedMonths = pgTable(
  'published_months',
  {
    /** First day of the month. */
    month: date('month').primaryKey(),
    publishedAt: instant('published_at').notNull(),
    statistics: jsonb('statistics').$type<MonthStatistics>().notNull(),
    /** The same, by the gateway's evidence key. */
    signed: jsonb('signed').$type<FlattenedJws>().notNull(),
  },
  () => [
    pgPolicy('published_months_read', { for: 'select', using: actorIsSet }),
    pgPolicy('published_months_insert', { for: 'insert', withCheck: systemJob(statisticsJob) }),
  ],
);
