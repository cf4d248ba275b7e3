import { dayInJapan } from '../identity/rules.ts';
import { ok, type Result } from '../result.ts';
import type { VerbContext } from '../transfers/act.ts';
import { countInsured } from '../transfers/progress/count-progress.ts';
import { countOpen, type OpenCount } from '../transfers/progress/list-progress.ts';
import { insuranceDueOn } from '../transfers/progress/rules.ts';
import type { Side } from './filter.ts';
import { type Named } from './show-cases.ts';
import { watch } from './watch.ts';

export interface Overview {
  readonly side: Side;
  readonly open: readonly (OpenCount & { readonly school: Named })[];
  /** 災害共済給付: pupils taken in last month, to be reported by the 10th of this one, and so of this month. */
  readonly duties: readonly { readonly month: string; readonly dueOn: string; readonly count: number }[];
}

/** What waits, at which school, in which state, and what has to be reported by when. */
export async function showOverview(context: VerbContext, side: Side): Promise<Result<Overview>> {
  const today = dayInJapan(context.gateway.clock.now());
  return watch(context, null, async (tx, { watched, schools }) => {
    const [open, insured] = [
      await countOpen(tx, watched, { side, today }),
      await countInsured(tx, watched, { from: monthBefore(today) }),
    ];
    return ok({
      side,
      open: open.map((one) => ({
        ...one,
        school: { code: one.schoolCode, name: schools.get(one.schoolCode)?.name ?? one.schoolCode },
      })),
      duties: insured
        .map(({ month, count }) => ({ month, dueOn: insuranceDueOn(month), count }))
        .filter(({ dueOn }) => dueOn >= today),
    });
  });
}

/** First day of the month before. */
function monthBefore(today: string): string {
  const [year = 0, month = 0] = today.split('-').map(Number);
  return month === 1 ? `${year - 1}-12-01` : `${year}-${String(month - 1).padStart(2, '0')}-01`;
}
