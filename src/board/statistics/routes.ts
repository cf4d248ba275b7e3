import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { writeCsv } from '../../administration/csv.ts';
import type { AppEnv } from '../../app-env.ts';
import { scopeOf } from '../../policy/actor.ts';
import { jsonContent, problemResponses } from '../../web/answer.ts';
import { t } from '../../web/text.ts';
import { statisticsColumns } from './dictionary.ts';
import { statisticsKinds, statisticsVersion } from './rules.ts';
import { listMonths } from './store.ts';

/** Ten years. */
const monthsAtMost = 120;
const publicForAnHour = { 'Cache-Control': 'public, max-age=3600' } as const;

const shown = z.int().nullable();
const row = z.object({
  prefecture: z
    .string()
    .nullable()
    .openapi({ description: 'JIS X 0401, of the sending school; null: the whole country' }),
  kind: z.enum(statisticsKinds).nullable(),
  deposited: shown,
  inTime: shown,
  notInTime: shown,
  sentBack: shown,
  inTimePercent: shown,
  medianHours: shown,
});
const statistics = z
  .object({
    version: z.literal(statisticsVersion),
    dictionary: z.array(z.object({ column: z.string(), ja: z.string(), en: z.string() })),
    months: z.array(
      z.object({
        month: z.string(),
        publishedAt: z.iso.datetime(),
        rows: z.array(row),
        signed: z.object({ protected: z.string(), payload: z.string(), signature: z.string() }),
      }),
    ),
  })
  .openapi('Statistics');

/** In both languages at once: what caches keep must not depend on who asked first. */
const dictionary = statisticsColumns.map((column) => {
  const key = `statistics.${column}-text` as const;
  return { column, ja: t('ja', key), en: t('en', key) };
});

/** Figures for everybody, without log-in. */
export function statisticsRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/statistics',
      summary: 'Published figures of all months, newest first; small numbers suppressed',
      tags: ['statistics'],
      responses: { 200: jsonContent(statistics, 'docs/statistics.md'), ...problemResponses },
    }),
    async (c) => {
      const scope = scopeOf(c.get('actor'));
      const months = await c.get('gateway').database.transaction(scope, (tx) => listMonths(tx, monthsAtMost));
      const items = months.map((one) => ({
        month: one.statistics.month,
        publishedAt: one.publishedAt.toISOString(),
        rows: one.statistics.rows.map((line) => ({ ...line })),
        signed: { ...one.signed },
      }));
      return c.json({ version: statisticsVersion, dictionary, months: items } as const, 200, publicForAnHour);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/statistics.csv',
      summary: 'Published figures as CSV; X where a number is kept back',
      tags: ['statistics'],
      responses: {
        200: { description: 'UTF-8 with a byte order mark', content: { 'text/csv': { schema: z.string() } } },
        ...problemResponses,
      },
    }),
    async (c) => {
      const scope = scopeOf(c.get('actor'));
      const months = await c.get('gateway').database.transaction(scope, (tx) => listMonths(tx, monthsAtMost));
      const text = writeCsv([
        statisticsColumns,
        ...months.flatMap(({ statistics: { month, rows } }) =>
          rows.map((line) => [
            month,
            line.prefecture ?? '*',
            line.kind ?? '*',
            ...[line.deposited, line.inTime, line.notInTime, line.sentBack].map((count) => String(count ?? 'X')),
            String(line.inTimePercent ?? ''),
            String(line.medianHours ?? ''),
          ]),
        ),
      ]);
      return c.body(text, 200, {
        ...publicForAnHour,
        'Content-Type': 'text/csv; charset=utf-8',
        'Content-Disposition': 'attachment; filename="hikitsugi-statistics.csv"',
      });
    },
  );
}
