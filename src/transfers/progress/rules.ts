import { addSchoolDays, type Closure } from '../../directory/calendar/school-days.ts';
import type { CaseState } from '../tables.ts';
import type { PackageVerdict } from '../verdict.ts';

/** How a delivery ended, as GP2GP of the English NHS counts them; `pending` while nothing is settled. */
export const outcomes = [
  'inTime',
  'late',
  'technicalFailure',
  'processFailure',
  'returned',
  'withdrawn',
  'pending',
] as const;
export type Outcome = (typeof outcomes)[number];

/** States that a board is shown: a draft is the school's own business, unless its approval had been asked for before. */
export const progressStates = [
  'submitted',
  'approved',
  'sealed',
  'deposited',
  'opened',
  'acknowledged',
  'returned',
  'withdrawn',
] as const satisfies readonly CaseState[];

/** School days after the deposit on which the receiver is reminded (security.md §5.5); the last day is the deadline. */
const reminderDays = [3, 9, 14] as const;
const dueDays = 15;
/** School days after which nobody expects the record to be taken in by this way any more. */
const lostDays = 30;
/** Calendar days that certainly hold `lostDays` school days unless a board closes its schools for longer than half a year. */
export const lookAheadDays = 366;

export interface Deadlines {
  readonly reminders: readonly string[];
  /** The last day that is in time. */
  readonly dueOn: string;
  /** The last day that is late; after it the delivery has failed. */
  readonly lostOn: string;
}

/** Days in Japan, counted from the day of the deposit by the calendar of the receiving school's board. Pure. */
export function deadlinesOf(depositedOn: string, closures: readonly Closure[]): Deadlines {
  return {
    reminders: reminderDays.map((days) => addSchoolDays(depositedOn, days, closures)),
    dueOn: addSchoolDays(depositedOn, dueDays, closures),
    lostOn: addSchoolDays(depositedOn, lostDays, closures),
  };
}

/**
 * 災害共済給付: who has taken a pupil in reports it by the 10th of the following month (独立行政法人日本スポーツ振興センター
 * に関する省令). The day does not move when it is a holiday. Counted from the deposit, the latest day the gateway knows of.
 */
export function insuranceDueOn(depositedOn: string): string {
  const [year = 0, month = 0] = depositedOn.split('-').map(Number);
  const following = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${following[0]}-${String(following[1]).padStart(2, '0')}-10`;
}

/** What is known of one delivery. */
export interface Facts {
  readonly state: CaseState;
  readonly verdict: PackageVerdict['outcome'] | null;
  /** Acknowledged on or before the day it was due; without meaning in other states. */
  readonly wasInTime: boolean;
  /** The last late day has passed. */
  readonly isLost: boolean;
}

export function outcomeOf({ state, verdict, wasInTime, isLost }: Facts): Outcome {
  switch (state) {
    case 'returned':
    case 'withdrawn':
      return state;
    case 'acknowledged':
      return wasInTime ? 'inTime' : 'late';
    case 'opened':
      // It arrived, and what arrived is not what was sent: nobody may acknowledge it.
      if (verdict === 'invalid') return 'technicalFailure';
      return isLost ? 'processFailure' : 'pending';
    case 'deposited':
      return isLost ? 'processFailure' : 'pending';
    case 'draft':
    case 'submitted':
    case 'approved':
    case 'sealed':
      return 'pending';
  }
}

/** States of a delivery that waits for somebody, and for whom. */
export function waitsFor(state: CaseState): 'sender' | 'recipient' | null {
  switch (state) {
    case 'draft':
    case 'submitted':
    case 'approved':
    case 'sealed':
      return 'sender';
    case 'deposited':
    case 'opened':
      return 'recipient';
    case 'acknowledged':
    case 'returned':
    case 'withdrawn':
      return null;
  }
}
