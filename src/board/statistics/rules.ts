import { prefectures } from '../../directory/prefectures.ts';
import type { MedianRow, NationalCount } from '../../transfers/progress/count-progress.ts';
import type { Outcome } from '../../transfers/progress/rules.ts';
import { type Shown, smallest, suppress } from '../suppress.ts';

export const statisticsVersion = 'hikitsugi-statistics/1';
export const statisticsKinds = ['advancement', 'schoolTransfer'] as const;

/** One line of figures; every number is null where it is kept back. */
export interface StatisticsRow {
  /** Two digits (JIS X 0401) of the sending school's prefecture; null for the whole country. */
  readonly prefecture: string | null;
  /** Null for both kinds together. */
  readonly kind: (typeof statisticsKinds)[number] | null;
  readonly deposited: Shown;
  readonly inTime: Shown;
  readonly notInTime: Shown;
  readonly sentBack: Shown;
  /** Of those that were in time or not, rounded down. */
  readonly inTimePercent: number | null;
  /** From deposit to acknowledgement. */
  readonly medianHours: number | null;
}

export interface MonthStatistics {
  readonly version: typeof statisticsVersion;
  /** `2026-04` */
  readonly month: string;
  readonly rows: readonly StatisticsRow[];
}

const classes = ['inTime', 'notInTime', 'sentBack'] as const;

/** The figures of one month, small numbers kept back over all of its lines at once. Lines of nothing are left out. Pure. */
export function statisticsOf(
  month: string,
  counts: readonly NationalCount[],
  medians: readonly MedianRow[],
): MonthStatistics {
  const sums = new Map<string, number>();
  for (const { prefecture, kind, outcome, count } of counts) {
    const place = [prefectures.findIndex(({ code }) => code === prefecture), statisticsKinds.indexOf(kind)];
    const key = [...place, classes.indexOf(classOf(outcome))].join();
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  const cube = suppress({
    sizes: [prefectures.length, statisticsKinds.length, classes.length],
    count: (position) => sums.get(position.join()) ?? 0,
  });
  const rows = [...prefectures.map(({ code }) => code), null].flatMap((prefecture, first) =>
    [...statisticsKinds, null].map((kind, second): StatisticsRow => {
      const [inTime = null, notInTime = null, sentBack = null, deposited = null] = [0, 1, 2, 3].map((place) =>
        cube.at([first, second, place]),
      );
      const isCounted = inTime !== null && inTime >= smallest;
      const median = medians.find((one) => one.prefecture === prefecture && one.kind === kind)?.hours ?? null;
      return {
        prefecture,
        kind,
        deposited,
        inTime,
        notInTime,
        sentBack,
        inTimePercent: percentOf(inTime, notInTime),
        // Of a few it would be one pupil's.
        medianHours: isCounted ? median : null,
      };
    }),
  );
  return {
    version: statisticsVersion,
    month: month.slice(0, 7),
    rows: rows.filter(({ deposited }) => deposited !== 0),
  };
}

/** A month is published once its last delivery is settled whatever happens, so that it never changes. Pure. */
export function isReady(month: string, lastDay: string | null, today: string): boolean {
  return month.slice(0, 7) < today.slice(0, 7) && lastDay !== null && lastDay < today;
}

/** First days of months, from one to before another. Pure. */
export function monthsBetween(from: string, before: string): readonly string[] {
  const months: string[] = [];
  let [year = 0, month = 1] = from.split('-').map(Number);
  for (;;) {
    const first = `${year}-${String(month).padStart(2, '0')}-01`;
    if (first >= before || months.length >= 1200) return months;
    months.push(first);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
}

const none: StatisticsRow = {
  prefecture: null,
  kind: null,
  deposited: null,
  inTime: null,
  notInTime: null,
  sentBack: null,
  inTimePercent: null,
  medianHours: null,
};

/** The line of the whole country. */
export function nationOf({ rows }: MonthStatistics): StatisticsRow {
  return rows.find(({ prefecture, kind }) => prefecture === null && kind === null) ?? none;
}

function classOf(outcome: Outcome): (typeof classes)[number] {
  switch (outcome) {
    case 'inTime':
      return 'inTime';
    case 'returned':
    case 'withdrawn':
      return 'sentBack';
    case 'late':
    case 'technicalFailure':
    case 'processFailure':
    case 'pending':
      return 'notInTime';
  }
}

function percentOf(inTime: Shown, notInTime: Shown): number | null {
  if (inTime === null || notInTime === null || inTime + notInTime === 0) return null;
  return Math.floor((inTime / (inTime + notInTime)) * 100);
}
