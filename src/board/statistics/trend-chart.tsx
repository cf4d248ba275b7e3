import { formatMonth } from '../../web/format.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { nationOf } from './rules.ts';
import type { PublishedMonth } from './store.ts';

// In units of the picture, which grows with the page.
const [width, height, left, bottom, top] = [720, 200, 52, 28, 12];

/** The share in time, month by month; the table below says the same. A month whose share is kept back has an X for a column. */
export function TrendChart({
  locale,
  months,
}: {
  readonly locale: Locale;
  readonly months: readonly PublishedMonth[];
}) {
  const step = (width - left) / Math.max(12, months.length);
  const scale = (percent: number) => (percent / 100) * (height - bottom - top);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t(locale, 'statistics.chart-label')}>
        {[0, 50, 100].map((value) => (
          <>
            <line
              class="chart-grid"
              x1={left}
              x2={width}
              y1={height - bottom - scale(value)}
              y2={height - bottom - scale(value)}
            />
            <text class="chart-text" x={left - 6} y={height - bottom - scale(value) + 4} text-anchor="end">
              {value} %
            </text>
          </>
        ))}
        {months.toReversed().map((one, index) => {
          const x = left + index * step;
          const percent = nationOf(one.statistics).inTimePercent;
          return (
            <>
              {percent === null ? (
                <text class="chart-text" x={x + step / 2} y={height - bottom - 6} text-anchor="middle">
                  X
                </text>
              ) : (
                <rect
                  class="chart-inTime"
                  x={x + step * 0.2}
                  y={height - bottom - scale(percent)}
                  width={step * 0.6}
                  height={scale(percent)}
                />
              )}
              <text class="chart-text" x={x + step / 2} y={height - 8} text-anchor="middle">
                {formatMonth(locale, one.month, 'axis')}
              </text>
            </>
          );
        })}
      </svg>
      <figcaption>{t(locale, 'statistics.chart-hidden')}</figcaption>
    </figure>
  );
}
