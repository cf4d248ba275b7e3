import type { Fault } from '../../faults.ts';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { DateField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { protectionsPath } from '../../web/components/protected.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner, StatusChip } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { FaultBanner } from '../fault-banner.tsx';
import type { Nameable, ProtectionView } from './show-protections.ts';
import type { Subject } from './subject.ts';
import { TermsFields, type TermsForm } from './terms-fields.tsx';

/** The orders that the reader may know of. Never printed: nothing of it goes out. */
export function ProtectionsPage(props: { readonly frame: PageFrame; readonly items: readonly ProtectionView[] }) {
  const { frame, items } = props;
  const { locale } = frame;
  const title = t(locale, 'protection.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'protection.lead')} />
      <p>{t(locale, 'protection.limits')}</p>
      <div class="no-print">
        <DataTable
          caption={title}
          rows={items}
          empty={<EmptyState title={t(locale, 'protection.none')}>{t(locale, 'protection.none-text')}</EmptyState>}
          columns={[
            {
              header: t(locale, 'case.pupil'),
              cell: ({ id, subject }) => (
                <a href={`${protectionsPath}/${id}`}>
                  <span lang="ja">{subject.name}</span>
                </a>
              ),
            },
            { header: t(locale, 'protection.source'), cell: ({ source }) => t(locale, `protection.source-${source}`) },
            { header: t(locale, 'protection.review-on'), cell: (row) => formatDay(locale, row.reviewOn) },
            { header: t(locale, 'case.state'), cell: (row) => <State locale={locale} view={row} /> },
          ]}
        />
      </div>
    </Page>
  );
}

export function State({ locale, view }: { readonly locale: Locale; readonly view: ProtectionView }) {
  if (view.liftedAt !== null) return <StatusChip tone="neutral">{t(locale, 'protection.lifted')}</StatusChip>;
  if (view.liftAskedAt !== null) return <StatusChip tone="warning">{t(locale, 'protection.lift-waits')}</StatusChip>;
  return view.isReviewDue ? (
    <StatusChip tone="warning">{t(locale, 'protection.review-due')}</StatusChip>
  ) : (
    <StatusChip tone="info">{t(locale, 'protection.in-force')}</StatusChip>
  );
}

/** The form that protects a pupil from the next request on. */
export function NewProtectionPage(props: {
  readonly frame: PageFrame;
  readonly subject: Subject;
  readonly nameable: readonly Nameable[];
  readonly form: TermsForm;
  readonly reason: Fault | null;
}) {
  const { frame, subject, nameable, form, reason } = props;
  const { locale } = frame;
  const title = t(locale, 'protection.enter');
  const errors = reason?.fields ?? {};
  return (
    <Page
      {...frame}
      title={title}
      width="narrow"
      breadcrumbs={[{ label: t(locale, 'protection.title'), href: protectionsPath }, { label: title }]}
    >
      <PageHead title={title} lead={t(locale, 'protection.enter-lead')} />
      {reason !== null && reason.fields === undefined && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={reason?.fields} />
      <Banner locale={locale} tone="warning" title={t(locale, 'protection.limits')}>
        <p>{t(locale, 'protection.no-address')}</p>
      </Banner>
      <Form locale={locale} action={protectionsPath} hidden={{ kind: subject.kind, id: subject.id }}>
        <DateField
          locale={locale}
          name="startsOn"
          label={t(locale, 'protection.starts-on')}
          value={form.startsOn}
          error={errors['startsOn']}
          required
        />
        <TermsFields locale={locale} form={form} errors={errors} nameable={nameable} />
        <Actions>
          <Button icon="lock">{t(locale, 'protection.enter-do')}</Button>
          <ButtonLink href={protectionsPath} kind="text">
            {t(locale, 'protection.back')}
          </ButtonLink>
        </Actions>
      </Form>
    </Page>
  );
}
