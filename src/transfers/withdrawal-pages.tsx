import type { Child } from 'hono/jsx';
import { shownName } from '../directory/shown-name.ts';
import type { Fault } from '../faults.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { TextField } from '../web/components/fields.tsx';
import { ErrorSummary } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { type Column, DataTable, EmptyState } from '../web/components/table.tsx';
import type { Tone } from '../web/components/tone.ts';
import { formatNumber } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { FaultBanner } from './fault-banner.tsx';
import type { CaseSummary } from './view.ts';
import type { WithdrawalItem, WithdrawalProspect } from './withdraw-packages.ts';
import type { WithdrawalOutcome } from './withdrawal-outcome.ts';

interface ConfirmationProps {
  readonly frame: PageFrame;
  readonly items: readonly WithdrawalProspect[];
  readonly reason: Fault | null;
  /** Under which the form is done once. */
  readonly formKey: string;
}

/** Before: how many are unopened, how many it is too late for. */
export function WithdrawalPage({ frame, items, reason, formKey }: ConfirmationProps) {
  const { locale } = frame;
  const title = t(locale, 'withdrawals.title');
  const count = (prospect: WithdrawalProspect['prospect']) => items.filter((item) => item.prospect === prospect).length;
  const unopened = count('withdrawable');
  const others = count('notWithdrawable') + count('notFound');
  const numbers = [
    { label: t(locale, 'withdrawals.unopened'), value: counted(locale, unopened) },
    { label: t(locale, 'withdrawals.opened'), value: counted(locale, count('alreadyOpened')) },
    ...(others === 0 ? [] : [{ label: t(locale, 'withdrawals.others'), value: counted(locale, others) }]),
  ];
  return (
    <Page {...frame} title={title} breadcrumbs={[outbox(locale), { label: title }]}>
      <PageHead title={title} lead={t(locale, 'withdrawals.lead')} />
      {reason !== null && reason.fields === undefined && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={reason?.fields} />
      <SummaryList rows={numbers} />
      {unopened === 0 ? (
        <EmptyState title={t(locale, 'withdrawals.nothing')} action={<ToList locale={locale} kind="primary" />}>
          {t(locale, 'withdrawals.nothing-text')}
        </EmptyState>
      ) : (
        <form class="form" action="/cases/withdrawal" method="post" data-busy={t(locale, 'component.busy')}>
          <input type="hidden" name="key" value={formKey} />
          {items.map(({ caseId }) => (
            <input type="hidden" name="case" value={caseId} />
          ))}
          <TextField
            locale={locale}
            name="reason"
            label={t(locale, 'withdraw.reason')}
            hint={t(locale, 'withdrawals.race')}
            error={reason?.fields?.['reason']}
            maxlength={400}
            required
          />
          <Actions>
            <Button kind="danger">{t(locale, 'withdrawals.do', { count: formatNumber(locale, unopened) })}</Button>
            <ToList locale={locale} kind="secondary" />
          </Actions>
        </form>
      )}
      <Section title={t(locale, 'withdrawals.chosen')}>
        <DataTable
          caption={t(locale, 'withdrawals.chosen')}
          rows={items}
          columns={[
            ...whichCase(locale),
            {
              header: t(locale, 'withdrawals.prospect'),
              cell: ({ prospect }) => t(locale, `withdrawals.prospect-${prospect}`),
            },
          ]}
        />
      </Section>
    </Page>
  );
}

/** After: what became of each, and what to do about it. */
export function WithdrawnPage({
  frame,
  items,
}: {
  readonly frame: PageFrame;
  readonly items: readonly WithdrawalItem[];
}) {
  const { locale } = frame;
  const title = t(locale, 'withdrawals.result');
  const hasOpened = items.some(({ outcome }) => outcome === 'alreadyOpened');
  return (
    <Page {...frame} title={title} breadcrumbs={[outbox(locale), { label: title }]}>
      <PageHead title={title} />
      <Sum locale={locale} items={items} />
      {hasOpened && <Incident locale={locale} />}
      <DataTable
        caption={title}
        rows={items}
        columns={[
          ...whichCase(locale),
          {
            header: t(locale, 'withdrawals.outcome'),
            cell: ({ outcome }) => (
              <StatusChip tone={tones[outcome]}>{t(locale, `withdrawals.outcome-${outcome}`)}</StatusChip>
            ),
          },
          { header: t(locale, 'withdrawals.next'), cell: ({ outcome }) => t(locale, `withdrawals.next-${outcome}`) },
        ]}
      />
      <Actions>
        <ToList locale={locale} kind="primary" />
      </Actions>
    </Page>
  );
}

const tones: Readonly<Record<WithdrawalOutcome, Tone>> = {
  withdrawn: 'success',
  alreadyOpened: 'danger',
  notWithdrawable: 'warning',
  notFound: 'neutral',
};

function Sum({ locale, items }: { readonly locale: Locale; readonly items: readonly WithdrawalItem[] }) {
  const done = items.filter(({ outcome }) => outcome === 'withdrawn').length;
  const values = { count: formatNumber(locale, done), all: formatNumber(locale, items.length) };
  if (done === 0) return <Banner locale={locale} tone="danger" title={t(locale, 'withdrawals.result-none')} />;
  if (done < items.length) {
    return <Banner locale={locale} tone="warning" title={t(locale, 'withdrawals.result-some', values)} />;
  }
  return <Banner locale={locale} tone="success" title={t(locale, 'withdrawals.result-all', values)} />;
}

/** 個人情報保護法 第68条: what was opened by the wrong school is a leak that somebody has to report. */
function Incident({ locale }: { readonly locale: Locale }) {
  return (
    <Section title={t(locale, 'withdrawals.incident')} lead={t(locale, 'withdrawals.incident-text')}>
      <ol class="numbered">
        <li>{t(locale, 'withdrawals.incident-call')}</li>
        <li>{t(locale, 'withdrawals.incident-report')}</li>
        <li>{t(locale, 'withdrawals.incident-evidence')}</li>
      </ol>
    </Section>
  );
}

function whichCase(locale: Locale): Column<{ readonly caseId: string; readonly case: CaseSummary | null }>[] {
  return [
    { header: t(locale, 'case.pupil'), cell: (item) => <Which item={item} /> },
    {
      header: t(locale, 'case.recipient'),
      cell: ({ case: summary }): Child =>
        summary?.recipient === null || summary === null ? '—' : <span lang="ja">{summary.recipient.name}</span>,
    },
  ];
}

function Which({ item }: { readonly item: { readonly caseId: string; readonly case: CaseSummary | null } }) {
  if (item.case === null) return <code>{item.caseId}</code>;
  return (
    <a href={`/cases/${item.caseId}`}>
      <span lang="ja">{shownName(item.case.pupil)}</span>
    </a>
  );
}

function ToList({ locale, kind }: { readonly locale: Locale; readonly kind: 'primary' | 'secondary' }) {
  return (
    <ButtonLink href="/cases?side=sender" kind={kind}>
      {t(locale, 'withdrawals.back')}
    </ButtonLink>
  );
}

function outbox(locale: Locale) {
  return { label: t(locale, 'case.list-sender'), href: '/cases?side=sender' };
}

function counted(locale: Locale, count: number): string {
  return t(locale, 'withdrawals.count', { count: formatNumber(locale, count) });
}
