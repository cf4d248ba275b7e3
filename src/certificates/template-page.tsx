import type { Fault } from '../faults.ts';
import type { IssuedKind } from '../records/certificate-kinds.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import type { FormValues } from '../transfers/form-values.ts';
import { Actions, Button } from '../web/components/button.tsx';
import { FileField, TextArea, TextField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';

export const templatesPath = '/certificate-templates';

interface TemplatePageProps {
  readonly frame: PageFrame;
  readonly kind: IssuedKind;
  readonly values: FormValues;
  readonly errors: Readonly<Record<string, string>>;
  readonly reason: Fault | null;
}

/** The words, the principal and the stamp of a new version. */
export function TemplatePage({ frame, kind, values, errors, reason }: TemplatePageProps) {
  const { locale } = frame;
  const title = t(locale, 'template.new-title', { kind: t(locale, `certificate.${kind}`) });
  const field = (name: string) => ({ locale, name, value: values[name], error: errors[name], required: true });
  const crumbs = [registerCrumb(frame), { label: t(locale, 'template.title'), href: templatesPath }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs} width="narrow">
      <PageHead title={title} lead={t(locale, 'template.new-lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={errors} />
      <Form locale={locale} action={`${templatesPath}/new`} multipart hidden={{ kind }}>
        <TextField {...field('titleJa')} label={t(locale, 'template.title-ja')} maxlength={100} />
        <TextArea {...field('bodyJa')} label={t(locale, 'template.body-ja')} rows={3} maxlength={400} />
        <TextField
          {...field('principalJa')}
          label={t(locale, 'template.principal-ja')}
          hint={t(locale, 'template.principal-ja-hint')}
          maxlength={100}
        />
        <TextField {...field('titleEn')} label={t(locale, 'template.title-en')} maxlength={100} />
        <TextArea {...field('bodyEn')} label={t(locale, 'template.body-en')} rows={3} maxlength={400} />
        <TextField
          {...field('principalEn')}
          label={t(locale, 'template.principal-en')}
          hint={t(locale, 'template.principal-en-hint')}
          maxlength={100}
        />
        <FileField
          locale={locale}
          name="sealImage"
          label={t(locale, 'template.seal-image')}
          hint={t(locale, 'template.seal-image-hint')}
          accept=".png,image/png"
        />
        <Actions>
          <Button>{t(locale, 'template.draft')}</Button>
        </Actions>
      </Form>
    </Page>
  );
}

export function registerCrumb({ locale }: PageFrame) {
  return { label: t(locale, 'register.title'), href: '/certificate-register' };
}
