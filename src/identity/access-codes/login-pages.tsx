import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { describedBy, Field, fieldId } from '../../web/components/field.tsx';
import { TextField } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { accountPaths } from '../../web/layout/header.tsx';
import { Page, type PageFrame } from '../../web/layout.tsx';
import { t } from '../../web/text.ts';

export const codeLoginPath = '/login/code';
export const numberLoginPath = '/login/code/number';

interface CodeProps {
  readonly frame: PageFrame;
  readonly value?: string;
  readonly errors?: Readonly<Record<string, string>>;
}

/** First half: what stands on the paper. A QR brings it behind `#`, and the script puts it into the field. */
export function CodeLoginPage({ frame, value, errors }: CodeProps) {
  const { locale } = frame;
  const title = t(locale, 'paper.login-title');
  const code = { locale, name: 'code', label: t(locale, 'paper.code'), hint: t(locale, 'link.code-hint') };
  const field = { ...code, required: true, error: errors?.['code'] };
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs(frame, title)} width="narrow" scripts={['certificate-login.js']}>
      <PageHead title={title} lead={t(locale, 'paper.login-lead')} />
      <ErrorSummary locale={locale} errors={errors} />
      <Form locale={locale} action={codeLoginPath}>
        <Field {...field}>
          <input
            class="input input-full code"
            id={fieldId('code')}
            name="code"
            type="text"
            value={value}
            autocomplete="off"
            maxlength={60}
            required
            spellcheck={false}
            data-code-from-address
            {...describedBy(field)}
          />
        </Field>
        <Actions>
          <Button>{t(locale, 'paper.send-number')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

interface NumberProps {
  readonly frame: PageFrame;
  readonly errors?: Readonly<Record<string, string>>;
  /** One sentence for every reason. */
  readonly refusal?: { readonly title: string; readonly advice: string };
}

/** Second half: the number from the guardian's mail. It looks the same whether there is such a paper or not. */
export function NumberLoginPage({ frame, errors, refusal }: NumberProps) {
  const { locale } = frame;
  const title = t(locale, 'paper.number-title');
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs(frame, title)} width="narrow">
      <PageHead title={title} lead={t(locale, 'paper.number-lead')} />
      <ErrorSummary locale={locale} errors={errors} />
      {refusal && (
        <Banner locale={locale} tone="danger" title={refusal.title}>
          {refusal.advice}
        </Banner>
      )}
      <Form locale={locale} action={numberLoginPath}>
        <TextField
          locale={locale}
          name="number"
          label={t(locale, 'paper.number')}
          hint={t(locale, 'paper.number-hint')}
          required
          error={errors?.['number']}
          width="short"
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={20}
          code
        />
        <Actions>
          <Button>{t(locale, 'paper.log-in')}</Button>
          <ButtonLink kind="text" href={codeLoginPath}>
            {t(locale, 'paper.again')}
          </ButtonLink>
        </Actions>
      </Form>
      <p class="hint">{t(locale, 'paper.level')}</p>
    </Page>
  );
}

function crumbs({ locale }: PageFrame, title: string) {
  return [{ label: t(locale, 'login.title'), href: accountPaths.logIn }, { label: title }];
}
