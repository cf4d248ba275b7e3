import type { Child } from 'hono/jsx';
import { shownName } from '../directory/shown-name.ts';
import { maxPdfBytes } from '../records/pdf/inspect-pdf.ts';
import { Actions, ButtonLink } from '../web/components/button.tsx';
import { PdfPreview } from '../web/components/pdf-preview.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { formatBytes } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { RunningGlass } from './break-glass-pages.tsx';
import { Findings } from './case-documents.tsx';
import type { CaseView, DocumentView } from './view.ts';

interface DocumentPageProps {
  readonly frame: PageFrame;
  readonly view: CaseView;
  readonly document: DocumentView;
  /** The text of a document that is text and not too long; null for others. */
  readonly text: string | null;
  /** Set where the reader has it open by break-glass. */
  readonly glass: { readonly id: string; readonly expiresAt: Date } | null;
}

/**
 * What is inside one document. Pictures are drawn by the browser's image decoder, structured data are printed as text.
 * A PDF is never rendered on our origin (U-07): it is drawn in a frame that has none.
 */
export function DocumentPage({ frame, view, document, text, glass }: DocumentPageProps) {
  const { locale } = frame;
  const content = `/api/cases/${view.id}/documents/${document.id}/content`;
  const caseHref = `/cases/${view.id}`;
  const crumbs = [
    { label: t(locale, `case.list-${view.side}`), href: `/cases?side=${view.side}` },
    { label: t(locale, 'case.title', { name: shownName(view.pupil) }), href: caseHref },
    { label: document.title },
  ];
  return (
    <Page
      {...frame}
      title={t(locale, `document.${document.kind}`)}
      breadcrumbs={crumbs}
      scripts={isPdf(document) ? ['preview.js'] : []}
    >
      <PageHead title={<span lang="ja">{document.title}</span>} kicker={t(locale, `document.${document.kind}`)} />
      {glass !== null && <RunningGlass locale={locale} glass={glass} end={`/break-glass/${glass.id}/end`} of="glass" />}
      <SummaryList rows={factsOf(frame, view, document)} />
      <Section title={t(locale, 'preview.title')}>
        <Content frame={frame} document={document} address={content} text={text} />
      </Section>
      <Actions>
        <ButtonLink href={content} icon="download" download>
          {t(locale, 'preview.save')}
        </ButtonLink>
        <ButtonLink href={caseHref} kind="secondary">
          {t(locale, 'preview.back')}
        </ButtonLink>
      </Actions>
      <p class="hint">{t(locale, 'preview.logged')}</p>
    </Page>
  );
}

interface ContentProps extends Pick<DocumentPageProps, 'frame' | 'document' | 'text'> {
  readonly address: string;
}

function Content({ frame: { locale }, document, address, text }: ContentProps): Child {
  if (document.mediaType.startsWith('image/')) {
    return <img class="preview-image" src={address} alt={t(locale, 'preview.image', { name: document.title })} />;
  }
  if (text !== null) {
    return (
      <pre class="preview-text" tabindex={0} lang="ja" aria-label={document.title}>
        {text}
      </pre>
    );
  }
  if (!isPdf(document)) return <p class="hint">{t(locale, 'preview.long')}</p>;
  const { title, bytes } = document;
  return <PdfPreview locale={locale} title={title} address={address} bytes={bytes} maxBytes={maxPdfBytes} />;
}

function isPdf({ mediaType }: DocumentView): boolean {
  return mediaType === 'application/pdf';
}

function factsOf({ locale }: PageFrame, view: CaseView, document: DocumentView) {
  return [
    { label: t(locale, 'case.pupil'), value: <span lang="ja">{shownName(view.pupil)}</span> },
    { label: t(locale, 'add.form'), value: t(locale, `form.${document.form}`) },
    {
      label: t(locale, 'preview.size'),
      value: `${document.mediaType}${document.bytes === null ? '' : ` ・ ${formatBytes(locale, document.bytes)}`}`,
    },
    { label: 'SHA-256', value: <code>{document.sha256}</code> },
    ...(document.findings.length === 0
      ? []
      : [{ label: t(locale, 'preview.findings'), value: <Findings locale={locale} document={document} /> }]),
  ];
}
