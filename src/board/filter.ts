import { schoolYearOf } from '../directory/calendar/school-days.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { ProgressFilter } from '../transfers/progress/list-progress.ts';
import { progressStates } from '../transfers/progress/rules.ts';

/** What an address says, as texts. */
export type Query = Readonly<Record<string, string | undefined>>;

export const sides = ['sender', 'recipient'] as const;
export type Side = (typeof sides)[number];
export const shownStates = ['open', ...progressStates] as const;
/** Days in one state: fixed cuts, those of the reminders. */
export const waits = [3, 9, 14] as const;
/** The gateway knows no deliveries before. */
export const firstYear = 2026;

export interface CaseQuery extends Omit<ProgressFilter, 'sinceBefore'> {
  readonly days: number | null;
  readonly cursor: { readonly since: Date; readonly id: string } | null;
}

export interface YearQuery {
  readonly year: number;
  readonly side: Side;
  readonly school: string | null;
}

/** Which deliveries somebody wants to see. Faults: request.malformed with the field that is wrong. Pure. */
export function parseCaseQuery(query: Query): Result<CaseQuery> {
  const side = choice(query, 'side', sides, 'sender');
  const state = choice(query, 'state', shownStates, 'open');
  const days = choice(query, 'days', ['', ...waits.map(String)], '');
  const cursor = text(query, 'cursor') === null ? null : parseCursor(text(query, 'cursor') ?? '');
  const wrong = Object.entries({ side, state, days }).find(([, value]) => value === null)?.[0];
  if (wrong !== undefined) return refuse(malformed(wrong));
  if (cursor === null && text(query, 'cursor') !== null) return refuse(malformed('cursor'));
  return ok({
    side: side ?? 'sender',
    state: state ?? 'open',
    school: text(query, 'school'),
    days: days === null || days === '' ? null : Number(days),
    cursor,
  });
}

/**
 * Which figures somebody wants: one whole school year, never a period of one's own, since two periods that overlap would tell
 * by their difference what neither of them shows. Faults: board.fixed-year, request.malformed. Pure.
 */
export function parseYearQuery(query: Query, today: string): Result<YearQuery> {
  const last = schoolYearOf(today);
  const year = text(query, 'year') ?? String(last);
  const isYear = /^\d{4}$/.test(year) && Number(year) >= firstYear && Number(year) <= last;
  const isPeriod = text(query, 'from') !== null || text(query, 'to') !== null;
  if (!isYear || isPeriod) {
    return refuse(fault('board.fixed-year', { params: { first: String(firstYear), last: String(last) } }));
  }
  const side = choice(query, 'side', sides, 'sender');
  if (side === null) return refuse(malformed('side'));
  return ok({ year: Number(year), side, school: text(query, 'school') });
}

export function cursorOf(row: { readonly since: Date; readonly id: string }): string {
  return Buffer.from(`${row.since.toISOString()} ${row.id}`).toString('base64url');
}

function parseCursor(given: string): { since: Date; id: string } | null {
  const [at, id] = Buffer.from(given, 'base64url').toString('utf8').split(' ');
  const since = new Date(at ?? '');
  const isRow = id !== undefined && /^[a-z2-7]{1,64}$/.test(id) && !Number.isNaN(since.getTime());
  return isRow ? { since, id } : null;
}

function text(query: Query, name: string): string | null {
  const value = query[name]?.trim() ?? '';
  return value === '' ? null : value;
}

/** The first value where none was given; null for one that is none of these. */
function choice<T extends string>(query: Query, name: string, allowed: readonly T[], otherwise: T): T | null {
  const value = text(query, name);
  return value === null ? otherwise : (allowed.find((one) => one === value) ?? null);
}

function malformed(field: string) {
  return fault('request.malformed', { fields: { [field]: 'problem.field' } });
}
