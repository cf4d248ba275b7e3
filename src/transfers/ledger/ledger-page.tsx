import { Actions, Button } from '../../web/components/button.tsx';
import { SelectField } from '../../web/components/choices.tsx';
import { DateField } from '../../web/components/fields.tsx';
import { Form } from '../../web/components/form.tsx';
import { Pagination } from '../../web/components/pagination.tsx';
import { Card, PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { Time } from '../../web/components/timeline.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { VerifyHere } from '../story/page.tsx';
import { UnrecognisedForm } from '../unrecognised-form.tsx';
import { word } from '../words.tsx';
import type { LedgerPage, PersonLine } from './list-lines.ts';
import { numberOf } from './number.ts';
import { cursorOf, type LinesQuery } from './query.ts';
import type { ReportView } from './report-access.ts';
import { ReportState } from './report-pages.tsx';
import { lineKinds } from './rules.ts';

interface LedgerPageProps {
  readonly frame: PageFrame;
  readonly query: LinesQuery;
  readonly page: LedgerPage;
  readonly reports: readonly ReportView[];
  /** The number of the report that was just made; null otherwise. */
  readonly made: string | null;
}

/** Every touch of one's own records on one page, and what one does not recognise. */
export function OwnLedgerPage({ frame, query, page, reports, made }: LedgerPageProps) {
  const { locale } = frame;
  const title = t(locale, 'own-ledger.title');
  const { lines, next, delayHours } = page;
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} scripts={['verify.js']}>
      <PageHead title={title} lead={t(locale, 'own-ledger.lead')} />
      {made !== null && (
        <Banner locale={locale} tone="success" title={t(locale, 'report.made', { number: numberOf(made) })}>
          <p>{t(locale, 'report.made-text')}</p>
        </Banner>
      )}
      {delayHours > 0 && <p class="hint">{t(locale, 'own-ledger.delay', { hours: delayHours })}</p>}
      <Filter locale={locale} query={query} page={page} />
      <Section title={t(locale, 'own-ledger.lines')}>
        <DataTable
          caption={t(locale, 'own-ledger.lines')}
          rows={lines}
          columns={columnsOf(locale)}
          empty={<EmptyState title={t(locale, 'own-ledger.none')}>{t(locale, 'own-ledger.none-text')}</EmptyState>}
        />
        <Pagination
          locale={locale}
          shown={lines.length}
          next={next === null ? undefined : `/ledger?${search({ ...query, cursor: cursorOf(next) })}`}
        />
      </Section>
      {lines.length > 0 && <Unrecognised locale={locale} lines={lines} />}
      {reports.length > 0 && <Reports locale={locale} reports={reports} />}
      {lines.length > 0 && (
        <VerifyHere
          locale={locale}
          address={`/api/ledger/bundle?${search(query)}`}
          lead={t(locale, 'own-ledger.verify-lead')}
        />
      )}
    </Page>
  );
}

function search(query: LinesQuery): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)]))).toString();
}

function Filter({ locale, query, page }: Pick<LedgerPageProps, 'query' | 'page'> & { readonly locale: Locale }) {
  const all = { value: '', label: t(locale, 'own-ledger.all') };
  const kinds = lineKinds.map((kind) => ({ value: kind, label: t(locale, `own-ledger.kind-${kind}`) }));
  const pupils = page.pupils.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <div class="no-print">
      <Form locale={locale} action="/ledger" method="get" inline>
        {pupils.length > 1 && (
          <SelectField
            locale={locale}
            name="pupil"
            label={t(locale, 'own-ledger.pupil')}
            options={[all, ...pupils]}
            value={query.pupil ?? ''}
          />
        )}
        <SelectField
          locale={locale}
          name="kind"
          label={t(locale, 'own-ledger.kind')}
          options={[all, ...kinds]}
          value={query.kind ?? ''}
        />
        <DateField locale={locale} name="from" label={t(locale, 'own-ledger.from')} value={query.from} />
        <DateField locale={locale} name="to" label={t(locale, 'own-ledger.to')} value={query.to} />
        <Button kind="secondary">{t(locale, 'own-ledger.show')}</Button>
      </Form>
    </div>
  );
}

function columnsOf(locale: Locale) {
  return [
    {
      header: t(locale, 'own-ledger.when'),
      cell: (line: PersonLine) => <Time locale={locale} at={new Date(line.at)} />,
    },
    { header: t(locale, 'own-ledger.who'), cell: (line: PersonLine) => <span lang="ja">{whoOf(locale, line)}</span> },
    { header: t(locale, 'own-ledger.what'), cell: (line: PersonLine) => <What locale={locale} line={line} /> },
    {
      header: t(locale, 'own-ledger.ground'),
      cell: (line: PersonLine) => <span lang="ja">{line.ground ?? t(locale, 'own-ledger.no-case')}</span>,
    },
  ];
}

function What({ locale, line }: { readonly locale: Locale; readonly line: PersonLine }) {
  return (
    <>
      {titleOf(locale, line)}
      {line.document !== null && ` ・ ${t(locale, `document.${line.document}`)}`}
      {line.caseId !== null && (
        <>
          <br />
          <a href={`/cases/${line.caseId}`}>
            {t(locale, 'case.number')} {line.caseId.slice(0, 8)}
          </a>
        </>
      )}
      {line.heldBackUntil !== null && (
        <>
          <br />
          <span class="hint">
            {t(locale, 'own-ledger.held', { until: formatDateTime(locale, new Date(line.heldBackUntil)) })}
          </span>
        </>
      )}
    </>
  );
}

function titleOf(locale: Locale, { event, outcome, reason }: PersonLine): string {
  const why = reason === null ? '' : ` (${word(locale, `glass.category-${reason}`, 'event.other')})`;
  return `${word(locale, `event.${event}`, 'event.other')}${why}${outcome === 'refused' ? t(locale, 'ledger.refused') : ''}`;
}

function whoOf(locale: Locale, { school, side, role, isPartial }: PersonLine): string {
  const by = word(
    locale,
    `role.${role}`,
    role === 'machineClient' ? 'ledger.machineClient' : role === 'gateway' ? 'ledger.gateway' : 'ledger.person',
  );
  const hidden = isPartial && side === 'recipient' ? t(locale, 'own-ledger.hidden-school') : null;
  return [school?.name ?? hidden, by].filter((part) => part !== null).join(' ・ ');
}

function Unrecognised({ locale, lines }: { readonly locale: Locale; readonly lines: readonly PersonLine[] }) {
  const options = lines.map((line) => ({
    value: line.eventId,
    label: `${formatDateTime(locale, new Date(line.at))} ${titleOf(locale, line)} (${whoOf(locale, line)})`,
  }));
  return (
    <div class="no-print">
      <Card title={t(locale, 'ledger.unrecognised')}>
        <p>{t(locale, 'report.text')}</p>
        <UnrecognisedForm locale={locale} action="/ledger/reports" lines={options} />
      </Card>
    </div>
  );
}

function Reports({ locale, reports }: { readonly locale: Locale; readonly reports: readonly ReportView[] }) {
  return (
    <Section title={t(locale, 'report.own')} id="reports">
      {reports.map((report) => (
        <Card title={`${t(locale, 'report.number')} ${numberOf(report.id)}`} level={3}>
          <ReportState locale={locale} report={report} />
          {report.state === 'answered' && (
            <Form locale={locale} action={`/access-reports/${report.id}/closing`}>
              <Actions>
                <Button kind="secondary">{t(locale, 'report.close')}</Button>
              </Actions>
            </Form>
          )}
        </Card>
      ))}
    </Section>
  );
}
