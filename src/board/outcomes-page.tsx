import { outcomes } from '../transfers/progress/rules.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { type Column, DataTable, EmptyState } from '../web/components/table.tsx';
import { formatMonth, formatNumber } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { OutcomeChart } from './chart.tsx';
import { firstYear, sides } from './filter.ts';
import type { Figures, OutcomesView } from './show-outcomes.ts';
import type { Shown } from './suppress.ts';

interface OutcomesPageProps {
  readonly frame: PageFrame;
  readonly view: OutcomesView;
  /** The newest school year there is. */
  readonly lastYear: number;
}

/** What became of a year's deliveries, as a picture and as tables. */
export function OutcomesPage({ frame, view, lastYear }: OutcomesPageProps) {
  const { locale } = frame;
  const title = t(locale, 'board.outcomes');
  const heading = t(locale, 'board.outcomes-of', { year: view.year, side: t(locale, `board.side-${view.side}`) });
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'board.title'), href: '/board' }, { label: title }]}
    >
      <PageHead
        title={title}
        lead={t(locale, 'board.outcomes-lead')}
        actions={
          <ButtonLink href={`/api/board/outcomes.csv?${queryOf(view)}`} kind="secondary" icon="download">
            CSV
          </ButtonLink>
        }
      />
      <Filter frame={frame} view={view} lastYear={lastYear} />
      <Section title={view.school === null ? heading : `${heading} ${view.schools.get(view.school)?.name ?? ''}`}>
        {view.months.length === 0 ? (
          <EmptyState title={t(locale, 'board.no-months')}>{t(locale, 'board.no-months-text')}</EmptyState>
        ) : (
          <>
            <OutcomeChart locale={locale} title={heading} months={view.months} />
            <DataTable
              caption={t(locale, 'board.by-month')}
              columns={[
                {
                  header: t(locale, 'board.month'),
                  heading: true,
                  cell: ({ month }) => (month === null ? t(locale, 'board.total') : formatMonth(locale, month)),
                },
                ...figureColumns(locale),
              ]}
              rows={[...view.months, { ...view.total, month: null }]}
            />
          </>
        )}
      </Section>
      {view.schools.size > 1 && view.months.length > 0 && (
        <Section title={t(locale, 'board.by-school')}>
          <DataTable
            caption={t(locale, 'board.by-school')}
            columns={[
              {
                header: t(locale, 'board.school'),
                heading: true,
                cell: ({ code, name }) => (
                  <a href={`/board/outcomes?${queryOf({ ...view, school: code })}`} lang="ja">
                    {name}
                  </a>
                ),
              },
              ...figureColumns(locale),
            ]}
            rows={view.perSchool}
          />
        </Section>
      )}
      <p class="hint">{t(locale, 'board.hidden-explained')}</p>
      <dl class="summary">
        {outcomes.map((outcome) => (
          <div class="summary-row">
            <dt>{t(locale, `outcome.${outcome}`)}</dt>
            <dd>{t(locale, `outcome.${outcome}-text`)}</dd>
          </div>
        ))}
      </dl>
    </Page>
  );
}

function Filter({ frame, view, lastYear }: OutcomesPageProps) {
  const { locale } = frame;
  const years = Array.from({ length: lastYear - firstYear + 1 }, (_, index) => String(lastYear - index));
  return (
    <Form locale={locale} action="/board/outcomes" method="get" inline>
      <SelectField
        locale={locale}
        name="year"
        label={t(locale, 'board.year')}
        value={String(view.year)}
        options={years.map((value) => ({ value, label: t(locale, 'board.year-of', { year: value }) }))}
      />
      <SideField locale={locale} value={view.side} />
      <SchoolField locale={locale} schools={view.schools} value={view.school} />
      <Actions>
        <Button kind="secondary">{t(locale, 'sent.filter')}</Button>
      </Actions>
    </Form>
  );
}

export function SideField({ locale, value }: { readonly locale: Locale; readonly value: string }) {
  return (
    <SelectField
      locale={locale}
      name="side"
      label={t(locale, 'board.side')}
      value={value}
      options={sides.map((side) => ({ value: side, label: t(locale, `board.side-${side}`) }))}
    />
  );
}

/** Nothing to choose for a school of its own. */
export function SchoolField(props: {
  readonly locale: Locale;
  readonly schools: OutcomesView['schools'];
  readonly value: string | null;
}) {
  const { locale, schools, value } = props;
  if (schools.size <= 1) return null;
  return (
    <SelectField
      locale={locale}
      name="school"
      label={t(locale, 'board.school')}
      value={value ?? ''}
      options={[
        { value: '', label: t(locale, 'sent.all') },
        ...[...schools.values()].map(({ code, name }) => ({ value: code, label: name })),
      ]}
    />
  );
}

function figureColumns(locale: Locale): readonly Column<Figures>[] {
  return [
    ...outcomes.map(
      (outcome): Column<Figures> => ({
        header: t(locale, `outcome.${outcome}`),
        align: 'end',
        cell: ({ counts }) => shownText(locale, counts[outcome]),
      }),
    ),
    { header: t(locale, 'board.total'), align: 'end', cell: ({ total }) => shownText(locale, total) },
    {
      header: t(locale, 'board.in-time-percent'),
      align: 'end',
      cell: ({ inTimePercent }) => (inTimePercent === null ? '–' : `${inTimePercent} %`),
    },
  ];
}

function shownText(locale: Locale, count: Shown) {
  return count === null ? <abbr title={t(locale, 'board.hidden')}>X</abbr> : formatNumber(locale, count);
}

function queryOf({ year, side, school }: Pick<OutcomesView, 'year' | 'side' | 'school'>): string {
  return new URLSearchParams({ year: String(year), side, ...(school === null ? {} : { school }) }).toString();
}
