import { writeCsv } from '../administration/csv.ts';
import { outcomes } from '../transfers/progress/rules.ts';
import type { BoardCase } from './show-cases.ts';
import type { Figures, OutcomesView } from './show-outcomes.ts';
import type { Shown } from './suppress.ts';

/** Official statistics of Japan write X where a number is kept back. */
const hidden = 'X';

export function outcomesCsv({ year, side, months, total, perSchool, school }: OutcomesView): string {
  const numbers = ({ counts, total: all, inTimePercent }: Figures) => [
    ...outcomes.map((outcome) => cell(counts[outcome])),
    cell(all),
    inTimePercent === null ? '' : String(inTimePercent),
  ];
  const head = ['schoolYear', 'side', 'school', 'schoolName', 'month', ...outcomes, 'total', 'inTimePercent'];
  const begin = (code: string, name: string, month: string) => [String(year), side, code, name, month];
  return writeCsv([
    head,
    ...months.map((one) => [...begin(school ?? '*', '', one.month.slice(0, 7)), ...numbers(one)]),
    [...begin(school ?? '*', '', '*'), ...numbers(total)],
    ...perSchool.map((one) => [...begin(one.code, one.name, '*'), ...numbers(one)]),
  ]);
}

export function casesCsv(items: readonly BoardCase[]): string {
  const head = ['id', 'side', 'kind', 'school', 'schoolName', 'otherSchool', 'otherSchoolName', 'state', 'waitsFor'];
  return writeCsv([
    [...head, 'since', 'days', 'depositedAt', 'dueOn', 'schoolDaysLate', 'insuranceDueOn', 'outcome'],
    ...items.map((one) => [
      one.id,
      one.side,
      one.kind,
      one.school.code,
      one.school.name,
      one.other?.code ?? '',
      one.other?.name ?? '',
      one.state,
      one.waitsFor ?? '',
      one.since.toISOString(),
      String(one.days),
      one.depositedAt?.toISOString() ?? '',
      one.dueOn ?? '',
      String(one.schoolDaysLate),
      one.insuranceDueOn ?? '',
      one.outcome,
    ]),
  ]);
}

function cell(count: Shown): string {
  return count === null ? hidden : String(count);
}
