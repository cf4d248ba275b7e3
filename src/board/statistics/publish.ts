import { canonicalJson } from '../../crypto/jcs.ts';
import { signJws } from '../../crypto/jose.ts';
import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { countMonth, firstMonth, lastDayOf, mediansOfMonth } from '../../transfers/progress/count-progress.ts';
import { isReady, monthsBetween, statisticsOf } from './rules.ts';
import { insertMonth, listPublished } from './store.ts';
import { statisticsJob } from './tables.ts';

/** The header's `typ` of signed figures (docs/statistics.md). */
const statisticsType = 'hikitsugi-statistics+jws';

/** A round ends after so many; the next one goes on. */
const monthsAtOnce = 12;

/**
 * Publishes the months that are over and settled, each once and for good. For the hourly round: an hour with nothing new
 * costs two look-ups.
 */
export async function publishStatistics({
  database,
  clock,
  evidence,
}: Pick<Gateway, 'database' | 'clock' | 'evidence'>): Promise<void> {
  const scope = systemScope(statisticsJob);
  const today = dayInJapan(clock.now());
  const missing = await database.transaction(scope, async (tx) => {
    const first = await firstMonth(tx);
    if (first === null) return [];
    const published = await listPublished(tx);
    return monthsBetween(first, `${today.slice(0, 7)}-01`).filter((month) => !published.has(month));
  });
  for (const month of missing.slice(0, monthsAtOnce)) {
    const statistics = await database.transaction(scope, async (tx) => {
      if (!isReady(month, await lastDayOf(tx, month), today)) return null;
      return statisticsOf(month, await countMonth(tx, { month, today }), await mediansOfMonth(tx, month));
    });
    if (statistics === null) continue;
    const header = { typ: statisticsType, x5c: evidence.chain.map((one) => Buffer.from(one).toString('base64')) };
    const signed = await signJws({ payload: canonicalJson(statistics), header, signer: evidence });
    await database.transaction(scope, (tx) => insertMonth(tx, { month, publishedAt: clock.now(), statistics, signed }));
  }
}
