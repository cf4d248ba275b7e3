import type { Transaction } from '../database/connection.ts';
import { findClosuresOf } from '../directory/calendar/closures.ts';
import { type Closure, schoolDaysBetween } from '../directory/calendar/school-days.ts';
import { findBoards } from '../directory/find-contact.ts';
import { findSchools, type SchoolView } from '../directory/find-organisation.ts';
import { dayInJapan } from '../identity/rules.ts';
import { ok, type Result } from '../result.ts';
import type { VerbContext } from '../transfers/act.ts';
import { listProgress, type ProgressRow } from '../transfers/progress/list-progress.ts';
import { insuranceDueOn, type Outcome, outcomeOf, waitsFor } from '../transfers/progress/rules.ts';
import { type CaseQuery, cursorOf } from './filter.ts';
import { watch } from './watch.ts';

const dayMs = 86_400_000;

/** One delivery as a board sees it. */
export interface BoardCase {
  readonly id: string;
  readonly caseId: string;
  readonly attempt: number;
  readonly side: 'sender' | 'recipient';
  readonly kind: ProgressRow['kind'];
  readonly school: Named;
  /** Null where it is not known yet, or a protection order hides it. */
  readonly other: Named | null;
  readonly state: ProgressRow['state'];
  /** Whom it waits for. */
  readonly waitsFor: 'sender' | 'recipient' | null;
  readonly since: Date;
  /** Whole calendar days in this state. */
  readonly days: number;
  readonly depositedAt: Date | null;
  readonly dueOn: string | null;
  /** School days after the day it was due, by the calendar of the receiving school; 0 while it is not late. */
  readonly schoolDaysLate: number;
  /** 災害共済給付; null where nothing has to be reported. */
  readonly insuranceDueOn: string | null;
  readonly outcome: Outcome;
}

export interface Named {
  readonly code: string;
  readonly name: string;
}

export interface BoardCases {
  readonly items: readonly BoardCase[];
  readonly next: string | null;
  readonly schools: ReadonlyMap<string, SchoolView>;
}

/** Deliveries of the board's schools, or of one's own; without pupils and documents. */
export async function showBoardCases(
  context: VerbContext,
  { cursor, days, ...filter }: CaseQuery,
  limit: number,
): Promise<Result<BoardCases>> {
  const now = context.gateway.clock.now();
  return watch(context, filter.school, async (tx, { watched, schools }) => {
    const sinceBefore = days === null ? null : new Date(now.getTime() - days * dayMs);
    const rows = await listProgress(tx, watched, { ...filter, sinceBefore }, { after: cursor, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const names = await findSchools(
      tx,
      shown.flatMap((row) => [row.schoolCode, row.peerCode ?? row.schoolCode]),
    );
    const closuresOf = await findReceiverClosures(tx, shown, dayInJapan(now));
    const last = shown.at(-1);
    return ok({
      items: shown.map((row) => viewOf(row, now, { names, closuresOf })),
      next: rows.length > limit && last !== undefined ? cursorOf(last) : null,
      schools,
    });
  });
}

type ClosuresOf = (row: ProgressRow) => readonly Closure[];

/** Closures since the first of these deliveries was due, by the board of whoever has to take it; none where that is hidden. */
async function findReceiverClosures(tx: Transaction, rows: readonly ProgressRow[], today: string): Promise<ClosuresOf> {
  const [from] = rows.flatMap(({ dueOn }) => (dueOn === null || dueOn >= today ? [] : [dueOn])).toSorted();
  if (from === undefined) return () => [];
  const boards = await findBoards(tx, [...new Set(rows.flatMap((row) => receiverOf(row) ?? []))]);
  const closures = await findClosuresOf(tx, [...new Set(boards.values())], { from, to: today });
  return (row) => closures.get(boards.get(receiverOf(row) ?? '') ?? '') ?? [];
}

function receiverOf({ side, schoolCode, peerCode }: ProgressRow): string | null {
  return side === 'recipient' ? schoolCode : peerCode;
}

interface Around {
  readonly names: ReadonlyMap<string, SchoolView>;
  readonly closuresOf: ClosuresOf;
}

function viewOf(row: ProgressRow, now: Date, { names, closuresOf }: Around): BoardCase {
  const today = dayInJapan(now);
  const named = (code: string) => ({ code, name: names.get(code)?.name ?? code });
  const until = row.closedOn ?? today;
  const reports = row.kind === 'schoolTransfer' && row.side === 'recipient' && row.depositedAt !== null;
  return {
    id: row.id,
    caseId: row.caseId,
    attempt: row.attempt,
    side: row.side,
    kind: row.kind,
    school: named(row.schoolCode),
    other: row.peerCode === null ? null : named(row.peerCode),
    state: row.state,
    waitsFor: waitsFor(row.state),
    since: row.since,
    days: Math.max(0, Math.floor((now.getTime() - row.since.getTime()) / dayMs)),
    depositedAt: row.depositedAt,
    dueOn: row.dueOn,
    schoolDaysLate: row.dueOn === null || row.dueOn >= until ? 0 : schoolDaysBetween(row.dueOn, until, closuresOf(row)),
    insuranceDueOn: reports && row.depositedAt !== null ? insuranceDueOn(dayInJapan(row.depositedAt)) : null,
    outcome: outcomeOf({
      state: row.state,
      verdict: row.verdict,
      wasInTime: row.closedOn !== null && row.dueOn !== null && row.closedOn <= row.dueOn,
      isLost: row.lostOn !== null && row.lostOn < today,
    }),
  };
}
