import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { SelectField } from '../../web/components/choices.tsx';
import { Form } from '../../web/components/form.tsx';
import { Pagination } from '../../web/components/pagination.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { Time } from '../../web/components/timeline.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { type AlertRuleId, alertRuleIds, type Severity, severities } from './rule-table.ts';
import type { AlertPage } from './show-alerts.ts';
import { type AlertState, alertStates } from './tables.ts';
import { OrganisationText, SeverityChip, StateChip } from './words.tsx';

export interface ListFilter {
  /** `unclosed`: open and acknowledged; null: all. */
  readonly state: AlertState | 'unclosed' | null;
  readonly severity: Severity | null;
  readonly rule: AlertRuleId | null;
  readonly organisation: string | null;
}

interface ListProps {
  readonly frame: PageFrame;
  readonly page: AlertPage;
  readonly filter: ListFilter;
  /** Auditors set their board's thresholds. */
  readonly configures: boolean;
}

export function AlertListPage(props: ListProps) {
  const { frame, page, filter, configures } = props;
  const { locale } = frame;
  const title = t(locale, 'alert.title');
  const rules = configures && (
    <ButtonLink href="/alert-rules" kind="secondary">
      {t(locale, 'alert.rules')}
    </ButtonLink>
  );
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'alert.lead')} actions={rules || undefined} />
      <Filter {...props} />
      <Alerts {...props} />
      {page.items.length > 0 && (
        <Pagination
          locale={locale}
          shown={page.items.length}
          next={page.next === null ? undefined : listPath(filter, page.next)}
        />
      )}
    </Page>
  );
}

function Alerts({ frame: { locale }, page, filter }: ListProps) {
  const isNarrowed = filter.state !== 'unclosed' || filter.severity !== null || filter.rule !== null;
  const all = <ButtonLink href="/alerts?state=">{t(locale, 'alert.show-all')}</ButtonLink>;
  return (
    <DataTable
      caption={t(locale, 'alert.title')}
      rows={page.items}
      empty={
        <EmptyState title={t(locale, isNarrowed ? 'alert.no-match' : 'alert.none')} action={all}>
          {t(locale, isNarrowed ? 'alert.no-match-text' : 'alert.none-text')}
        </EmptyState>
      }
      columns={[
        {
          header: t(locale, 'alert.severity'),
          cell: ({ severity }) => <SeverityChip locale={locale} severity={severity} />,
        },
        {
          header: t(locale, 'alert.what'),
          heading: true,
          cell: ({ id, rule }) => <a href={`/alerts/${id}`}>{t(locale, `alert.rule-${rule}`)}</a>,
        },
        {
          header: t(locale, 'alert.where'),
          cell: ({ organisation }) => <OrganisationText locale={locale} organisation={organisation} />,
        },
        { header: t(locale, 'alert.count'), align: 'end', cell: ({ count }) => String(count) },
        { header: t(locale, 'alert.last'), cell: ({ lastAt }) => <Time locale={locale} at={new Date(lastAt)} /> },
        { header: t(locale, 'alert.state'), cell: ({ state }) => <StateChip locale={locale} state={state} /> },
      ]}
    />
  );
}

function Filter({ frame: { locale }, filter }: ListProps) {
  const all = { value: '', label: t(locale, 'alert.all') };
  const states = (['unclosed', ...alertStates] as const).map((value) => ({
    value,
    label: t(locale, `alert.state-${value}`),
  }));
  const loud = severities.map((value) => ({ value, label: t(locale, `alert.severity-${value}`) }));
  const rules = alertRuleIds.map((value) => ({ value, label: t(locale, `alert.rule-${value}`) }));
  const hidden = filter.organisation === null ? {} : { organisation: filter.organisation };
  return (
    <Form locale={locale} action="/alerts" method="get" inline hidden={hidden}>
      <SelectField
        locale={locale}
        name="state"
        label={t(locale, 'alert.state')}
        value={filter.state ?? ''}
        options={[all, ...states]}
      />
      <SelectField
        locale={locale}
        name="severity"
        label={t(locale, 'alert.severity')}
        value={filter.severity ?? ''}
        options={[all, ...loud]}
      />
      <SelectField
        locale={locale}
        name="rule"
        label={t(locale, 'alert.what')}
        value={filter.rule ?? ''}
        options={[all, ...rules]}
      />
      <Actions>
        <Button kind="secondary">{t(locale, 'alert.filter')}</Button>
      </Actions>
    </Form>
  );
}

function listPath({ state, severity, rule, organisation }: ListFilter, cursor: string): string {
  const query = new URLSearchParams({ state: state ?? '', cursor });
  if (severity !== null) query.set('severity', severity);
  if (rule !== null) query.set('rule', rule);
  if (organisation !== null) query.set('organisation', organisation);
  return `/alerts?${query}`;
}
