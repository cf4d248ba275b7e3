import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import type { FormValues } from '../../transfers/form-values.ts';
import { word } from '../../transfers/words.tsx';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { RadioField } from '../../web/components/choices.tsx';
import { TextArea } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { Time } from '../../web/components/timeline.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { maxNoteCharacters } from './settle-alert.ts';
import { closeReasons } from './tables.ts';
import type { AlertDetail } from './view-alert.ts';
import { eventText, OrganisationText, SeverityChip, StateChip } from './words.tsx';

interface AlertPageProps {
  readonly frame: PageFrame;
  readonly alert: AlertDetail;
  readonly values: FormValues;
  readonly reason: Fault | null;
  /** Heads of a school go on to the case; a board has its number. */
  readonly readsCases: boolean;
}

/** What was noticed, what is behind it, and what to do about it. */
export function AlertPage(props: AlertPageProps) {
  const { frame, alert, reason } = props;
  const { locale } = frame;
  const title = t(locale, `alert.rule-${alert.rule}`);
  const crumbs = [{ label: t(locale, 'alert.title'), href: '/alerts' }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs}>
      <PageHead
        title={title}
        kicker={<OrganisationText locale={locale} organisation={alert.organisation} />}
        lead={t(locale, `alert.text-${alert.rule}`)}
        status={<StateChip locale={locale} state={alert.state} />}
      />
      {reason !== null && reason.fields === undefined && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={reason?.fields} />
      <SummaryList rows={rowsOf(props)} />
      <Settling {...props} />
      <Events {...props} />
    </Page>
  );
}

function rowsOf({ frame: { locale }, alert, readsCases }: AlertPageProps) {
  const { severity, settled } = alert;
  const settledBy = settled && (
    <>
      <Time locale={locale} at={new Date(settled.at)} /> ・ {word(locale, `role.${settled.role}`, 'ledger.gateway')}（
      <OrganisationText locale={locale} organisation={settled.organisation} />）
    </>
  );
  return [
    { label: t(locale, 'alert.severity'), value: <SeverityChip locale={locale} severity={severity} /> },
    { label: t(locale, 'alert.number'), value: <code>{alert.id}</code> },
    {
      label: t(locale, 'alert.count'),
      value: t(locale, 'alert.count-of', { count: alert.count, least: alert.threshold }),
    },
    { label: t(locale, 'alert.first'), value: <Time locale={locale} at={new Date(alert.firstAt)} /> },
    { label: t(locale, 'alert.last'), value: <Time locale={locale} at={new Date(alert.lastAt)} /> },
    ...(alert.caseId === null
      ? []
      : [{ label: t(locale, 'alert.case'), value: <CaseLink id={alert.caseId} isLink={readsCases} /> }]),
    ...(settled === null ? [] : [{ label: t(locale, 'alert.settled'), value: settledBy }]),
    ...(settled?.reason == null
      ? []
      : [{ label: t(locale, 'alert.reason'), value: t(locale, `alert.reason-${settled.reason}`) }]),
    ...(settled?.note == null
      ? []
      : [{ label: t(locale, 'alert.note'), value: <span lang="ja">{settled.note}</span> }]),
  ];
}

function CaseLink({ id, isLink }: { readonly id: string; readonly isLink: boolean }) {
  return isLink ? (
    <a href={`/cases/${id}`}>
      <code>{id}</code>
    </a>
  ) : (
    <code>{id}</code>
  );
}

function Settling(props: AlertPageProps) {
  const { frame, alert } = props;
  const { locale } = frame;
  const hidden = { version: String(alert.version) };
  if (alert.isOwn) {
    return (
      <Banner locale={locale} tone="warning" title={t(locale, 'alert.own')}>
        <p>{t(locale, 'alert.own-text')}</p>
      </Banner>
    );
  }
  return (
    <Section title={t(locale, 'alert.do')}>
      {alert.may.includes('acknowledge') && (
        <Form locale={locale} action={`/alerts/${alert.id}/acknowledgement`} hidden={hidden} inline>
          <Actions>
            <Button kind="secondary">{t(locale, 'alert.acknowledge')}</Button>
          </Actions>
        </Form>
      )}
      {alert.may.includes('reopen') && (
        <Form locale={locale} action={`/alerts/${alert.id}/reopening`} hidden={hidden} inline>
          <Actions>
            <Button kind="secondary">{t(locale, 'alert.reopen')}</Button>
          </Actions>
        </Form>
      )}
      {alert.may.includes('close') && <Closing {...props} />}
    </Section>
  );
}

function Closing({ frame: { locale }, alert, values, reason }: AlertPageProps) {
  return (
    <Form locale={locale} action={`/alerts/${alert.id}/closure`} hidden={{ version: String(alert.version) }}>
      <RadioField
        locale={locale}
        name="reason"
        label={t(locale, 'alert.reason')}
        required
        value={values['reason']}
        error={reason?.fields?.['reason']}
        options={closeReasons.map((value) => ({ value, label: t(locale, `alert.reason-${value}`) }))}
      />
      <TextArea
        locale={locale}
        name="note"
        label={t(locale, 'alert.note')}
        hint={t(locale, 'alert.note-hint')}
        rows={2}
        maxlength={maxNoteCharacters}
        value={values['note']}
      />
      <Actions>
        <Button>{t(locale, 'alert.close')}</Button>
        <ButtonLink href="/alerts" kind="text">
          {t(locale, 'alert.back')}
        </ButtonLink>
      </Actions>
    </Form>
  );
}

function Events({ frame: { locale }, alert, readsCases }: AlertPageProps) {
  return (
    <Section title={t(locale, 'alert.events')} lead={t(locale, 'alert.events-lead')}>
      <DataTable
        caption={t(locale, 'alert.events')}
        rows={alert.events}
        empty={<EmptyState title={t(locale, 'alert.events-none')}>{t(locale, 'alert.events-none-text')}</EmptyState>}
        columns={[
          { header: t(locale, 'alert.time'), cell: ({ at }) => <Time locale={locale} at={new Date(at)} /> },
          { header: t(locale, 'alert.event'), heading: true, cell: (event) => eventText(locale, event) },
          {
            header: t(locale, 'alert.role'),
            cell: (event) => word(locale, `role.${event.actorRole}`, 'ledger.gateway'),
          },
          {
            header: t(locale, 'alert.case'),
            cell: ({ caseId }) => (caseId === null ? '–' : <CaseLink id={caseId} isLink={readsCases} />),
          },
        ]}
      />
    </Section>
  );
}
