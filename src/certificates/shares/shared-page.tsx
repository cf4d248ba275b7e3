import type { IssuedKind } from '../../records/certificate-kinds.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { PrintButton } from '../../web/components/code-box.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList, type SummaryRow } from '../../web/components/summary-list.tsx';
import { DataTable } from '../../web/components/table.tsx';
import { formatDateTime, formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { OpenedShare } from './open-share.ts';
import { plainFields, type SharedFacts } from './rules.ts';
import type { SharedCertificate } from './shared-view.ts';
import { fieldLabel } from './words.tsx';

interface SharedProps {
  readonly frame: PageFrame;
  readonly shared: OpenedShare;
  readonly news: 'watch-asked' | null;
  readonly errors: Readonly<Record<string, string>>;
}

/** What somebody was shown: whether the certificate counts, whose school it is of, and what was chosen. */
export function SharedPage({ frame, shared, news, errors }: SharedProps) {
  const { locale, path } = frame;
  const { certificate, facts, hasFile, ticket } = shared;
  const title = t(locale, 'shared.title');
  const hidden = { ticket };
  const other = locale === 'ja' ? 'en' : 'ja';
  return (
    <Page {...frame} title={title} width="narrow">
      <PageHead
        title={title}
        lead={t(locale, 'shared.for', { audience: shared.audience })}
        actions={<PrintButton locale={locale} />}
      />
      {news !== null && <Banner locale={locale} tone="success" title={t(locale, 'shared.watch-asked')} />}
      <ErrorSummary locale={locale} errors={errors} />
      <Verdict locale={locale} certificate={certificate} />
      {facts !== null && <Facts locale={locale} facts={facts} kind={certificate.kind} hasFile={hasFile} />}
      {hasFile && (
        <Form locale={locale} action={`${path}/file`} hidden={hidden}>
          <Actions>
            <Button icon="download">{t(locale, 'shared.file')}</Button>
          </Actions>
        </Form>
      )}
      <p>
        {t(locale, hasFile ? 'shared.verify-file' : 'shared.verify')} <a href="/verify">{t(locale, 'verify.link')}</a>
      </p>
      <Watch {...{ frame, shared, errors }} />
      <Form locale={locale} action={`${path}?lang=${other}`} hidden={hidden} inline>
        <Button kind="text">
          <span lang={other}>{t(other, 'shared.in-this-language')}</span>
        </Button>
      </Form>
      <p class="hint">
        {t(locale, shared.once ? 'shared.once' : 'shared.until', {
          day: formatDateTime(locale, new Date(shared.expiresAt)),
        })}
      </p>
    </Page>
  );
}

/** Also on the page that a mail leads to. */
export function Verdict({ locale, certificate }: { readonly locale: Locale; readonly certificate: SharedCertificate }) {
  const { state, changedAt, checkedAt, school } = certificate;
  const at = (time: string) => formatDateTime(locale, new Date(time));
  const isValid = state === 'valid';
  return (
    <>
      <Banner locale={locale} tone={isValid ? 'success' : 'danger'} title={t(locale, `state.${state}`)}>
        <p>{t(locale, isValid ? 'shared.valid-text' : 'shared.no-facts')}</p>
      </Banner>
      <SummaryList
        rows={[
          { label: t(locale, 'certificate.kind'), value: t(locale, `certificate.${certificate.kind}`) },
          { label: t(locale, 'state.number'), value: certificate.number },
          { label: t(locale, 'state.school'), value: locale === 'ja' ? school.name : school.nameEnglish },
          { label: t(locale, 'state.issued'), value: formatDay(locale, certificate.issuedOn) },
          ...(changedAt === null ? [] : [{ label: t(locale, 'shared.changed'), value: at(changedAt) }]),
          { label: t(locale, 'state.checked'), value: at(checkedAt) },
        ]}
      />
    </>
  );
}

interface FactsProps {
  readonly locale: Locale;
  readonly facts: SharedFacts;
  readonly kind: IssuedKind;
  readonly hasFile: boolean;
}

function Facts({ locale, facts, kind, hasFile }: FactsProps) {
  const rows = plainFields.flatMap((field): SummaryRow[] => {
    const value = facts[field];
    if (value === undefined) return [];
    const isDay = field === 'birthDate' || field === 'enrolledOn' || field === 'leftOn';
    return [
      {
        label: fieldLabel(locale, field, kind),
        value: isDay ? formatDay(locale, value) : <Japanese>{value}</Japanese>,
      },
    ];
  });
  const asked = { label: t(locale, 'drawn.asked'), value: t(locale, `certificate.${facts.asked}`) };
  return (
    <Section title={t(locale, 'shared.facts')} lead={t(locale, hasFile ? 'shared.all-facts' : 'shared.some-facts')}>
      <SummaryList rows={facts.asked === kind ? rows : [...rows, asked]} />
      {facts.subjects.length > 0 && (
        <DataTable
          caption={t(locale, 'drawn.subject')}
          rows={facts.subjects}
          columns={[
            { header: t(locale, 'drawn.year'), cell: ({ schoolYear }) => String(schoolYear) },
            { header: t(locale, 'drawn.subject'), heading: true, cell: ({ name }) => <Japanese>{name}</Japanese> },
            { header: t(locale, 'drawn.credits'), align: 'end', cell: ({ credits }) => numberOr(credits) },
            ...(kind === 'transcript'
              ? [
                  {
                    header: t(locale, 'drawn.mark'),
                    align: 'end',
                    cell: ({ grade }: SharedFacts['subjects'][number]) => numberOr(grade),
                  } as const,
                ]
              : []),
          ]}
        />
      )}
      <p>{t(locale, 'drawn.level', { level: t(locale, `level.${facts.assurance}`) })}</p>
    </Section>
  );
}

function Japanese({ children }: { readonly children: string }) {
  return <span lang="ja">{children}</span>;
}

function numberOr(value: number | null): string {
  return value === null ? '—' : String(value);
}

function Watch({ frame: { locale, path }, shared, errors }: Pick<SharedProps, 'frame' | 'shared' | 'errors'>) {
  if (shared.certificate.state !== 'valid') return null;
  return (
    <div class="no-print">
      <Section title={t(locale, 'shared.watch')} lead={t(locale, 'shared.watch-lead')}>
        <Form locale={locale} action={`${path}/watchers`} hidden={{ ticket: shared.ticket }}>
          <TextField
            locale={locale}
            name="address"
            type="email"
            label={t(locale, 'shared.address')}
            error={errors['address']}
            autocomplete="email"
            inputmode="email"
            maxlength={254}
            required
          />
          <Actions>
            <Button kind="secondary">{t(locale, 'shared.watch-ask')}</Button>
          </Actions>
        </Form>
      </Section>
    </div>
  );
}
