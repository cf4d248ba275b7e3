import { shownName } from '../../directory/shown-name.ts';
import type { Fault } from '../../faults.ts';
import { GlassState, Grounds, RunningGlass } from '../../transfers/break-glass-pages.tsx';
import { boardGlassCategories, maxReasonCharacters } from '../../transfers/break-glass-rules.ts';
import { FaultBanner } from '../../transfers/fault-banner.tsx';
import type { FormValues } from '../../transfers/form-values.ts';
import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { TextArea } from '../../web/components/fields.tsx';
import { ErrorSummary, Form } from '../../web/components/form.tsx';
import { PageHead, Section } from '../../web/components/section.tsx';
import { SummaryList } from '../../web/components/summary-list.tsx';
import { EmptyState } from '../../web/components/table.tsx';
import { formatDateTime } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { NamedCase } from './read-names.ts';
import type { BoardGlassView } from './review-glass.ts';

interface CaseProps {
  readonly frame: PageFrame;
  readonly caseId: string;
}

/** The case by its number alone: tab, history and breadcrumbs name nobody. */
function numberOf(locale: Locale, caseId: string): string {
  return `${t(locale, 'case.number')} ${caseId.slice(0, 8)}`;
}

function crumbsOf({ frame: { locale }, caseId }: CaseProps) {
  return [
    { label: t(locale, 'board.title'), href: '/board' },
    { label: numberOf(locale, caseId), href: `/board/cases/${caseId}` },
    { label: t(locale, 'board-glass.title') },
  ];
}

/** Why, for what kind of reason; and what follows from it, said before it is done. */
export function BoardGlassFormPage(props: CaseProps & { readonly values: FormValues; readonly reason: Fault | null }) {
  const { frame, caseId, values, reason } = props;
  const { locale } = frame;
  const title = t(locale, 'board-glass.title');
  return (
    <Page {...frame} title={title} breadcrumbs={crumbsOf(props)} width="narrow">
      <PageHead title={title} kicker={numberOf(locale, caseId)} lead={t(locale, 'board-glass.lead')} />
      {reason !== null && reason.fields === undefined && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={reason?.fields} />
      <ol class="numbered">
        {(
          [
            'board-glass.rule-name',
            'board-glass.rule-hour',
            'board-glass.rule-told',
            'board-glass.rule-seen',
            'board-glass.rule-reviewed',
          ] as const
        ).map((key) => (
          <li>{t(locale, key)}</li>
        ))}
      </ol>
      <Form locale={locale} action={`/board/cases/${caseId}/break-glass`}>
        <Grounds
          locale={locale}
          categories={boardGlassCategories}
          hint={t(locale, 'board-glass.reason-hint')}
          values={values}
          reason={reason}
        />
        <Actions>
          <Button kind="danger">{t(locale, 'board-glass.open')}</Button>
          <ButtonLink href={`/board/cases/${caseId}`} kind="text">
            {t(locale, 'preview.back')}
          </ButtonLink>
        </Actions>
      </Form>
    </Page>
  );
}

/** The name, until when, and the way to close it. */
export function BoardGlassNamePage(props: CaseProps & { readonly named: NamedCase }) {
  const { frame, caseId, named } = props;
  const { locale } = frame;
  const { glass, pupil } = named;
  const title = t(locale, 'board-glass.title');
  const japanese = (text: string) => <span lang="ja">{text}</span>;
  const isOther = pupil.displayName !== shownName(pupil);
  return (
    <Page {...frame} title={title} breadcrumbs={crumbsOf(props)} width="narrow">
      <RunningGlass locale={locale} glass={glass} end={`/board/break-glass/${glass.id}/end`} of="board-glass" />
      <PageHead title={title} kicker={numberOf(locale, caseId)} lead={t(locale, 'board-glass.name-lead')} />
      <SummaryList
        rows={[
          { label: t(locale, 'board-glass.official-name'), value: japanese(shownName(pupil)) },
          ...(isOther ? [{ label: t(locale, 'board-glass.display-name'), value: japanese(pupil.displayName) }] : []),
          ...(pupil.kana === null ? [] : [{ label: t(locale, 'board-glass.kana'), value: japanese(pupil.kana) }]),
        ]}
      />
      <Actions>
        <ButtonLink href={`/board/cases/${caseId}`} kind="text">
          {t(locale, 'preview.back')}
        </ButtonLink>
      </Actions>
    </Page>
  );
}

interface ListProps {
  readonly frame: PageFrame;
  readonly items: readonly BoardGlassView[];
  /** Of a review that was refused: what was typed, and over which opening. */
  readonly tried: FormValues;
  readonly reason: Fault | null;
}

/** Whose name was opened is not said here: a review judges the reason, and would otherwise be one more look. */
export function BoardGlassListPage(props: ListProps) {
  const { frame, items, reason } = props;
  const { locale } = frame;
  const title = t(locale, 'board-glass.list');
  const crumbs = [{ label: t(locale, 'board.title'), href: '/board' }, { label: title }];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs}>
      <PageHead title={title} lead={t(locale, 'board-glass.list-lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      {items.length === 0 && (
        <EmptyState title={t(locale, 'board-glass.none')}>{t(locale, 'board-glass.none-text')}</EmptyState>
      )}
      {items.map((glass) => (
        <Section title={numberOf(locale, glass.caseId)}>
          <SummaryList rows={rowsOf(locale, glass)} />
          <Acts {...props} glass={glass} />
        </Section>
      ))}
    </Page>
  );
}

