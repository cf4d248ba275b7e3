import { ButtonLink } from '../web/components/button.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { Time } from '../web/components/timeline.tsx';
import { formatDay, formatMonth, formatNumber } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { BoardCaseTable } from './cases-page.tsx';
import { sides } from './filter.ts';
import type { BoardCase } from './show-cases.ts';
import type { Overview } from './show-overview.ts';

interface OverviewPageProps {
  readonly frame: PageFrame;
  readonly isBoard: boolean;
  readonly overview: Overview;
  /** Those that have waited longest. */
  readonly oldest: readonly BoardCase[];
}

/** The first page: what waits and where, the longest waits, and what has to be reported soon. */
export function OverviewPage({ frame, isBoard, overview, oldest }: OverviewPageProps) {
  const { locale } = frame;
  const title = t(locale, 'board.title');
  const { side } = overview;
  return (
    <Page {...frame} title={title}>
      <PageHead
        title={title}
        lead={t(locale, isBoard ? 'board.lead' : 'board.lead-school')}
        actions={
          <>
            <ButtonLink href={`/board/cases?side=${side}`}>{t(locale, 'board.cases')}</ButtonLink>
            <ButtonLink href={`/board/outcomes?side=${side}`} kind="secondary">
              {t(locale, 'board.outcomes')}
            </ButtonLink>
            <ButtonLink href="/board/calendar" kind="secondary">
              {t(locale, 'calendar.title')}
            </ButtonLink>
            <ButtonLink href="/board/reports" kind="secondary">
              {t(locale, 'report.title')}
            </ButtonLink>
            <ButtonLink href="/board/log" kind="secondary">
              {t(locale, 'board.log.link')}
            </ButtonLink>
            {isBoard && (
              <ButtonLink href="/board/break-glass" kind="secondary">
                {t(locale, 'board-glass.list')}
              </ButtonLink>
            )}
          </>
        }
      />
      <nav aria-label={t(locale, 'board.side')}>
        <p>
          {sides.map((one, index) => (
            <>
              {index > 0 && ' ・ '}
              <a href={`/board?side=${one}`} aria-current={one === side ? 'page' : undefined}>
                {t(locale, `board.side-${one}`)}
              </a>
            </>
          ))}
        </p>
      </nav>
      <Section title={t(locale, 'board.waiting')}>
        <Waiting locale={locale} overview={overview} />
      </Section>
      {oldest.length > 0 && (
        <Section title={t(locale, 'board.longest')}>
          <BoardCaseTable locale={locale} items={oldest} />
        </Section>
      )}
      {overview.duties.length > 0 && (
        <Section title={t(locale, 'board.insurance')} lead={t(locale, 'board.insurance-lead')}>
          <DataTable
            caption={t(locale, 'board.insurance')}
            rows={overview.duties}
            columns={[
              { header: t(locale, 'board.month'), heading: true, cell: ({ month }) => formatMonth(locale, month) },
              { header: t(locale, 'board.count'), align: 'end', cell: ({ count }) => formatNumber(locale, count) },
              { header: t(locale, 'board.due'), cell: ({ dueOn }) => formatDay(locale, dueOn) },
            ]}
          />
        </Section>
      )}
    </Page>
  );
}

function Waiting({ locale, overview }: { readonly locale: Locale; readonly overview: Overview }) {
  return (
    <DataTable
      caption={t(locale, 'board.waiting')}
      rows={overview.open}
      empty={<EmptyState title={t(locale, 'board.empty')}>{t(locale, 'board.empty-text')}</EmptyState>}
      columns={[
        {
          header: t(locale, 'board.school'),
          heading: true,
          cell: ({ school }) => (
            <a
              href={`/board/cases?${new URLSearchParams({ side: overview.side, school: school.code }).toString()}`}
              lang="ja"
            >
              {school.name}
            </a>
          ),
        },
        { header: t(locale, 'case.state'), cell: ({ state }) => t(locale, `state.${state}`) },
        { header: t(locale, 'board.count'), align: 'end', cell: ({ count }) => formatNumber(locale, count) },
        { header: t(locale, 'board.overdue'), align: 'end', cell: ({ overdue }) => formatNumber(locale, overdue) },
        { header: t(locale, 'board.oldest'), cell: ({ oldest }) => <Time locale={locale} at={oldest} /> },
      ]}
    />
  );
}
