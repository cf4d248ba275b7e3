import { addDays, publicHolidays, weekdayOf } from './public-holidays.ts';

/** Days on which a board's schools do not work, both included: 長期休業日, 開校記念日, 県民の日 (学校教育法施行令 第29条). */
export interface Closure {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** No more days than this are looked through: a calendar without school days is a mistake, not a reason to wait. */
const maxDaysAhead = 366;

/** Monday to Friday, no public holiday, not 29 December to 3 January, and none of the board's own closures. Pure. */
export function isSchoolDay(day: string, closures: readonly Closure[]): boolean {
  const weekday = weekdayOf(day);
  if (weekday === 0 || weekday === 6) return false;
  // 行政機関の休日に関する法律 第1条第1項第3号, which the ordinances of towns follow.
  const monthDay = day.slice(5);
  if (monthDay >= '12-29' || monthDay <= '01-03') return false;
  if (holidaysOf(Number(day.slice(0, 4))).has(day)) return false;
  return !closures.some(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay);
}

/**
 * The day that is `count` school days after `from`; the first day does not count (民法 第140条). Where the calendar has
 * none left within a year, the last day looked at.
 */
export function addSchoolDays(from: string, count: number, closures: readonly Closure[]): string {
  let day = from;
  let left = count;
  for (let step = 0; step < maxDaysAhead && left > 0; step++) {
    day = addDays(day, 1);
    if (isSchoolDay(day, closures)) left -= 1;
  }
  return day;
}

/** How many school days lie after `from`, up to and with `to`; 0 when `to` is not later. At most a year is looked at. */
export function schoolDaysBetween(from: string, to: string, closures: readonly Closure[]): number {
  let count = 0;
  let day = from;
  for (let step = 0; step < maxDaysAhead && day < to; step++) {
    day = addDays(day, 1);
    if (isSchoolDay(day, closures)) count += 1;
  }
  return count;
}

/** 学年: from 1 April (学校教育法施行規則 第59条). */
export function schoolYearOf(day: string): number {
  const year = Number(day.slice(0, 4));
  return day.slice(5) < '04-01' ? year - 1 : year;
}

// A year's holidays never change, so keeping them is no state anybody could notice.
const cache = new Map<number, ReadonlySet<string>>();

function holidaysOf(year: number): ReadonlySet<string> {
  const known = cache.get(year);
  if (known !== undefined) return known;
  const made = new Set(publicHolidays(year).map(({ day }) => day));
  if (cache.size < 64) cache.set(year, made);
  return made;
}
