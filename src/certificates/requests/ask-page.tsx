import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import type { FormValues } from '../../transfers/form-values.ts';
import { Actions, Button } from '../../web/components/button.tsx';
import { CheckField, RadioField } from '../../web/components/choices.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { ShownText } from './consent-text.ts';
import type { Offer } from './follow-requests.ts';
import { WishFields } from './wish-fields.tsx';
import { ownPath } from './words.tsx';

interface AskPageProps {
  readonly frame: PageFrame;
  /** Those where something is offered. */
  readonly offers: readonly Offer[];
  readonly values: FormValues;
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
  readonly consent: ShownText;
}

/** What is asked for, for whom and what for, with the fee before the button and the consent in words. */
export function AskPage({ frame, offers, values, errors, reason, consent }: AskPageProps) {
  const { locale } = frame;
  const title = t(locale, 'own-certificate.new');
  const [only] = offers;
  const offer = offers.find(({ pupilId }) => pupilId === values['pupilId']) ?? only;
  const crumbs = [{ label: t(locale, 'own-certificate.title'), href: ownPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} lead={t(locale, 'own-certificate.fee-text')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={errors} />
      <Form locale={locale} action={ownPath} hidden={{ consentText: consent.sha256 }}>
        <RadioField
          locale={locale}
          name="pupilId"
          label={t(locale, 'own-certificate.pupil')}
          required
          value={values['pupilId'] ?? (offers.length === 1 ? only?.pupilId : undefined)}
          error={errors['pupilId']}
          options={offers.map(({ pupilId, pupilName, schoolName }) => ({
            value: pupilId,
            label: (
              <span lang="ja">
                {pupilName}（{schoolName}）
              </span>
            ),
          }))}
        />
        <WishFields locale={locale} kinds={offer?.kinds ?? []} values={values} errors={errors} />
        <CheckField
          locale={locale}
          name="consent"
          label={t(locale, 'own-certificate.consent')}
          required
          error={errors['consent']}
          values={values['consent'] === undefined ? [] : [values['consent']]}
          options={[{ value: 'yes', label: consent.shown }]}
        />
        <Actions>
          <Button>{t(locale, 'own-certificate.ask')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
