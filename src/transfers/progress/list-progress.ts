import { and, asc, desc, eq, lt, lte, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import type { CaseState } from '../tables.ts';
import { caseProgress, caseProgressPeers } from './tables.ts';

/** Whose deliveries: those of a board's schools, or of one school. */
export type Watched = { readonly board: string } | { readonly school: string };

export interface ProgressFilter {
  /** One school of the board's; null for all. */
  readonly school: string | null;
  readonly side: 'sender' | 'recipient';
  /** `open`: whatever waits for somebody. */
  readonly state: CaseState | 'open';
  /** In its state since then or earlier; null for all. */
  readonly sinceBefore: Date | null;
}

export interface ProgressPage {
  readonly after: { readonly since: Date; readonly id: string } | null;
  readonly limit: number;
}

export interface ProgressRow {
  readonly id: string;
  readonly caseId: string;
  readonly attempt: number;
  readonly side: 'sender' | 'recipient';
  readonly schoolCode: string;
  /** Null where it is not known yet, or hidden by a protection order. */
  readonly peerCode: string | null;
  readonly kind: (typeof caseProgress.$inferSelect)['kind'];
  readonly state: CaseState;
  readonly since: Date;
  readonly verdict: (typeof caseProgress.$inferSelect)['verdict'];
  readonly submittedAt: Date;
  readonly depositedAt: Date | null;
  readonly openedAt: Date | null;
  readonly closedAt: Date | null;
  readonly dueOn: string | null;
  readonly lostOn: string | null;
  readonly closedOn: string | null;
}

/** A page of deliveries. What is open comes with the longest wait first, what has ended with the newest first. */
export async function listProgress(
  tx: Transaction,
  watched: Watched,
  filter: ProgressFilter,
  { after, limit }: ProgressPage,
): Promise<ProgressRow[]> {
  const { id, since, state, side, isSettled } = caseProgress;
  const isOpen = filter.state === 'open';
  const position = sql`(${since}, ${id})`;
  const conditions = [
    ...watchedBy(watched, filter.school),
    eq(side, filter.side),
    filter.state === 'open' ? sql`not ${isSettled}` : eq(state, filter.state),
    filter.sinceBefore === null ? undefined : lte(since, filter.sinceBefore),
    after === null
      ? undefined
      : isOpen
        ? sql`${position} > (${after.since.toISOString()}::timestamptz, ${after.id})`
        : sql`${position} < (${after.since.toISOString()}::timestamptz, ${after.id})`,
  ];
  const rows = await tx
    .select({ row: caseProgress, peerCode: caseProgressPeers.schoolCode })
    .from(caseProgress)
    .leftJoin(caseProgressPeers, eq(caseProgressPeers.progressId, id))
    .where(and(...conditions))
    .orderBy(...(isOpen ? [asc(since), asc(id)] : [desc(since), desc(id)]))
    .limit(limit);
  return rows.map(({ row, peerCode }) => ({ ...row, peerCode }));
}

export interface OpenCount {
  readonly schoolCode: string;
  readonly state: CaseState;
  readonly count: number;
  /** The longest wait among them. */
  readonly oldest: Date;
  /** How many have passed the day they were due. */
  readonly overdue: number;
}

/** What is open, by school and state. Each of them is one that somebody has to look at, so they are counted exactly. */
export async function countOpen(
  tx: Transaction,
  watched: Watched,
  { side, today }: { readonly side: 'sender' | 'recipient'; readonly today: string },
): Promise<OpenCount[]> {
  const { schoolCode, state, since, dueOn, isSettled } = caseProgress;
  return tx
    .select({
      schoolCode,
      state,
      count: sql<number>`count(*)::int`,
      oldest: sql<Date>`min(${since})`.mapWith(since),
      overdue: sql<number>`(count(*) filter (where ${lt(dueOn, today)}))::int`,
    })
    .from(caseProgress)
    .where(and(...watchedBy(watched, null), eq(caseProgress.side, side), sql`not ${isSettled}`))
    .groupBy(schoolCode, state)
    .orderBy(schoolCode, state);
}

/** Both columns are named, so that the index of the one in question serves. */
export function watchedBy(watched: Watched, school: string | null): SQL[] {
  if ('school' in watched) {
    return [
      eq(caseProgress.schoolCode, watched.school),
      ...(school === null ? [] : [eq(caseProgress.schoolCode, school)]),
    ];
  }
  const own = eq(caseProgress.boardCode, watched.board);
  return school === null ? [own] : [own, eq(caseProgress.schoolCode, school)];
}
