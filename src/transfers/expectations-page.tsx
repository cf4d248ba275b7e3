import type { Fault } from '../faults.ts';
import { Actions, Button } from '../web/components/button.tsx';
import { CodeBox, PrintButton } from '../web/components/code-box.tsx';
import { DateField, TextField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { newProtectionPath, ProtectedBadge, protectionsPath } from '../web/components/protected.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDate, formatDay } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { AnnouncedPupil, ExpectationView } from './expect-pupil.ts';
import { FaultBanner } from './fault-banner.tsx';
import type { FormValues } from './form-values.ts';

interface ExpectationsPageProps {
  readonly frame: PageFrame;
  readonly items: readonly ExpectationView[];
  readonly values: FormValues;
  readonly reason: Fault | null;
  readonly made: AnnouncedPupil | null;
  /** May this reader protect one of them? */
  readonly protects: boolean;
}

/** Pupils announced by this school, and the form that makes a 受取番号. */
export function ExpectationsPage({ frame, items, values, reason, made, protects }: ExpectationsPageProps) {
  const { locale } = frame;
  const title = t(locale, 'expect.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'expect.lead')} />
      {made !== null && <Made frame={frame} made={made} />}
      {reason !== null && reason.fields === undefined && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={reason?.fields} />
      {/* On paper goes the new code alone, not the names of others. */}
      <div class="no-print stack">
        <Section title={t(locale, 'expect.new')}>
          <NewExpectation frame={frame} values={values} errors={reason?.fields ?? {}} />
        </Section>
        <Section title={t(locale, 'expect.list')}>
          <Announced frame={frame} items={items} protects={protects} />
        </Section>
      </div>
    </Page>
  );
}

function Made({ frame: { locale }, made }: { readonly frame: PageFrame; readonly made: AnnouncedPupil }) {
  return (
    <Banner locale={locale} tone="success" title={t(locale, 'expect.made')}>
      <p lang="ja">{made.pupilName}</p>
      <CodeBox locale={locale} id="acceptance-code" label={t(locale, 'expect.code')} value={made.acceptanceCode} />
      <p>{t(locale, 'expect.made-text')}</p>
      <PrintButton locale={locale} />
    </Banner>
  );
}

interface NewExpectationProps {
  readonly frame: PageFrame;
  readonly values: FormValues;
  readonly errors: Readonly<Record<string, string>>;
}

function NewExpectation({ frame: { locale }, values, errors }: NewExpectationProps) {
  const field = (name: string) => ({ locale, name, value: values[name], error: errors[name] });
  return (
    <Form locale={locale} action="/expectations">
      <TextField {...field('pupilName')} label={t(locale, 'expect.name')} width="medium" maxlength={200} required />
      <TextField {...field('pupilKana')} label={t(locale, 'expect.kana')} width="medium" maxlength={200} required />
      <DateField {...field('pupilBirthDate')} label={t(locale, 'expect.birth-date')} required />
      <TextField {...field('homeroom')} label={t(locale, 'expect.homeroom')} width="short" maxlength={40} />
      <Actions>
        <Button>{t(locale, 'expect.new')}</Button>
      </Actions>
    </Form>
  );
}

function Announced({
  frame: { locale },
  items,
  protects,
}: Pick<ExpectationsPageProps, 'frame' | 'items' | 'protects'>) {
  return (
    <DataTable
      caption={t(locale, 'expect.title')}
      rows={items}
      empty={<EmptyState title={t(locale, 'expect.none')} />}
      columns={[
        { header: t(locale, 'expect.name'), cell: (row) => <PupilOf locale={locale} row={row} /> },
        { header: t(locale, 'expect.birth-date'), cell: (row) => formatDay(locale, row.pupilBirthDate) },
        { header: t(locale, 'expect.expires'), cell: (row) => formatDate(locale, new Date(row.expiresAt)) },
        {
          header: t(locale, 'case.state'),
          cell: (row) =>
            row.caseId === null ? (
              <StatusChip tone="neutral" icon="clock">
                {t(locale, 'expect.waiting')}
              </StatusChip>
            ) : (
              <a href={`/cases/${row.caseId}`}>{t(locale, 'expect.used')}</a>
            ),
        },
        {
          header: t(locale, 'component.actions'),
          cell: (row) => (
            <div class="row-actions">
              {row.caseId === null && (
                <Form locale={locale} action={`/expectations/${row.id}/cancellation`}>
                  <Button kind="text">
                    {t(locale, 'expect.cancel')}
                    <span class="visually-hidden"> ({row.pupilName})</span>
                  </Button>
                </Form>
              )}
              {protects && (
                <a href={row.isProtected ? protectionsPath : newProtectionPath('expectation', row.id)}>
                  {t(locale, 'nav.protections')}
                  <span class="visually-hidden"> ({row.pupilName})</span>
                </a>
              )}
            </div>
          ),
        },
      ]}
    />
  );
}

function PupilOf({ locale, row }: { readonly locale: Locale; readonly row: ExpectationView }) {
  return (
    <>
      <span lang="ja">{row.pupilName}</span> {row.isProtected && <ProtectedBadge locale={locale} />}
    </>
  );
}
