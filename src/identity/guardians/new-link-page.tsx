import { Actions, Button } from '../../web/components/button.tsx';
import { describedBy, Field, fieldId } from '../../web/components/field.tsx';
import { DateField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';
import { linksPath } from './words.tsx';

interface NewLinkProps {
  readonly frame: PageFrame;
  readonly values?: { readonly code: string; readonly birthDate: string };
  readonly errors?: Readonly<Record<string, string>>;
  /** The verb's refusal: one sentence for every reason. */
  readonly refusal?: { readonly title: string; readonly advice: string };
}

/** The code on the sheet, and the pupil's birth date. */
export function NewLinkPage({ frame, values, errors, refusal }: NewLinkProps) {
  const { locale } = frame;
  const title = t(locale, 'link.new');
  const code = { locale, name: 'code', label: t(locale, 'link.code'), hint: t(locale, 'link.code-hint') };
  const codeField = { ...code, required: true, error: errors?.['code'] };
  const crumbs = [{ label: t(locale, 'link.title'), href: linksPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow" scripts={['certificate-login.js']}>
      <PageHead title={title} />
      <ErrorSummary locale={locale} errors={errors} />
      {refusal && (
        <Banner locale={locale} tone="danger" title={refusal.title}>
          {refusal.advice}
        </Banner>
      )}
      <Form locale={locale} action={linksPath}>
        <Field {...codeField}>
          <input
            class="input input-full code"
            id={fieldId('code')}
            name="code"
            type="text"
            value={values?.code}
            autocomplete="off"
            maxlength={60}
            required
            spellcheck={false}
            data-code-from-address
            {...describedBy(codeField)}
          />
        </Field>
        <DateField
          locale={locale}
          name="birthDate"
          label={t(locale, 'link.birth-date')}
          value={values?.birthDate}
          required
          error={errors?.['birthDate']}
        />
        <Actions>
          <Button>{t(locale, 'link.button')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}
