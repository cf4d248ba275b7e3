import type { Child } from 'hono/jsx';
import type { Fault } from '../faults.ts';
import { personKinds } from '../records/certificate-kinds.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import { Actions, Button } from '../web/components/button.tsx';
import { CheckField } from '../web/components/choices.tsx';
import { TextField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { termOf } from './rules.ts';
import type { SettingsView } from './settings.ts';
import { registerCrumb } from './template-page.tsx';

export const settingsPath = '/certificate-settings';

interface SettingsPageProps {
  readonly frame: PageFrame;
  readonly settings: SettingsView;
  readonly mayChange: boolean;
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
  readonly saved: boolean;
  readonly notice: Child;
}

/** Which certificates the school offers, for how much, and which are issued at once. */
export function SettingsPage(props: SettingsPageProps) {
  const { frame, settings, mayChange, errors, reason, saved, notice } = props;
  const { locale } = frame;
  const title = t(locale, 'offer.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[registerCrumb(frame), { label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'offer.lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={errors} />
      {saved && <Banner locale={locale} tone="success" title={t(locale, 'offer.saved')} />}
      {notice}
      {!mayChange && <Banner locale={locale} tone="info" title={t(locale, 'offer.principal-only')} />}
      <Form locale={locale} action={settingsPath} hidden={{ version: String(settings.version) }}>
        {personKinds.map((kind) => {
          const { offered, atOnce, feeYen } = settings.kinds[kind];
          return (
            <Section title={t(locale, `certificate.${kind}`)} lead={termText(props.frame, kind)}>
              <CheckField
                locale={locale}
                name={`${kind}.how`}
                label={t(locale, 'offer.how', { kind: t(locale, `certificate.${kind}`) })}
                options={[
                  { value: 'offered', label: t(locale, 'offer.offered') },
                  { value: 'atOnce', label: t(locale, 'offer.at-once'), hint: t(locale, 'offer.at-once-hint') },
                ]}
                values={[...(offered ? ['offered'] : []), ...(atOnce ? ['atOnce'] : [])]}
              />
              <TextField
                locale={locale}
                name={`${kind}.fee`}
                label={t(locale, 'offer.fee', { kind: t(locale, `certificate.${kind}`) })}
                value={String(feeYen)}
                error={errors[`${kind}.fee`]}
                inputmode="numeric"
                width="short"
                maxlength={5}
                required
              />
            </Section>
          );
        })}
        {mayChange && (
          <Actions>
            <Button>{t(locale, 'offer.save')}</Button>
          </Actions>
        )}
      </Form>
    </Page>
  );
}

function termText({ locale }: PageFrame, kind: (typeof personKinds)[number]): string {
  const term = termOf(kind);
  return typeof term === 'string'
    ? t(locale, `certificate.term-${term}`)
    : t(locale, 'certificate.term-years', { years: term.years });
}
