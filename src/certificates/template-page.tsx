import type { Child } from 'hono/jsx';
import type { Fault } from '../faults.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import type { FormValues } from '../transfers/form-values.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { FileField, TextArea, TextField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { StatusChip } from '../web/components/status.tsx';
import { DataTable } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { type IssuedKind, templateKinds } from './kinds.ts';
import type { TemplateView } from './templates.ts';

export const templatesPath = '/certificate-templates';

interface TemplatesPageProps {
  readonly frame: PageFrame;
  readonly templates: readonly TemplateView[];
  readonly mayPublish: boolean;
  readonly reason: Fault | null;
  readonly notice: Child;
}

const tones = { draft: 'warning', published: 'success', replaced: 'neutral' } as const;

/** Every kind with its versions: what is in force, what waits, what was. */
export function TemplatesPage({ frame, templates, mayPublish, reason, notice }: TemplatesPageProps) {
  const { locale } = frame;
  const title = t(locale, 'template.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[registerCrumb(frame), { label: title }]}>
      <PageHead title={title} lead={t(locale, 'template.lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      {notice}
      {templateKinds.map((kind) => (
        <Section title={t(locale, `certificate.${kind}`)} id={kind}>
          <DataTable
            caption={t(locale, `certificate.${kind}`)}
            rows={templates.filter((one) => one.kind === kind)}
            empty={<p>{t(locale, 'template.none')}</p>}
            columns={[
              { header: t(locale, 'template.version'), cell: ({ version }) => String(version), heading: true },
              {
                header: t(locale, 'template.state'),
                cell: ({ state }) => <StatusChip tone={tones[state]}>{t(locale, `template.state-${state}`)}</StatusChip>,
              },
              {
                header: t(locale, 'template.wording'),
                cell: ({ wording }) => (
                  <span lang="ja">
                    {wording.titleJa} — {wording.principalJa}
                  </span>
                ),
              },
              {
                header: t(locale, 'template.made'),
                cell: ({ draftedAt, publishedAt }) => formatDateTime(locale, new Date(publishedAt ?? draftedAt)),
              },
              {
                header: t(locale, 'component.actions'),
                cell: ({ id, state, version }) =>
                  state === 'draft' && mayPublish ? (
                    <Form locale={locale} action={`${templatesPath}/${id}/publication`} inline>
                      <Button kind="secondary">
                        {t(locale, 'template.publish')}
                        <span class="visually-hidden">
                          {' '}
                          ({t(locale, `certificate.${kind}`)} {version})
                        </span>
                      </Button>
                    </Form>
                  ) : (
                    '—'
                  ),
              },
            ]}
          />
          <Actions>
            <ButtonLink kind="secondary" href={`${templatesPath}/new?kind=${kind}`}>
              {t(locale, 'template.new')}
              <span class="visually-hidden"> ({t(locale, `certificate.${kind}`)})</span>
            </ButtonLink>
          </Actions>
        </Section>
      ))}
    </Page>
  );
}

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
        <TextField {...field('principalJa')} label={t(locale, 'template.principal-ja')} width="medium" maxlength={100} />
        <TextField {...field('titleEn')} label={t(locale, 'template.title-en')} maxlength={100} />
        <TextArea {...field('bodyEn')} label={t(locale, 'template.body-en')} rows={3} maxlength={400} />
        <TextField {...field('principalEn')} label={t(locale, 'template.principal-en')} width="medium" maxlength={100} />
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
