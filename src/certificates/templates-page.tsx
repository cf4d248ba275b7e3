import { type IssuedKind, templateKinds } from '../records/certificate-kinds.ts';
import { Actions, ButtonLink } from '../web/components/button.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { StatusChip } from '../web/components/status.tsx';
import { DataTable } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { registerCrumb, templatesPath } from './template-page.tsx';
import type { TemplateView } from './templates.ts';

interface TemplatesPageProps {
  readonly frame: PageFrame;
  readonly templates: readonly TemplateView[];
}

export const templateTones = { draft: 'warning', published: 'success', replaced: 'neutral' } as const;

/** Every kind with its versions: what is in force, what waits, what was. */
export function TemplatesPage({ frame, templates }: TemplatesPageProps) {
  const { locale } = frame;
  const title = t(locale, 'template.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[registerCrumb(frame), { label: title }]}>
      <PageHead title={title} lead={t(locale, 'template.lead')} />
      {templateKinds.map((kind) => (
        <Section title={t(locale, `certificate.${kind}`)} id={kind}>
          <Versions {...{ frame, kind }} templates={templates.filter((one) => one.kind === kind)} />
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

function Versions({ frame: { locale }, kind, templates }: TemplatesPageProps & { readonly kind: IssuedKind }) {
  return (
    <DataTable
      caption={t(locale, `certificate.${kind}`)}
      rows={templates}
      empty={<p>{t(locale, 'template.none')}</p>}
      columns={[
        { header: t(locale, 'template.version'), cell: ({ version }) => String(version), heading: true },
        {
          header: t(locale, 'template.state'),
          cell: ({ state }) => (
            <StatusChip tone={templateTones[state]}>{t(locale, `template.state-${state}`)}</StatusChip>
          ),
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
          cell: ({ id, version }) => (
            <a href={`${templatesPath}/${id}`}>
              {t(locale, 'template.look')}
              <span class="visually-hidden">
                {' '}
                ({t(locale, `certificate.${kind}`)} {version})
              </span>
            </a>
          ),
        },
      ]}
    />
  );
}
