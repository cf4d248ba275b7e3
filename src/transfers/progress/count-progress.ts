import { and, eq, gte, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { type Watched, watchedBy } from './list-progress.ts';
import { type Outcome, outcomeOf } from './rules.ts';
import { caseProgress } from './tables.ts';

export interface OutcomeCount {
  readonly schoolCode: string;
  /** First day of the month of the deposit. */
  readonly month: string;
  readonly outcome: Outcome;
  readonly count: number;
}

/** What became of the deliveries that were deposited in these months, by school and month. `to` is not included. */
export async function countOutcomes(
  tx: Transaction,
  watched: Watched,
  of: {
    readonly side: 'sender' | 'recipient';
    readonly from: string;
    readonly to: string;
    readonly today: string;
  },
): Promise<OutcomeCount[]> {
  const { schoolCode, month, side } = caseProgress;
  const facts = factsAt(of.today);
  const rows = await tx
    .select({ schoolCode, month: sql<string>`${month}::text`, ...facts, count: sql<number>`count(*)::int` })
    .from(caseProgress)
    .where(and(...watchedBy(watched, null), eq(side, of.side), gte(month, of.from), lt(month, of.to)))
    .groupBy(firstSix)
    .orderBy(sql`1, 2`);
  return rows.map((row) => ({
    schoolCode: row.schoolCode,
    month: row.month,
    outcome: outcomeOf(row),
    count: row.count,
  }));
}

/** 災害共済給付: pupils that came by a change of school and were not sent back, by month of the deposit. */
export async function countInsured(
  tx: Transaction,
  watched: Watched,
  { from }: { readonly from: string },
): Promise<{ readonly month: string; readonly count: number }[]> {
  const { month, side, kind, state } = caseProgress;
  return tx
    .select({ month: sql<string>`${month}::text`, count: sql<number>`count(*)::int` })
    .from(caseProgress)
    .where(
      and(
        ...watchedBy(watched, null),
        eq(side, 'recipient'),
        gte(month, from),
        eq(kind, 'schoolTransfer'),
        inArray(state, ['deposited', 'opened', 'acknowledged']),
      ),
    )
    .groupBy(month)
    .orderBy(month);
}

export interface NationalCount {
  readonly prefecture: string;
  readonly kind: (typeof caseProgress.$inferSelect)['kind'];
  readonly outcome: Outcome;
  readonly count: number;
}

/** The whole country's of one month, by the sender's prefecture, which tells nothing of where a pupil has gone. */
export async function countMonth(
  tx: Transaction,
  { month, today }: { readonly month: string; readonly today: string },
): Promise<NationalCount[]> {
  const { prefecture, kind, side } = caseProgress;
  const facts = factsAt(today);
  const rows = await tx
    .select({ prefecture, kind, ...facts, count: sql<number>`count(*)::int` })
    .from(caseProgress)
    .where(and(eq(side, 'sender'), eq(caseProgress.month, month)))
    .groupBy(firstSix)
    .orderBy(prefecture, kind);
  return rows.map((row) => ({
    prefecture: row.prefecture,
    kind: row.kind,
    outcome: outcomeOf(row),
    count: row.count,
  }));
}

export interface MedianRow {
  /** Null in the rows of the whole country. */
  readonly prefecture: string | null;
  /** Null in the rows of both kinds. */
  readonly kind: string | null;
  /** From deposit to acknowledgement, in whole hours. */
  readonly hours: number;
}

export async function mediansOfMonth(tx: Transaction, month: string): Promise<MedianRow[]> {
  const { prefecture, kind, side, state, closedAt, depositedAt } = caseProgress;
  return tx
    .select({
      prefecture: sql<string | null>`${prefecture}`,
      kind: sql<string | null>`${kind}`,
      hours: sql<number>`round(percentile_cont(0.5) within group (order by extract(epoch from ${closedAt} - ${depositedAt})) / 3600)::int`,
    })
    .from(caseProgress)
    .where(and(eq(side, 'sender'), eq(caseProgress.month, month), eq(state, 'acknowledged'), isNotNull(closedAt)))
    .groupBy(sql`grouping sets ((${prefecture}, ${kind}), (${prefecture}), (${kind}), ())`);
}

/** The first month that has deliveries, and by when the last of them is settled whatever happens; null where there are none. */
export async function lastDayOf(tx: Transaction, month: string): Promise<string | null> {
  const [row] = await tx
    .select({ day: sql<string | null>`max(${caseProgress.lostOn})::text` })
    .from(caseProgress)
    .where(and(eq(caseProgress.side, 'sender'), eq(caseProgress.month, month)));
  return row?.day ?? null;
}

export async function firstMonth(tx: Transaction): Promise<string | null> {
  const [row] = await tx
    .select({ month: sql<string | null>`min(${caseProgress.month})::text` })
    .from(caseProgress)
    .where(eq(caseProgress.side, 'sender'));
  return row?.month ?? null;
}

// Of these the one rule in rules.ts makes the outcome; the database only counts.
function factsAt(today: string) {
  const { state, verdict, closedOn, dueOn, lostOn } = caseProgress;
  return {
    state,
    verdict,
    wasInTime: sql<boolean>`coalesce(${closedOn} <= ${dueOn}, false)`,
    isLost: sql<boolean>`coalesce(${lostOn} < ${today}::date, false)`,
  };
}

/** All columns but the count, by their places: a second parameter of the same value would be another expression to PostgreSQL. */
const firstSix = sql`1, 2, 3, 4, 5, 6`;
