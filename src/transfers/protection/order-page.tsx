import type { Fault } from '../../faults.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { ConfirmBox } from '../../web/components/confirm-box.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { protectionsPath } from '../../web/components/protected.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime, formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { FaultBanner } from '../fault-banner.tsx';
import { State } from './list-page.tsx';
import type { Nameable, ProtectionView } from './show-protections.ts';
import { TermsFields, type TermsForm } from './terms-fields.tsx';

interface OrderProps {
  readonly frame: PageFrame;
  readonly view: ProtectionView;
  readonly nameable: readonly Nameable[];
  readonly form: TermsForm;
  readonly reason: Fault | null;
}

/** One order: who may know, when it is looked at again, which guardian sees, and how it ends. */
export function ProtectionPage(props: OrderProps) {
  const { frame, view, reason } = props;
  const { locale } = frame;
  const title = t(locale, 'protection.of', { name: view.subject.name });
  return (
    <Page
      {...frame}
      title={t(locale, 'protection.one')}
      breadcrumbs={[{ label: t(locale, 'protection.title'), href: protectionsPath }, { label: title }]}
    >
      <div class="no-print">
        <PageHead
          title={<span lang="ja">{title}</span>}
          lead={t(locale, 'protection.limits')}
          status={<State locale={locale} view={view} />}
        />
      </div>
      {reason !== null && reason.fields === undefined && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={reason?.fields} />
      <div class="no-print stack">
        <Lifting locale={locale} view={view} />
        <SummaryList rows={factsOf(locale, view)} />
        {view.may.includes('change') && <Terms {...props} />}
        {view.subject.kind === 'pupil' && <Guardians locale={locale} view={view} />}
        {view.may.includes('askLift') && <AskLift locale={locale} view={view} />}
      </div>
    </Page>
  );
}

interface PartProps {
  readonly locale: Locale;
  readonly view: ProtectionView;
}

function factsOf(locale: Locale, view: ProtectionView) {
  const named = view.members.map(({ name }) => name).join('、');
  return [
    { label: t(locale, 'protection.source'), value: t(locale, `protection.source-${view.source}`) },
    { label: t(locale, 'protection.starts-on'), value: formatDay(locale, view.startsOn) },
    { label: t(locale, 'protection.review-on'), value: formatDay(locale, view.reviewOn) },
    {
      label: t(locale, 'protection.members'),
      value: named === '' ? t(locale, 'protection.members-none') : <span lang="ja">{named}</span>,
    },
    {
      label: t(locale, 'protection.pupil'),
      value: t(locale, view.excludesPupil ? 'protection.excludes-pupil' : 'protection.admits-pupil'),
    },
    {
      label: t(locale, 'protection.entered'),
      value: (
        <>
          <span lang="ja">{view.enteredBy}</span> {formatDateTime(locale, new Date(view.enteredAt))}
        </>
      ),
    },
  ];
}

function Terms({ frame: { locale }, view, nameable, form, reason }: OrderProps) {
  return (
    <Section title={t(locale, 'protection.change')} lead={t(locale, 'protection.change-lead')}>
      <Form locale={locale} action={`${protectionsPath}/${view.id}`}>
        <TermsFields locale={locale} form={form} errors={reason?.fields ?? {}} nameable={nameable} />
        <Actions>
          <Button>{t(locale, 'protection.change-do')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

function Guardians({ locale, view }: PartProps) {
  return (
    <Section title={t(locale, 'protection.guardians')} lead={t(locale, 'protection.guardians-lead')}>
      <DataTable
        caption={t(locale, 'protection.guardians')}
        rows={view.guardians}
        empty={<EmptyState title={t(locale, 'guardian.none')} />}
        columns={[
          { header: t(locale, 'guardian.name'), cell: ({ name }) => <span lang="ja">{name}</span> },
          { header: t(locale, 'case.state'), cell: (row) => t(locale, `protection.clearance-${row.clearance}`) },
          {
            header: t(locale, 'component.actions'),
            cell: ({ id, name, may }) => (
              <div class="row-actions">
                {may.map((deed) => (
                  <Form
                    locale={locale}
                    action={`${protectionsPath}/${view.id}/clearances/${deed}`}
                    hidden={{ guardian: id }}
                    inline
                  >
                    <Button kind="secondary">
                      {t(locale, `protection.clear-${deed}`)}
                      <span class="visually-hidden"> ({name})</span>
                    </Button>
                  </Form>
                ))}
              </div>
            ),
          },
        ]}
      />
    </Section>
  );
}

function AskLift({ locale, view }: PartProps) {
  return (
    <Section title={t(locale, 'protection.lift')} lead={t(locale, 'protection.lift-lead')}>
      <Form locale={locale} action={`${protectionsPath}/${view.id}/lifting`}>
        <Actions>
          <Button kind="danger">{t(locale, 'protection.lift-ask')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

function Lifting({ locale, view }: PartProps) {
  if (!view.may.includes('refuseLift')) return null;
  return (
    <ConfirmBox title={t(locale, 'protection.lift-waits')} tone="danger">
      <p>{t(locale, 'protection.lift-waits-text')}</p>
      <Actions>
        {view.may.includes('confirmLift') && (
          <Form locale={locale} action={`${protectionsPath}/${view.id}/lifting/confirmation`} inline>
            <Button kind="danger">{t(locale, 'protection.lift-confirm')}</Button>
          </Form>
        )}
        <Form locale={locale} action={`${protectionsPath}/${view.id}/lifting/refusal`} inline>
          <Button kind="secondary">{t(locale, 'protection.lift-refuse')}</Button>
        </Form>
      </Actions>
    </ConfirmBox>
  );
}