/** Each opening on the page has a field of its own. */
export function reviewField(id: string): string {
  return `reason-${id}`;
}

function rowsOf(locale: Locale, glass: BoardGlassView) {
  const at = (instant: string) => formatDateTime(locale, new Date(instant));
  return [
    { label: t(locale, 'case.state'), value: <GlassState locale={locale} glass={glass} /> },
    { label: t(locale, 'board.school'), value: <span lang="ja">{glass.schools.join('、')}</span> },
    { label: t(locale, 'glass.by'), value: <span lang="ja">{glass.openedBy}</span> },
    { label: t(locale, 'glass.time'), value: `${at(glass.openedAt)} – ${at(glass.endedAt ?? glass.expiresAt)}` },
    { label: t(locale, 'glass.category'), value: t(locale, `glass.category-${glass.category}`) },
    { label: t(locale, 'glass.reason'), value: <span lang="ja">{glass.reason}</span> },
    ...(glass.review === null
      ? []
      : [{ label: t(locale, 'board-glass.review-reason'), value: <span lang="ja">{glass.review.reason}</span> }]),
    {
      label: t(locale, 'case.ledger'),
      value: <a href={`/board/cases/${glass.caseId}`}>{t(locale, 'glass.to-case')}</a>,
    },
  ];
}

function Acts({ frame: { locale }, glass, tried, reason }: ListProps & { readonly glass: BoardGlassView }) {
  const about = <span class="visually-hidden"> ({numberOf(locale, glass.caseId)})</span>;
  const isTried = tried['id'] === glass.id;
  return (
    <>
      {glass.may.includes('review') && (
        <Form locale={locale} action={`/board/break-glass/${glass.id}/review`}>
          <TextArea
            locale={locale}
            name={reviewField(glass.id)}
            label={t(locale, 'board-glass.review-reason')}
            hint={t(locale, 'board-glass.review-hint')}
            required
            rows={2}
            maxlength={maxReasonCharacters}
            value={isTried ? tried[reviewField(glass.id)] : undefined}
            error={isTried ? reason?.fields?.['reason'] : undefined}
          />
          <Actions>
            <Button kind="secondary" name="justified" value="yes">
              {t(locale, 'glass.justified')}
              {about}
            </Button>
            <Button kind="danger" name="justified" value="no">
              {t(locale, 'glass.questioned')}
              {about}
            </Button>
          </Actions>
        </Form>
      )}
      {glass.may.includes('end') && (
        <Form locale={locale} action={`/board/break-glass/${glass.id}/end`} inline>
          <Button kind="secondary">
            {t(locale, 'board-glass.end')}
            {about}
          </Button>
        </Form>
      )}
    </>
  );
}
