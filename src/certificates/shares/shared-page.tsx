import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import { Actions, Button } from '../../web/components/button.tsx';
import { PrintButton } from '../../web/components/code-box.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { formatDateTime, formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { OpenedShare } from './open-share.ts';
import { SharedFactsPart } from './shared-facts.tsx';
import type { SharedCertificate } from './shared-view.ts';

interface SharedProps {
  readonly frame: PageFrame;
  readonly shared: OpenedShare;
  readonly news: 'watch-asked' | null;
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
}

/** What somebody was shown: whether the certificate counts, whose school it is of, and what was chosen. */
export function SharedPage({ frame, shared, news, errors, reason }: SharedProps) {
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
      {reason !== null && facts !== null && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={errors} />
      <Verdict
        locale={locale}
        certificate={certificate}
        note={t(locale, facts === null ? 'shared.no-facts' : 'shared.valid-text')}
      />
      {facts !== null && <SharedFactsPart locale={locale} facts={facts} kind={certificate.kind} hasFile={hasFile} />}
      {hasFile && (
        <div class="no-print">
          <Form locale={locale} action={`${path}/file`} hidden={hidden}>
            <Actions>
              <Button icon="download">{t(locale, 'shared.file')}</Button>
            </Actions>
          </Form>
        </div>
      )}
      {facts !== null && (
        <div class="no-print">
          <Form locale={locale} action={`${path}/credential`} hidden={hidden}>
            <Actions>
              <Button kind="secondary" icon="download">
                {t(locale, 'shared.credential')}
              </Button>
            </Actions>
            <p class="hint">{t(locale, 'shared.credential-text')}</p>
          </Form>
        </div>
      )}
      <p>
        {t(locale, hasFile ? 'shared.verify-file' : 'shared.verify')} <a href="/verify">{t(locale, 'verify.link')}</a>
      </p>
      <Watch {...{ frame, shared, errors }} />
      <div class="no-print">
        <Form locale={locale} action={`${path}?lang=${other}`} hidden={hidden} inline>
          <Button kind="text">
            <span lang={other}>{t(other, 'shared.in-this-language')}</span>
          </Button>
        </Form>
      </div>
      <p class="hint">
        {t(locale, shared.once ? 'shared.once' : 'shared.until', {
          day: formatDateTime(locale, new Date(shared.expiresAt)),
        })}
      </p>
    </Page>
  );
}

interface VerdictProps {
  readonly locale: Locale;
  readonly certificate: SharedCertificate;
  readonly note?: string;
}

/** Also on the page that a mail leads to. */
export function Verdict({ locale, certificate, note }: VerdictProps) {
  const { state, changedAt, checkedAt, school } = certificate;
  const at = (time: string) => formatDateTime(locale, new Date(time));
  const isValid = state === 'valid';
  return (
    <>
      <Banner locale={locale} tone={isValid ? 'success' : 'danger'} title={t(locale, `state.${state}`)}>
        {note && <p>{note}</p>}
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
