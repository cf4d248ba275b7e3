/** 国民の祝日に関する法律 (昭和23年法律第178号) as it stands since 2022. Pure; days are texts `YYYY-MM-DD`. */

export interface PublicHoliday {
  readonly day: string;
  /** 休日 stands for 第3条第2項 (振替休日) and 第3項 (国民の休日). */
  readonly name: string;
}

type Rule = (year: number) => string;

// 第2条. Monday rules: 平成10年法律第141号, 平成13年法律第59号.
const named: readonly (readonly [string, Rule])[] = [
  ['元日', on(1, 1)],
  ['成人の日', monday(1, 2)],
  ['建国記念の日', on(2, 11)],
  ['天皇誕生日', on(2, 23)],
  ['春分の日', (year) => day(year, 3, equinox(year, 20.8431))],
  ['昭和の日', on(4, 29)],
  ['憲法記念日', on(5, 3)],
  ['みどりの日', on(5, 4)],
  ['こどもの日', on(5, 5)],
  ['海の日', monday(7, 3)],
  ['山の日', on(8, 11)],
  ['敬老の日', monday(9, 3)],
  ['秋分の日', (year) => day(year, 9, equinox(year, 23.2488))],
  ['スポーツの日', monday(10, 2)],
  ['文化の日', on(11, 3)],
  ['勤労感謝の日', on(11, 23)],
];

/** All of a year, in order. The equinoxes are right from 1980 to 2099; until 2021 other days were moved by special laws. */
export function publicHolidays(year: number): readonly PublicHoliday[] {
  const own = named.map(([name, rule]) => ({ day: rule(year), name }));
  const days = new Set(own.map((holiday) => holiday.day));
  const further = [...substitutes(own, days), ...between(days)];
  const added = [...new Set(further)].map((one) => ({ day: one, name: '休日' }));
  return [...own, ...added].toSorted((a, b) => a.day.localeCompare(b.day));
}

export function addDays(from: string, count: number): string {
  const at = new Date(`${from}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekdayOf(one: string): number {
  return new Date(`${one}T00:00:00Z`).getUTCDay();
}

/** 第3条第2項: of a holiday on a Sunday, the nearest day after it that is none. */
function substitutes(holidays: readonly PublicHoliday[], days: ReadonlySet<string>): readonly string[] {
  return holidays
    .filter((holiday) => weekdayOf(holiday.day) === 0)
    .map((holiday) => {
      let next = addDays(holiday.day, 1);
      while (days.has(next)) next = addDays(next, 1);
      return next;
    });
}

/** 第3条第3項: a day that is no holiday, between two that are. A Sunday is one anyway, and stays out of the list. */
function between(days: ReadonlySet<string>): readonly string[] {
  return [...days]
    .map((one) => addDays(one, 1))
    .filter((one) => !days.has(one) && days.has(addDays(one, 1)) && weekdayOf(one) !== 0);
}

/**
 * 国立天文台 announces the day in the February before; this usual formula has met every announcement since 1980 and
 * holds until 2099. `base` is the moment in 1980 in days of the month.
 */
function equinox(year: number, base: number): number {
  const past = year - 1980;
  return Math.floor(base + 0.242194 * past) - Math.floor(past / 4);
}

function on(month: number, date: number): Rule {
  return (year) => day(year, month, date);
}

function monday(month: number, which: number): Rule {
  return (year) => {
    const first = weekdayOf(day(year, month, 1));
    return day(year, month, 1 + ((8 - first) % 7) + (which - 1) * 7);
  };
}

function day(year: number, month: number, date: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}
