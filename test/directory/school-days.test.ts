import { describe, expect, it } from 'vitest';
import { addDays, publicHolidays } from '../../src/directory/calendar/public-holidays.ts';
import {
  addSchoolDays,
  isSchoolDay,
  schoolDaysBetween,
  schoolYearOf,
} from '../../src/directory/calendar/school-days.ts';

const daysOf = (year: number) => publicHolidays(year).map(({ day }) => day.slice(5));

// As the Cabinet Office lists them (内閣府「国民の祝日」について); 2026 has both kinds of 休日.
const listed: Readonly<Record<number, readonly string[]>> = {
  2022: '01-01 01-10 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-18 08-11 09-19 09-23 10-10 11-03 11-23'.split(' '),
  2023: '01-01 01-02 01-09 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-17 08-11 09-18 09-23 10-09 11-03 11-23'.split(
    ' ',
  ),
  2024: '01-01 01-08 02-11 02-12 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-22 09-23 10-14 11-03 11-04 11-23'.split(
    ' ',
  ),
  2025: '01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24'.split(
    ' ',
  ),
  2026: '01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23'.split(
    ' ',
  ),
  2027: '01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23'.split(
    ' ',
  ),
};

describe('public holidays by law', () => {
  it.each(Object.entries(listed))('are those that were announced for %s', (year, days) => {
    expect(daysOf(Number(year))).toEqual(days);
  });

  it('moves a holiday on a Sunday past the holidays behind it', () => {
    // 3 May 2026 is a Sunday; 4 and 5 May are holidays themselves.
    expect(publicHolidays(2026).find(({ day }) => day === '2026-05-06')?.name).toBe('休日');
  });

  it('makes a day between two holidays one, in the years where September has it', () => {
    const years = Array.from({ length: 40 }, (_, index) => 2022 + index);
    const withBetween = years.filter((year) => {
      const all = publicHolidays(year);
      const autumn = all.find(({ name }) => name === '秋分の日')?.day ?? '';
      return all.some(({ day, name }) => name === '休日' && addDays(day, 1) === autumn);
    });
    expect(withBetween).toEqual([2026, 2032, 2037, 2043, 2049, 2054, 2060]);
  });
});

describe('school days', () => {
  it('are no week-ends, holidays, days around New Year, or closures of the board', () => {
    expect(isSchoolDay('2026-11-20', [])).toBe(true);
    for (const day of ['2026-11-21', '2026-11-22', '2026-11-23', '2026-12-29', '2027-01-03', '2026-09-22']) {
      expect([day, isSchoolDay(day, [])]).toEqual([day, false]);
    }
    const closure = { firstDay: '2026-11-19', lastDay: '2026-11-20' };
    expect(isSchoolDay('2026-11-20', [closure])).toBe(false);
    expect(isSchoolDay('2026-11-18', [closure])).toBe(true);
  });

  it('count from the day after, over the end of the school year', () => {
    // Wednesday 31 March 2027: Thursday is the first, the week-end of 3 and 4 April does not count.
    expect(addSchoolDays('2027-03-31', 1, [])).toBe('2027-04-01');
    expect(addSchoolDays('2027-03-31', 3, [])).toBe('2027-04-05');
    const springHolidays = [{ firstDay: '2027-03-25', lastDay: '2027-04-06' }];
    expect(addSchoolDays('2027-03-31', 1, springHolidays)).toBe('2027-04-07');
    expect(addSchoolDays('2027-03-31', 15, [])).toBe('2027-04-21');
    expect(schoolYearOf('2027-03-31')).toBe(2026);
    expect(schoolYearOf('2027-04-01')).toBe(2027);
  });

  it('are as many between two days as were added', () => {
    for (const from of ['2024-12-27', '2025-04-28', '2026-09-18', '2027-03-31', '2028-02-28']) {
      for (const count of [1, 3, 9, 14, 15, 30]) {
        expect([from, count, schoolDaysBetween(from, addSchoolDays(from, count, []), [])]).toEqual([
          from,
          count,
          count,
        ]);
      }
    }
    expect(schoolDaysBetween('2027-04-01', '2027-03-31', [])).toBe(0);
  });

  it('end within a year even where a board has closed every day', () => {
    const always = [{ firstDay: '2000-01-01', lastDay: '2099-12-31' }];
    expect(addSchoolDays('2027-01-01', 15, always)).toBe('2028-01-02');
  });
});
