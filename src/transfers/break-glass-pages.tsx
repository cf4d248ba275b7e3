import { shownName } from '../directory/shown-name.ts';
import type { Fault } from '../faults.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { RadioField } from '../web/components/choices.tsx';
import { TextArea } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { EmptyState } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import {
  type BoardGlassCategory,
  type BreakGlassCategory,
  breakGlassCategories,
  maxReasonCharacters,
} from './break-glass-rules.ts';
import { FaultBanner } from './fault-banner.tsx';
import type { FormValues } from './form-values.ts';
import type { BreakGlassView } from './review-break-glass.ts';
import type { CaseView, DocumentView } from './view.ts';
import { word } from './words.tsx';

interface DocumentProps {
  readonly frame: PageFrame;
  readonly view: CaseView;
  readonly document: DocumentView;
}

function crumbsOf({ frame: { locale }, view, document }: DocumentProps) {
  return [
    { label: t(locale, `case.list-${view.side}`), href: `/cases?side=${view.side}` },
    { label: t(locale, 'case.title', { name: shownName(view.pupil) }), href: `/cases/${view.id}` },
    { label: document.title },
  ];
}

/** A document that this role does not read, and the door for emergencies. */
export function UnreadablePage(props: DocumentProps) {
  const { frame, view, document } = props;
  const { locale } = frame;
  return (
    <Page {...frame} title={t(locale, `document.${document.kind}`)} breadcrumbs={crumbsOf(props)} width="narrow">
      <PageHead title={<span lang="ja">{document.title}</span>} kicker={t(locale, `document.${document.kind}`)} />
      <Banner locale={locale} tone="warning" title={t(locale, 'glass.not-readable')}>
        <p>{t(locale, 'glass.not-readable-text')}</p>
      </Banner>
      <Actions>
        <ButtonLink href={`/cases/${view.id}/documents/${document.id}/break-glass`} kind="secondary">
          {t(locale, 'glass.offer')}
        </ButtonLink>
        <ButtonLink href={`/cases/${view.id}`} kind="text">
          {t(locale, 'preview.back')}
        </ButtonLink>
      </Actions>
    </Page>
  );
}

/** Why, in what kind of emergency; and what follows from it, said before it is done. */
export function BreakGlassPage(props: DocumentProps & { readonly values: FormValues; readonly reason: Fault | null }) {
  const { frame, view, document, values, reason } = props;
  const { locale } = frame;
  const title = t(locale, 'glass.title');
  return (
    <Page {...frame} title={title} breadcrumbs={crumbsOf(props)} width="narrow">
      <PageHead title={title} kicker={<span lang="ja">{document.title}</span>} lead={t(locale, 'glass.lead')} />
      {reason !== null && reason.fields === undefined && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={reason?.fields} />
      <ol class="numbered">
        {(['glass.rule-one', 'glass.rule-hour', 'glass.rule-told', 'glass.rule-seen'] as const).map((key) => (
          <li>{t(locale, key)}</li>
        ))}
      </ol>
      <Form locale={locale} action={`/cases/${view.id}/documents/${document.id}/break-glass`}>
        <Grounds
          locale={locale}
          categories={breakGlassCategories}
          hint={t(locale, 'glass.reason-hint')}
          values={values}
          reason={reason}
        />
        <Actions>
          <Button kind="danger">{t(locale, 'glass.open')}</Button>
          <ButtonLink href={`/cases/${view.id}`} kind="text">
            {t(locale, 'preview.back')}
          </ButtonLink>
        </Actions>
      </Form>
    </Page>
  );
}

/** What kind of reason, which others are shown, and the reason itself, which the reviewer reads. */
export function Grounds(props: {
  readonly locale: Locale;
  readonly categories: readonly (BreakGlassCategory | BoardGlassCategory)[];
  readonly hint: string;
  readonly values: FormValues;
  readonly reason: Fault | null;
}) {
  const { locale, categories, hint, values, reason } = props;
  const errors = reason?.fields ?? {};
  return (
    <>
      <RadioField
        locale={locale}
        name="category"
        label={t(locale, 'glass.category')}
        hint={t(locale, 'glass.category-hint')}
        required
        value={values['category']}
        error={errors['category']}
        options={categories.map((value) => ({ value, label: t(locale, `glass.category-${value}`) }))}
      />
      <TextArea
        locale={locale}
        name="reason"
        label={t(locale, 'glass.reason')}
        hint={hint}
        required
        maxlength={maxReasonCharacters}
        value={values['reason']}
        error={errors['reason']}
      />
    </>
  );
}

/** On top of what is open by break-glass: until when, and the way to close it. */
export function RunningGlass(props: {
  readonly locale: Locale;
  readonly glass: { readonly expiresAt: Date };
  /** Where it is closed. */
  readonly end: string;
  /** A school opens a document, a board a name. */
  readonly of: 'glass' | 'board-glass';
}) {
  const { locale, glass, end, of } = props;
  const until = formatDateTime(locale, glass.expiresAt);
  return (
    <Banner locale={locale} tone="warning" title={t(locale, `${of}.running`, { until })}>
      <Form locale={locale} action={end} inline>
        <Button kind="secondary">{t(locale, `${of}.end`)}</Button>
      </Form>
    </Banner>
  );
}

/** What was opened in emergencies: all of the school's for the principal, their own for whoever opened one. */
export function BreakGlassListPage(props: {
  readonly frame: PageFrame;
  readonly items: readonly BreakGlassView[];
  readonly reason: Fault | null;
}) {
  const { frame, items, reason } = props;
  const { locale } = frame;
  const title = t(locale, 'glass.list');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'glass.list-lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      {items.length === 0 && <EmptyState title={t(locale, 'glass.none')}>{t(locale, 'glass.none-text')}</EmptyState>}
      {items.map((glass) => (
        <Section
          title={
            <>
              <span lang="ja">{glass.documentTitle}</span> ・ <span lang="ja">{shownName(glass.pupil)}</span>
            </>
          }
        >
          <SummaryList rows={rowsOf(locale, glass)} />
          <Acts locale={locale} glass={glass} />
        </Section>
      ))}
    </Page>
  );
}

