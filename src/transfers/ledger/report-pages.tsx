import type { Fault } from '../../faults.ts';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { TextArea } from '../../web/components/fields.tsx';
import { Form } from '../../web/components/form.tsx';
import { Card, PageHead } from '../../web/components/section.tsx';
import { StatusChip } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { FaultBanner } from '../fault-banner.tsx';
import { word } from '../words.tsx';
import { numberOf } from './number.ts';
import type { ReportView } from './report-access.ts';

const tones = { received: 'warning', answered: 'info', closed: 'neutral' } as const;

/** Where a report stands, and what the school has said: the same to the person and to the school. */
export function ReportState({ locale, report }: { readonly locale: Locale; readonly report: ReportView }) {
  const { line, state } = report;
  const at = (text: string) => formatDateTime(locale, new Date(text));
  const role = word(locale, `role.${line.role}`, 'ledger.person');
  return (
    <>
      <StatusChip tone={tones[state]}>{t(locale, `report.state-${state}`)}</StatusChip>
      <SummaryList
        rows={[
          {
            label: t(locale, 'report.line'),
            value: `${at(line.at)} ${word(locale, `event.${line.event}`, 'event.other')} (${role})`,
          },
          { label: t(locale, 'report.reported'), value: at(report.reportedAt) },
          {
            label: t(locale, 'report.answer'),
            value: <span lang="ja">{report.answer ?? t(locale, 'report.waiting')}</span>,
          },
          ...(report.closedAt === null ? [] : [{ label: t(locale, 'report.closed'), value: at(report.closedAt) }]),
        ]}
      />
    </>
  );
}

/** What persons did not recognise, for whoever answers at the school. */
export function ReportsPage(props: {
  readonly frame: PageFrame;
  readonly reports: readonly ReportView[];
  readonly reason: Fault | null;
}) {
  const { frame, reports, reason } = props;
  const { locale } = frame;
  const title = t(locale, 'report.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'report.lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <Actions>
        <ButtonLink href="/ledger-holds" kind="secondary">
          {t(locale, 'hold.title')}
        </ButtonLink>
      </Actions>
      {reports.length === 0 && (
        <EmptyState title={t(locale, 'report.none')}>{t(locale, 'report.none-text')}</EmptyState>
      )}
      {reports.map((report) => (
        <SchoolReport locale={locale} report={report} />
      ))}
    </Page>
  );
}

function SchoolReport({ locale, report }: { readonly locale: Locale; readonly report: ReportView }) {
  const number = numberOf(report.id);
  return (
    <Card title={`${t(locale, 'report.number')} ${number}`}>
      <ReportState locale={locale} report={report} />
      {report.line.caseId !== null && (
        <p>
          <a href={`/cases/${report.line.caseId}/story`}>{t(locale, 'report.to-story', { number })}</a>
        </p>
      )}
      {report.state !== 'closed' && (
        <Form locale={locale} action={`/access-reports/${report.id}/answer`}>
          <TextArea
            locale={locale}
            name={`answer-${number}`}
            label={t(locale, 'report.your-answer', { number })}
            hint={t(locale, 'report.answer-hint')}
            rows={3}
            maxlength={1000}
            required
          />
          <Actions>
            <Button>{t(locale, 'report.send', { number })}</Button>
          </Actions>
        </Form>
      )}
      {report.state === 'answered' && (
        <Form locale={locale} action={`/access-reports/${report.id}/closing`}>
          <Actions>
            <Button kind="secondary">{t(locale, 'report.close-one', { number })}</Button>
          </Actions>
        </Form>
      )}
    </Card>
  );
}
