import type { SchoolView } from '../directory/find-organisation.ts';
import { prefectures } from '../directory/prefectures.ts';
import { shownName } from '../directory/shown-name.ts';
import type { Fault } from '../faults.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { TextField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { StatusChip } from '../web/components/status.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { FaultBanner } from './fault-banner.tsx';
import type { CaseView } from './view.ts';
import { placeOf } from './words.tsx';

interface RecipientPageProps {
  readonly frame: PageFrame;
  readonly view: CaseView;
  readonly query: { readonly prefecture: string | null; readonly text: string };
  /** Null before anything was searched for. */
  readonly schools: readonly SchoolView[] | null;
  readonly reason: Fault | null;
}

/** Choosing the recipient: by search or, for a transfer, by the 受取番号. The right school is the whole point. */
export function RecipientPage({ frame, view, query, schools, reason }: RecipientPageProps) {
  const { locale } = frame;
  const title = t(locale, 'recipient.title');
  const crumbs = [
    { label: t(locale, 'case.list-sender'), href: '/cases?side=sender' },
    { label: t(locale, 'case.title', { name: shownName(view.pupil) }), href: `/cases/${view.id}` },
    { label: title },
  ];
  const byCode = <CodeForm frame={frame} view={view} />;
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs}>
      <PageHead title={title} lead={t(locale, 'recipient.lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      {view.kind === 'schoolTransfer' && byCode}
      <Section title={t(locale, 'recipient.search')}>
        <Form locale={locale} action={`/cases/${view.id}/recipient`} method="get" inline>
          <SelectField
            locale={locale}
            name="prefecture"
            label={t(locale, 'recipient.prefecture')}
            value={query.prefecture ?? ''}
            options={[
              { value: '', label: t(locale, 'recipient.all-prefectures') },
              ...prefectures.map(({ code, name, english }) => ({
                value: code,
                label: locale === 'ja' ? name : english,
              })),
            ]}
          />
          <TextField locale={locale} name="text" label={t(locale, 'recipient.text')} value={query.text} type="search" />
          <Actions>
            <Button kind="secondary">{t(locale, 'recipient.find')}</Button>
          </Actions>
        </Form>
      </Section>
      {schools !== null && <Found frame={frame} view={view} schools={schools} />}
      <Actions>
        <ButtonLink href={`/cases/${view.id}`} kind="text">
          {t(locale, 'component.back')}
        </ButtonLink>
      </Actions>
    </Page>
  );
}

function CodeForm({ frame: { locale }, view }: { readonly frame: PageFrame; readonly view: CaseView }) {
  return (
    <Section title={t(locale, 'recipient.by-code')}>
      <Form locale={locale} action={`/cases/${view.id}/recipient`}>
        <TextField
          locale={locale}
          name="acceptanceCode"
          label={t(locale, 'expect.code')}
          hint={t(locale, 'recipient.by-code-hint')}
          width="medium"
          required
          code
        />
        <Actions>
          <Button>{t(locale, 'recipient.use-code')}</Button>
        </Actions>
      </Form>
    </Section>
  );
}

interface FoundProps {
  readonly frame: PageFrame;
  readonly view: CaseView;
  readonly schools: readonly SchoolView[];
}

function Found({ frame: { locale }, view, schools }: FoundProps) {
  return (
    <Section title={t(locale, 'recipient.found')}>
      <DataTable
        caption={t(locale, 'recipient.found')}
        rows={schools}
        empty={<EmptyState title={t(locale, 'recipient.none')}>{t(locale, 'recipient.none-text')}</EmptyState>}
        columns={[
          {
            header: t(locale, 'case.recipient'),
            cell: (school) => (
              <>
                <strong>{school.name}</strong>
                <br />
                <span class="hint">{school.nameKana}</span>
              </>
            ),
          },
          { header: t(locale, 'recipient.place'), cell: (school) => placeOf(locale, school) },
          { header: t(locale, 'recipient.school-code'), cell: (school) => <code>{school.code}</code> },
          {
            header: t(locale, 'component.actions'),
            cell: (school) => <Choose locale={locale} view={view} school={school} />,
          },
        ]}
      />
    </Section>
  );
}

interface ChooseProps {
  readonly locale: PageFrame['locale'];
  readonly view: CaseView;
  readonly school: SchoolView;
}

function Choose({ locale, view, school }: ChooseProps) {
  if (school.state === 'closed') {
    return (
      <div class="row-actions">
        <StatusChip tone="danger">{t(locale, 'recipient.closed')}</StatusChip>
        {school.successor !== null && (
          <a href={`/cases/${view.id}/recipient?text=${school.successor.code}`}>
            {t(locale, 'recipient.successor', { name: school.successor.name, code: school.successor.code })}
          </a>
        )}
      </div>
    );
  }
  if (school.code === view.sender.code) return <span class="hint">{t(locale, 'recipient.own')}</span>;
  return (
    <Form locale={locale} action={`/cases/${view.id}/recipient`} hidden={{ recipientCode: school.code }}>
      <Button kind="secondary">
        {t(locale, 'recipient.choose')}
        <span class="visually-hidden"> ({school.name})</span>
      </Button>
    </Form>
  );
}
