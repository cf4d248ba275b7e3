import type { SchoolView } from '../directory/find-organisation.ts';
import { dayInJapan } from '../identity/rules.ts';
import { ok, type Result } from '../result.ts';
import type { VerbContext } from '../transfers/act.ts';
import { countOutcomes } from '../transfers/progress/count-progress.ts';
import { type Outcome, outcomes } from '../transfers/progress/rules.ts';
import type { YearQuery } from './filter.ts';
import { type Shown, type ShownCube, suppress } from './suppress.ts';
import { watch } from './watch.ts';

/** One line of figures: each outcome and their sum, as far as they may be shown. */
export interface Figures {
  readonly counts: Readonly<Record<Outcome, Shown>>;
  readonly total: Shown;
  /** Of what was settled, how much was in time, in whole per cent; null where it would tell what is hidden, or of nothing. */
  readonly inTimePercent: number | null;
}

export interface OutcomesView extends YearQuery {
  /** First days of the closed months of the year, of the school chosen or of all of them. */
  readonly months: readonly (Figures & { readonly month: string })[];
  readonly total: Figures;
  /** The whole year, school by school; whatever school is chosen. */
  readonly perSchool: readonly (Figures & { readonly code: string; readonly name: string })[];
  readonly schools: ReadonlyMap<string, SchoolView>;
}

/**
 * What became of a year's deliveries, by month and by school. Every view of a year is a slice of one table that was suppressed
 * as a whole, so no filter shows what another hides. Months that are not over are left out.
 */
export async function showOutcomes(context: VerbContext, query: YearQuery): Promise<Result<OutcomesView>> {
  const today = dayInJapan(context.gateway.clock.now());
  return watch(context, query.school, async (tx, { watched, schools }) => {
    const months = monthsOf(query.year).filter((month) => month < `${today.slice(0, 7)}-01`);
    const [from, to] = [`${query.year}-04-01`, `${query.year + 1}-04-01`];
    const counted = await countOutcomes(tx, watched, { side: query.side, from, to, today });
    const codes = [...new Set([...schools.keys(), ...counted.map(({ schoolCode }) => schoolCode)])].toSorted();
    const sums = new Map<string, number>();
    for (const { schoolCode, month, outcome, count } of counted) {
      const key = [codes.indexOf(schoolCode), months.indexOf(month), outcomes.indexOf(outcome)].join();
      sums.set(key, (sums.get(key) ?? 0) + count);
    }
    const cube = suppress({
      sizes: [codes.length, months.length, outcomes.length],
      count: (position) => sums.get(position.join()) ?? 0,
    });
    const row = query.school === null ? codes.length : codes.indexOf(query.school);
    return ok({
      ...query,
      months: months.map((month, place) => ({ month, ...figuresAt(cube, row, place) })),
      total: figuresAt(cube, row, months.length),
      perSchool: codes.map((code, place) => ({
        code,
        name: schools.get(code)?.name ?? code,
        ...figuresAt(cube, place, months.length),
      })),
      schools,
    });
  });
}

function figuresAt(cube: ShownCube, school: number, month: number): Figures {
  // One entry for each outcome: the record is whole.
  const counts = Object.fromEntries(
    outcomes.map((outcome, place) => [outcome, cube.at([school, month, place])]),
  ) as Record<Outcome, Shown>;
  return { counts, total: cube.at([school, month, outcomes.length]), inTimePercent: percentOf(counts) };
}

function percentOf({ inTime, late, technicalFailure, processFailure }: Figures['counts']): number | null {
  if (inTime === null || late === null || technicalFailure === null || processFailure === null) return null;
  const all = inTime + late + technicalFailure + processFailure;
  return all === 0 ? null : Math.floor((inTime / all) * 100);
}

function monthsOf(year: number): readonly string[] {
  return Array.from({ length: 12 }, (_, index) => {
    const month = index < 9 ? index + 4 : index - 8;
    return `${index < 9 ? year : year + 1}-${String(month).padStart(2, '0')}-01`;
  });
}
