import { type Outcome, outcomes } from '../transfers/progress/rules.ts';
import { formatMonth } from '../web/format.ts';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { Figures } from './show-outcomes.ts';

interface ChartProps {
  readonly locale: Locale;
  readonly title: string;
  readonly months: readonly (Figures & { readonly month: string })[];
}

// In units of the picture, which grows with the page.
const [width, height, left, bottom, top] = [720, 240, 44, 28, 12];

/** One column for each month, stacked by outcome. The table beside it says the same, and is what is read aloud. */
export function OutcomeChart({ locale, title, months }: ChartProps) {
  const heights = months.map(({ counts }) => outcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0));
  const most = niceMost(Math.max(1, ...heights));
  const step = (width - left) / 12;
  const scale = (count: number) => (count / most) * (height - bottom - top);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t(locale, 'board.chart-label', { title })}>
        {[0, most / 2, most].map((value) => (
          <>
            <line
              class="chart-grid"
              x1={left}
              x2={width}
              y1={height - bottom - scale(value)}
              y2={height - bottom - scale(value)}
            />
            <text class="chart-text" x={left - 6} y={height - bottom - scale(value) + 4} text-anchor="end">
              {value}
            </text>
          </>
        ))}
        {months.map(({ month, counts }, index) => {
          const x = left + index * step;
          const isHidden = outcomes.some((outcome) => counts[outcome] === null);
          return (
            <>
              {bars(counts, scale).map(({ outcome, y, size }) => (
                <rect class={`chart-${outcome}`} x={x + step * 0.15} y={y} width={step * 0.7} height={size} />
              ))}
              {isHidden && (
                <text class="chart-text" x={x + step / 2} y={top + 4} text-anchor="middle">
                  X
                </text>
              )}
              <text class="chart-text" x={x + step / 2} y={height - 8} text-anchor="middle">
                {formatMonth(locale, month, 'axis')}
              </text>
            </>
          );
        })}
      </svg>
      <figcaption>
        <ul class="chart-key">
          {outcomes.map((outcome) => (
            <li>
              <svg viewBox="0 0 12 12" aria-hidden="true" class="chart-sample">
                <rect class={`chart-${outcome}`} width="12" height="12" />
              </svg>
              {t(locale, `outcome.${outcome}`)}
            </li>
          ))}
          <li>{t(locale, 'board.chart-hidden')}</li>
        </ul>
      </figcaption>
    </figure>
  );
}

function bars(counts: Figures['counts'], scale: (count: number) => number) {
  let base = height - bottom;
  const made: { outcome: Outcome; y: number; size: number }[] = [];
  for (const outcome of outcomes) {
    const size = scale(counts[outcome] ?? 0);
    if (size === 0) continue;
    base -= size;
    made.push({ outcome, y: base, size });
  }
  return made;
}

/** The next number that reads well on an axis: 1, 2 or 5 times a power of ten, and even. */
function niceMost(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const found = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= most) ?? most;
  return Math.max(2, found);
}
