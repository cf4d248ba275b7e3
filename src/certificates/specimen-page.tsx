import type { Child } from 'hono/jsx';
import type { Fault } from '../faults.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import { Actions, Button } from '../web/components/button.tsx';
import { Form } from '../web/components/form.tsx';
import { Card, Columns, PageHead, Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { registerCrumb, templatesPath } from './template-page.tsx';
import type { TemplateView } from './templates.ts';
import { templateTones } from './templates-page.tsx';

interface SpecimenPageProps {
  readonly frame: PageFrame;
  readonly template: TemplateView & { readonly sealImage: string | null };
  readonly mayPublish: boolean;
  readonly reason: Fault | null;
  readonly notice: Child;
}

/** One version in both languages with its seal, as it would look: before it is published, and ever after. */
export function SpecimenPage({ frame, template, mayPublish, reason, notice }: SpecimenPageProps) {
  const { locale } = frame;
  const { id, kind, version, state } = template;
  const title = t(locale, 'template.preview-title', { kind: t(locale, `certificate.${kind}`), version });
  const crumbs = [registerCrumb(frame), { label: t(locale, 'template.title'), href: templatesPath }, { label: title }];
  const status = <StatusChip tone={templateTones[state]}>{t(locale, `template.state-${state}`)}</StatusChip>;
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs}>
      <PageHead title={title} lead={t(locale, 'template.preview-lead')} status={status} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      <Words template={template} frame={frame} />
      {state === 'draft' && mayPublish && (
        <>
          {notice}
          <Form locale={locale} action={`${templatesPath}/${id}/publication`}>
            <Actions>
              <Button>{t(locale, 'template.publish')}</Button>
            </Actions>
          </Form>
        </>
      )}
      {state === 'draft' && !mayPublish && (
        <Banner locale={locale} tone="info" title={t(locale, 'template.publish-principal')} />
      )}
    </Page>
  );
}

function Words({ template, frame: { locale } }: Pick<SpecimenPageProps, 'template' | 'frame'>) {
  const { wording, sealImage } = template;
  const seal =
    sealImage === null ? (
      <p>{t(locale, 'template.seal-image-none')}</p>
    ) : (
      <img
        src={`data:image/png;base64,${sealImage}`}
        alt={t(locale, 'template.seal-image-alt')}
        width="96"
        height="96"
      />
    );
  return (
    <Section title={t(locale, 'template.specimen')}>
      <Columns>
        <div lang="ja">
          <Card title={wording.titleJa} level={3}>
            <p>見本　花子　2009年4月2日生まれ</p>
            <p>{wording.bodyJa}</p>
            <p>{wording.principalJa}</p>
          </Card>
        </div>
        <div lang="en">
          <Card title={wording.titleEn} level={3}>
            <p>Hanako MIHON, born 2 April 2009</p>
            <p>{wording.bodyEn}</p>
            <p>{wording.principalEn}</p>
          </Card>
        </div>
      </Columns>
      {seal}
    </Section>
  );
}
