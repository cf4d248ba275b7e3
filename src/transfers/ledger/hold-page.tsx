import type { Fault } from '../../faults.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { SelectField } from '../../web/components/choices.tsx';
import { DateField, TextArea } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { Card, PageHead, Section } from '../../web/components/section.tsx';
import { StatusChip } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { FaultBanner } from '../fault-banner.tsx';
import type { FormValues } from '../form-values.ts';
import type { HoldView } from './holds.ts';
import { numberOf } from './number.ts';
import { maxHoldDays } from './rules.ts';

interface HoldsPageProps {
  readonly frame: PageFrame;
  readonly holds: readonly HoldView[];
  readonly pupils: readonly { readonly id: string; readonly name: string }[];
  readonly values: FormValues;
  readonly reason: Fault | null;
}

const tones = { asked: 'warning', inForce: 'info', over: 'neutral' } as const;

/** What inquiries hold back from ledgers: asked for by one, confirmed by another, over by itself. */
export function HoldsPage({ frame, holds, pupils, values, reason }: HoldsPageProps) {
  const { locale } = frame;
  const title = t(locale, 'hold.title');
  const errors = reason?.fields;
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'report.title'), href: '/access-reports' }, { label: title }]}
      width="narrow"
    >
      <PageHead title={title} lead={t(locale, 'hold.lead')} />
      {errors !== undefined ? (
        <ErrorSummary locale={locale} errors={errors} />
      ) : (
        reason !== null && <FaultBanner locale={locale} reason={reason} />
      )}
      <Section title={t(locale, 'hold.list')}>
        {holds.length === 0 ? (
          <EmptyState title={t(locale, 'hold.none')}>{t(locale, 'hold.none-text')}</EmptyState>
        ) : (
          holds.map((hold) => <Hold locale={locale} hold={hold} />)
        )}
      </Section>
      <Section title={t(locale, 'hold.new')} lead={t(locale, 'hold.new-lead', { days: maxHoldDays })}>
        <Form locale={locale} action="/ledger-holds">
          <SelectField
            locale={locale}
            name="pupilId"
            label={t(locale, 'own-ledger.pupil')}
            options={pupils.map(({ id, name }) => ({ value: id, label: name }))}
            value={values['pupilId']}
            required
          />
          <DateField
            locale={locale}
            name="since"
            label={t(locale, 'hold.since')}
            hint={t(locale, 'hold.since-hint')}
            value={values['since']}
          />
          <DateField
            locale={locale}
            name="until"
            label={t(locale, 'hold.until')}
            value={values['until']}
            error={errors?.['until']}
            required
          />
          <TextArea
            locale={locale}
            name="reason"
            label={t(locale, 'hold.reason')}
            hint={t(locale, 'hold.reason-hint')}
            value={values['reason']}
            error={errors?.['reason']}
            maxlength={400}
            required
          />
          <Actions>
            <Button>{t(locale, 'hold.ask')}</Button>
          </Actions>
        </Form>
      </Section>
    </Page>
  );
}

function Hold({ locale, hold }: { readonly locale: Locale; readonly hold: HoldView }) {
  const at = (text: string) => formatDateTime(locale, new Date(text));
  const number = numberOf(hold.id);
  return (
    <Card title={`${t(locale, 'report.number')} ${number}`} level={3}>
      <StatusChip tone={tones[hold.state]}>{t(locale, `hold.state-${hold.state}`)}</StatusChip>
      <SummaryList
        rows={[
          { label: t(locale, 'own-ledger.pupil'), value: <span lang="ja">{hold.pupil.name}</span> },
          { label: t(locale, 'hold.since'), value: at(hold.since) },
          { label: t(locale, 'hold.until'), value: at(hold.until) },
          { label: t(locale, 'hold.reason'), value: <span lang="ja">{hold.reason}</span> },
        ]}
      />
      {hold.may.includes('confirm') && (
        <Form locale={locale} action={`/ledger-holds/${hold.id}/confirmation`}>
          <Actions>
            <Button>{t(locale, 'hold.confirm', { number })}</Button>
          </Actions>
        </Form>
      )}
      {hold.may.includes('end') && (
        <Form locale={locale} action={`/ledger-holds/${hold.id}/end`}>
          <Actions>
            <Button kind="secondary">{t(locale, 'hold.end', { number })}</Button>
          </Actions>
        </Form>
      )}
    </Card>
  );
}
