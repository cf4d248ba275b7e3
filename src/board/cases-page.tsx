import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { Form } from '../web/components/form.tsx';
import { Pagination } from '../web/components/pagination.tsx';
import { PageHead } from '../web/components/section.tsx';
import { StatusChip } from '../web/components/status.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDay } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { CaseQuery } from './filter.ts';
import { shownStates, waits } from './filter.ts';
import { SchoolField, SideField } from './outcomes-page.tsx';
import type { BoardCase, BoardCases } from './show-cases.ts';

interface CasesPageProps {
  readonly frame: PageFrame;
  readonly view: BoardCases;
  readonly query: CaseQuery;
}

/** Deliveries one by one, without pupils: what waits, for whom, since when, and until when it should be done. */
export function BoardCasesPage({ frame, view, query }: CasesPageProps) {
  const { locale } = frame;
  const title = t(locale, 'board.cases');
  const address = addressOf(query);
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'board.title'), href: '/board' }, { label: title }]}
    >
      <PageHead
        title={title}
        lead={t(locale, query.state === 'open' ? 'board.cases-lead' : 'board.ended-lead')}
        actions={
          <ButtonLink href={`/api/board/cases.csv?${address}`} kind="secondary" icon="download">
            CSV
          </ButtonLink>
        }
      />
      <Filter frame={frame} view={view} query={query} />
      <BoardCaseTable locale={locale} items={view.items} />
      {view.items.length > 0 && (
        <Pagination
          locale={locale}
          shown={view.items.length}
          next={view.next === null ? undefined : `/board/cases?${address}&cursor=${view.next}`}
        />
      )}
    </Page>
  );
}

export function BoardCaseTable({ locale, items }: { readonly locale: Locale; readonly items: readonly BoardCase[] }) {
  return (
    <DataTable
      caption={t(locale, 'board.cases')}
      rows={items}
      empty={<EmptyState title={t(locale, 'board.none')}>{t(locale, 'board.none-text')}</EmptyState>}
      columns={[
        {
          header: t(locale, 'board.school'),
          heading: true,
          cell: ({ school }) => <span lang="ja">{school.name}</span>,
        },
        {
          header: t(locale, 'case.number'),
          // A protected case has no story for a board.
          cell: ({ caseId, other }) =>
            other === null ? '–' : <a href={`/board/cases/${caseId}`}>{caseId.slice(0, 8)}</a>,
        },
        {
          header: t(locale, 'board.other'),
          cell: ({ other }) => (other === null ? t(locale, 'board.other-hidden') : <span lang="ja">{other.name}</span>),
        },
        { header: t(locale, 'case.kind'), cell: ({ kind }) => t(locale, `kind.${kind}`) },
        { header: t(locale, 'case.state'), cell: (row) => t(locale, `state.${row.state}`) },
        { header: t(locale, 'board.waits-for'), cell: (row) => waitText(locale, row) },
        {
          header: t(locale, 'board.days'),
          align: 'end',
          cell: ({ days }) => t(locale, 'board.days-of', { count: days }),
        },
        { header: t(locale, 'board.due'), cell: (row) => <Due locale={locale} row={row} /> },
      ]}
    />
  );
}

function waitText(locale: Locale, { waitsFor, side }: BoardCase): string {
  if (waitsFor === null) return '–';
  return t(locale, waitsFor === side ? 'board.waits-for-own' : 'board.waits-for-other');
}

function Due({ locale, row }: { readonly locale: Locale; readonly row: BoardCase }) {
  const { dueOn, schoolDaysLate, insuranceDueOn, outcome } = row;
  if (dueOn === null) return <>–</>;
  const isBad = outcome === 'technicalFailure' || outcome === 'processFailure' || outcome === 'late';
  return (
    <>
      {formatDay(locale, dueOn)}
      {isBad && (
        <>
          {' '}
          <StatusChip tone="danger">{t(locale, `outcome.${outcome}`)}</StatusChip>
        </>
      )}
      {outcome === 'pending' && schoolDaysLate > 0 && (
        <>
          {' '}
          <StatusChip tone="warning">{t(locale, 'board.late-by', { count: schoolDaysLate })}</StatusChip>
        </>
      )}
      {insuranceDueOn !== null && (
        <span class="hint"> {t(locale, 'board.insurance-by', { day: formatDay(locale, insuranceDueOn) })}</span>
      )}
    </>
  );
}

function Filter({ frame, view, query }: CasesPageProps) {
  const { locale } = frame;
  return (
    <Form locale={locale} action="/board/cases" method="get" inline>
      <SideField locale={locale} value={query.side} />
      <SchoolField locale={locale} schools={view.schools} value={query.school} />
      <SelectField
        locale={locale}
        name="state"
        label={t(locale, 'case.state')}
        value={query.state}
        options={shownStates.map((value) => ({
          value,
          label: value === 'open' ? t(locale, 'board.open') : t(locale, `state.${value}`),
        }))}
      />
      <SelectField
        locale={locale}
        name="days"
        label={t(locale, 'board.days')}
        value={query.days === null ? '' : String(query.days)}
        options={[
          { value: '', label: t(locale, 'sent.all') },
          ...waits.map((days) => ({ value: String(days), label: t(locale, 'board.days-at-least', { count: days }) })),
        ]}
      />
      <Actions>
        <Button kind="secondary">{t(locale, 'sent.filter')}</Button>
      </Actions>
    </Form>
  );
}

function addressOf({ side, state, school, days }: CaseQuery): string {
  return new URLSearchParams({
    side,
    state,
    ...(school === null ? {} : { school }),
    ...(days === null ? {} : { days: String(days) }),
  }).toString();
}