function rowsOf(locale: Locale, glass: BreakGlassView) {
  const at = (instant: string) => formatDateTime(locale, new Date(instant));
  return [
    { label: t(locale, 'case.state'), value: <GlassState locale={locale} glass={glass} /> },
    {
      label: t(locale, 'glass.by'),
      value: (
        <>
          <span lang="ja">{glass.openedBy}</span> ({word(locale, `role.${glass.role}`, 'ledger.gateway')})
        </>
      ),
    },
    { label: t(locale, 'glass.time'), value: `${at(glass.openedAt)} – ${at(glass.endedAt ?? glass.expiresAt)}` },
    { label: t(locale, 'glass.category'), value: t(locale, `glass.category-${glass.category}`) },
    { label: t(locale, 'glass.reason'), value: <span lang="ja">{glass.reason}</span> },
    {
      label: t(locale, 'case.ledger'),
      value: <a href={`/cases/${glass.caseId}`}>{t(locale, 'glass.to-case')}</a>,
    },
  ];
}

/** Open now, waiting for its review, or what the review found. */
export function GlassState(props: {
  readonly locale: Locale;
  readonly glass: { readonly endedAt: string | null; readonly review: { readonly justified: boolean } | null };
}) {
  const { locale, glass } = props;
  if (glass.endedAt === null) return <StatusChip tone="danger">{t(locale, 'glass.state-running')}</StatusChip>;
  if (glass.review === null) return <StatusChip tone="warning">{t(locale, 'glass.state-unreviewed')}</StatusChip>;
  return glass.review.justified ? (
    <StatusChip tone="success">{t(locale, 'glass.state-justified')}</StatusChip>
  ) : (
    <StatusChip tone="danger">{t(locale, 'glass.state-questioned')}</StatusChip>
  );
}

function Acts({ locale, glass }: { readonly locale: Locale; readonly glass: BreakGlassView }) {
  const about = <span class="visually-hidden"> ({glass.documentTitle})</span>;
  return (
    <Actions>
      {glass.may.includes('review') && (
        <Form locale={locale} action={`/break-glass/${glass.id}/review`} inline>
          <Button kind="secondary" name="justified" value="yes">
            {t(locale, 'glass.justified')}
            {about}
          </Button>
          <Button kind="danger" name="justified" value="no">
            {t(locale, 'glass.questioned')}
            {about}
          </Button>
        </Form>
      )}
      {glass.may.includes('end') && (
        <Form locale={locale} action={`/break-glass/${glass.id}/end`} inline>
          <Button kind="secondary">
            {t(locale, 'glass.end')}
            {about}
          </Button>
        </Form>
      )}
    </Actions>
  );
}
