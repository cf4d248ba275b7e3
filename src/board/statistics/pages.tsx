import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { prefectures } from '../../directory/prefectures.ts';
import { fault } from '../../faults.ts';
import { pageFrame, sendProblemPage } from '../../identity/frame.tsx';
import { scopeOf } from '../../policy/actor.ts';
import { ButtonLink } from '../../web/components/button.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { type Column, DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDate, formatMonth, formatNumber } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { Shown } from '../suppress.ts';
import { statisticsColumns } from './dictionary.ts';
import { nationOf, type StatisticsRow } from './rules.ts';
import { listMonths, type PublishedMonth } from './store.ts';
import { TrendChart } from './trend-chart.tsx';

/** Two years of months to choose from and to compare. */
const monthsShown = 24;

/** The public page of figures: no log-in, no personal data, the same for everybody. */
export function statisticsPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/statistics', async (c) => {
    const scope = scopeOf(c.get('actor'));
    const months = await c.get('gateway').database.transaction(scope, (tx) => listMonths(tx, monthsShown));
    const wanted = c.req.query('month');
    const month = wanted === undefined ? months[0] : months.find((one) => one.month.slice(0, 7) === wanted);
    if (month === undefined && wanted !== undefined) return sendProblemPage(c, fault('request.not-found'));
    return c.html(<StatisticsPage frame={pageFrame(c)} months={months} month={month ?? null} />);
  });
}

interface StatisticsPageProps {
  readonly frame: PageFrame;
  readonly months: readonly PublishedMonth[];
  readonly month: PublishedMonth | null;
}

function StatisticsPage({ frame, months, month }: StatisticsPageProps) {
  const { locale } = frame;
  const title = t(locale, 'statistics.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead
        title={title}
        lead={t(locale, 'statistics.lead')}
        actions={
          <>
            <ButtonLink href="/api/statistics.csv" kind="secondary" icon="download">
              CSV
            </ButtonLink>
            <ButtonLink href="/api/statistics" kind="secondary" icon="download">
              JSON
            </ButtonLink>
          </>
        }
      />
      {month === null ? (
        <EmptyState title={t(locale, 'statistics.none')}>{t(locale, 'statistics.none-text')}</EmptyState>
      ) : (
        <Months frame={frame} months={months} month={month} />
      )}
      <Section title={t(locale, 'statistics.dictionary')} lead={t(locale, 'statistics.dictionary-lead')}>
        <SummaryList
          rows={statisticsColumns.map((column) => ({
            label: (
              <>
                {t(locale, `statistics.${column}`)} <code>{column}</code>
              </>
            ),
            value: t(locale, `statistics.${column}-text`),
          }))}
        />
      </Section>
    </Page>
  );
}

function Months({ frame, months, month }: StatisticsPageProps & { readonly month: PublishedMonth }) {
  const { locale } = frame;
  const { rows } = month.statistics;
  return (
    <>
      <Section title={t(locale, 'statistics.trend')}>
        <TrendChart locale={locale} months={months} />
        <DataTable
          caption={t(locale, 'statistics.trend')}
          rows={months}
          columns={[
            {
              header: t(locale, 'statistics.month'),
              heading: true,
              cell: (one) => (
                <a
                  href={`/statistics?month=${one.month.slice(0, 7)}`}
                  aria-current={one === month ? 'page' : undefined}
                >
                  {formatMonth(locale, one.month)}
                </a>
              ),
            },
            ...figureColumns(locale).map(
              ({ cell, ...column }): Column<PublishedMonth> => ({
                ...column,
                cell: (one) => cell(nationOf(one.statistics)),
              }),
            ),
            { header: t(locale, 'statistics.published'), cell: (one) => formatDate(locale, one.publishedAt) },
          ]}
        />
      </Section>
      <Section title={t(locale, 'statistics.of-month', { month: formatMonth(locale, month.month) })}>
        <DataTable
          caption={t(locale, 'statistics.of-month', { month: formatMonth(locale, month.month) })}
          rows={rows.filter(({ kind }) => kind === null)}
          columns={[
            { header: t(locale, 'statistics.prefecture'), heading: true, cell: (row) => placeName(locale, row) },
            ...figureColumns(locale),
          ]}
        />
        <DataTable
          caption={t(locale, 'statistics.kind')}
          rows={rows.filter(({ prefecture, kind }) => prefecture === null && kind !== null)}
          columns={[
            {
              header: t(locale, 'statistics.kind'),
              heading: true,
              cell: ({ kind }) => (kind === null ? '' : t(locale, `kind.${kind}`)),
            },
            ...figureColumns(locale),
          ]}
        />
        <p class="hint">{t(locale, 'board.hidden-explained')}</p>
      </Section>
    </>
  );
}

function figureColumns(locale: Locale): readonly Column<StatisticsRow>[] {
  return [
    { header: t(locale, 'statistics.deposited'), align: 'end', cell: (row) => shownText(locale, row.deposited) },
    { header: t(locale, 'statistics.inTime'), align: 'end', cell: (row) => shownText(locale, row.inTime) },
    { header: t(locale, 'statistics.notInTime'), align: 'end', cell: (row) => shownText(locale, row.notInTime) },
    { header: t(locale, 'statistics.sentBack'), align: 'end', cell: (row) => shownText(locale, row.sentBack) },
    {
      header: t(locale, 'statistics.inTimePercent'),
      align: 'end',
      cell: ({ inTimePercent }) => (inTimePercent === null ? '–' : `${inTimePercent} %`),
    },
    {
      header: t(locale, 'statistics.medianHours'),
      align: 'end',
      cell: ({ medianHours }) =>
        medianHours === null ? '–' : t(locale, 'statistics.hours', { count: formatNumber(locale, medianHours) }),
    },
  ];
}

function shownText(locale: Locale, count: Shown) {
  return count === null ? <abbr title={t(locale, 'board.hidden')}>X</abbr> : formatNumber(locale, count);
}

function placeName(locale: Locale, { prefecture }: StatisticsRow): string {
  if (prefecture === null) return t(locale, 'statistics.nation');
  const found = prefectures.find(({ code }) => code === prefecture);
  return (locale === 'ja' ? found?.name : found?.english) ?? prefecture;
}
