import { shownName } from '../directory/shown-name.ts';
import type { Fault } from '../faults.ts';
import { caseKinds } from '../records/kinds.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { RadioField, SelectField } from '../web/components/choices.tsx';
import { TextField } from '../web/components/fields.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { Pagination } from '../web/components/pagination.tsx';
import { PageHead } from '../web/components/section.tsx';
import { type Column, DataTable, EmptyState } from '../web/components/table.tsx';
import { Time } from '../web/components/timeline.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { FaultBanner } from './fault-banner.tsx';
import type { FormValues } from './form-values.ts';
import type { CasePage } from './list-cases.ts';
import type { PupilView } from './list-pupils.ts';
import type { CaseSummary } from './view.ts';
import { CaseStateChip, classOf } from './words.tsx';

interface ListPageProps {
  readonly frame: PageFrame;
  readonly side: 'recipient' | 'person';
  readonly page: CasePage;
}

export function ListPage({ frame, side, page }: ListPageProps) {
  const { locale } = frame;
  const title = t(locale, `case.list-${side}`);
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, `case.list-${side}-lead`)} />
      <CaseTable frame={frame} side={side} cases={page.items} />
      {page.items.length > 0 && (
        <Pagination
          locale={locale}
          shown={page.items.length}
          next={page.next === null ? undefined : `/cases?side=${side}&cursor=${page.next}`}
        />
      )}
    </Page>
  );
}

export function CaseTable(props: {
  readonly frame: PageFrame;
  readonly side: 'sender' | 'recipient' | 'person';
  readonly cases: readonly CaseSummary[];
  /** A column before the pupil's. */
  readonly first?: Column<CaseSummary>;
}) {
  const { side, cases, first } = props;
  const { locale } = props.frame;
  return (
    <DataTable
      caption={t(locale, `case.list-${side}`)}
      rows={cases}
      empty={
        <EmptyState
          title={t(locale, `case.none-${side}`)}
          action={
            side === 'person' ? <ButtonLink href="/links">{t(locale, 'case.none-person-do')}</ButtonLink> : undefined
          }
        >
          {t(locale, `case.none-${side}-text`)}
        </EmptyState>
      }
      columns={[
        ...(first === undefined ? [] : [first]),
        {
          header: t(locale, 'case.pupil'),
          heading: true,
          cell: (row) => (
            <a href={`/cases/${row.id}`}>
              <span lang="ja">{shownName(row.pupil)}</span>
            </a>
          ),
        },
        { header: t(locale, 'case.kind'), cell: (row) => t(locale, `kind.${row.kind}`) },
        // A school knows its own name; a pupil wants to see both.
        ...(side === 'sender' ? [] : [senderColumn(locale)]),
        ...(side === 'recipient' ? [] : [recipientColumn(locale)]),
        { header: t(locale, 'case.state'), cell: (row) => <CaseStateChip locale={locale} summary={row} /> },
        { header: t(locale, 'case.updated'), cell: (row) => <Time locale={locale} at={new Date(row.updatedAt)} /> },
      ]}
    />
  );
}

function senderColumn(locale: Locale) {
  return { header: t(locale, 'case.sender'), cell: (row: CaseSummary) => <span lang="ja">{row.sender.name}</span> };
}

function recipientColumn(locale: Locale) {
  return {
    header: t(locale, 'case.recipient'),
    cell: (row: CaseSummary) =>
      row.recipient === null ? t(locale, 'case.no-recipient') : <span lang="ja">{row.recipient.name}</span>,
  };
}

interface DraftPageProps {
  readonly frame: PageFrame;
  readonly pupils: readonly PupilView[];
  readonly values: FormValues;
  readonly reason: Fault | null;
}

export function DraftPage({ frame, pupils, values, reason }: DraftPageProps) {
  const { locale } = frame;
  const title = t(locale, 'draft.title');
  const outbox = { label: t(locale, 'case.list-sender'), href: '/cases?side=sender' };
  if (pupils.length === 0) {
    return (
      <Page {...frame} title={title} breadcrumbs={[outbox, { label: title }]} width="narrow">
        <EmptyState title={t(locale, 'draft.no-pupils')} />
      </Page>
    );
  }
  return (
    <Page {...frame} title={title} breadcrumbs={[outbox, { label: title }]} width="narrow">
      <PageHead title={title} lead={t(locale, 'draft.lead')} />
      {reason !== null && reason.fields === undefined && <FaultBanner locale={locale} reason={reason} />}
      <ErrorSummary locale={locale} errors={reason?.fields} />
      <Form locale={locale} action="/cases/new">
        <SelectField
          locale={locale}
          name="pupilId"
          label={t(locale, 'draft.pupil')}
          required
          value={values['pupilId'] === '' ? undefined : values['pupilId']}
          width="full"
          options={pupils.map((pupil) => ({
            value: pupil.id,
            label: `${shownName(pupil)}（${pupil.kana}） ${classOf(pupil)}`,
          }))}
        />
        <RadioField
          locale={locale}
          name="kind"
          label={t(locale, 'case.kind')}
          required
          value={values['kind']}
          error={reason?.fields?.['kind']}
          options={caseKinds.map((kind) => ({
            value: kind,
            label: t(locale, `kind.${kind}`),
            hint: t(locale, kind === 'advancement' ? 'draft.kind-hint-advancement' : 'draft.kind-hint-transfer'),
          }))}
        />
        <TextField
          locale={locale}
          name="purpose"
          label={t(locale, 'case.purpose')}
          value={values['purpose']}
          maxlength={400}
        />
        <Actions>
          <Button>{t(locale, 'draft.begin')}</Button>
          <ButtonLink href="/cases?side=sender" kind="secondary">
            {t(locale, 'component.cancel')}
          </ButtonLink>
        </Actions>
      </Form>
    </Page>
  );
}
