import type { Fault } from '../../faults.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import { Actions, Button } from '../../web/components/button.tsx';
import { CheckField, RadioField, SelectField } from '../../web/components/choices.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import type { SharesOf } from './list-shares.ts';
import { defaultShareDays, maxShareDays, type ShareField } from './rules.ts';
import type { ShareForm } from './share-form.ts';
import { shareCrumbs } from './shares-page.tsx';
import { choiceLabel, sharesPath } from './words.tsx';

interface NewShareProps {
  readonly frame: PageFrame;
  readonly certificate: SharesOf['certificate'];
  readonly fields: readonly ShareField[];
  readonly values: ShareForm;
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
}

/** For whom, what of it, how long, and with which PIN. Nothing is chosen beforehand. */
export function NewSharePage({ frame, certificate, fields, values, errors, reason }: NewShareProps) {
  const { locale } = frame;
  const title = t(locale, 'share.new');
  return (
    <Page {...frame} title={title} breadcrumbs={shareCrumbs(frame, certificate, title)} width="narrow">
      <PageHead title={title} lead={t(locale, 'share.new-lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={errors} />
      <Form locale={locale} action={sharesPath(certificate.id)}>
        <TextField
          locale={locale}
          name="audience"
          label={t(locale, 'share.audience')}
          hint={t(locale, 'share.audience-hint')}
          value={values.audience}
          error={errors['audience']}
          maxlength={60}
          required
        />
        <RadioField
          locale={locale}
          name="extent"
          label={t(locale, 'share.extent')}
          value={values.extent}
          error={errors['extent']}
          required
          options={(['chosen', 'all'] as const).map((value) => ({
            value,
            label: t(locale, `share.extent-${value}`),
            hint: t(locale, `share.extent-${value}-hint`),
          }))}
        />
        <CheckField
          locale={locale}
          name="fields"
          label={t(locale, 'share.fields')}
          values={values.fields}
          error={errors['fields']}
          options={fields.map((value) => ({ value, label: choiceLabel(locale, value, certificate.kind) }))}
        />
        <SelectField
          locale={locale}
          name="days"
          label={t(locale, 'share.days')}
          value={values.days ?? String(defaultShareDays)}
          error={errors['days']}
          required
          options={[7, 14, defaultShareDays, 60, maxShareDays].map((count) => ({
            value: String(count),
            label: t(locale, 'share.days-count', { count }),
          }))}
        />
        <TextField
          locale={locale}
          name="pin"
          label={t(locale, 'share.pin')}
          hint={t(locale, 'share.pin-hint')}
          error={errors['pin']}
          width="short"
          inputmode="numeric"
          maxlength={20}
          code
        />
        <CheckField
          locale={locale}
          name="once"
          label={t(locale, 'share.how-often')}
          values={values.once === undefined ? [] : [values.once]}
          options={[{ value: 'yes', label: t(locale, 'share.once'), hint: t(locale, 'share.once-hint') }]}
        />
        <Actions>
          <Button>{t(locale, 'share.make')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
