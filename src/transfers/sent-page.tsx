import { shownName } from '../directory/shown-name.ts';
import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { Form } from '../web/components/form.tsx';
import { Pagination } from '../web/components/pagination.tsx';
import { PageHead } from '../web/components/section.tsx';
import { EmptyState } from '../web/components/table.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import type { CasePage, SentChoices } from './list-cases.ts';
import { CaseTable } from './list-pages.tsx';
import { type CaseState, caseStates } from './tables.ts';
import type { CaseSummary } from './view.ts';

export interface SentFilter {
  readonly state: CaseState | null;
  readonly homeroom: string | null;
  readonly recipient: string | null;
}

interface SentPageProps {
  readonly frame: PageFrame;
  readonly page: CasePage;
  readonly choices: SentChoices;
  readonly filter: SentFilter;
  readonly cursor: string | null;
  /** Which of the boxes are checked: without script, too, a whole page of them is chosen by one link. */
  readonly selected: 'all' | 'none';
  /** Clerk and principal: they begin cases and take them back. */
  readonly handles: boolean;
}

/** What the school sends, with boxes to take many back at once. */
export function SentPage(props: SentPageProps) {
  const { frame, page, filter, handles } = props;
  const { locale } = frame;
  const title = t(locale, 'case.list-sender');
  const newCase = handles && (
    <ButtonLink href="/cases/new" icon="send">
      {t(locale, 'case.new')}
    </ButtonLink>
  );
  const hasFilter = Object.values(filter).some((value) => value !== null);
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'case.list-sender-lead')} actions={newCase || undefined} />
      {(page.items.length > 0 || hasFilter) && <Filter {...props} />}
      {page.items.length === 0 && hasFilter ? (
        <EmptyState
          title={t(locale, 'sent.no-match')}
          action={<ButtonLink href="/cases?side=sender">{t(locale, 'sent.show-all')}</ButtonLink>}
        >
          {t(locale, 'sent.no-match-text')}
        </EmptyState>
      ) : (
        <Cases {...props} />
      )}
      {page.items.length > 0 && (
        <Pagination
          locale={locale}
          shown={page.items.length}
          next={page.next === null ? undefined : listPath(filter, { cursor: page.next })}
        />
      )}
    </Page>
  );
}

function Cases({ frame, page, filter, cursor, selected, handles }: SentPageProps) {
  const { locale } = frame;
  if (!handles || !page.items.some(isChoosable)) return <CaseTable frame={frame} side="sender" cases={page.items} />;
  const here = cursor === null ? {} : { cursor };
  return (
    <Form locale={locale} action="/cases/withdrawal" method="get">
      <p>
        <a href={listPath(filter, { ...here, select: 'all' })}>{t(locale, 'sent.select-all')}</a>
        {' ・ '}
        <a href={listPath(filter, here)}>{t(locale, 'sent.select-none')}</a>
      </p>
      <CaseTable
        frame={frame}
        side="sender"
        cases={page.items}
        first={{
          header: t(locale, 'sent.select'),
          cell: (row) => isChoosable(row) && <Box locale={locale} row={row} checked={selected === 'all'} />,
        }}
      />
      <p class="hint">{t(locale, 'sent.withdraw-hint')}</p>
      <Actions>
        <Button kind="secondary">{t(locale, 'sent.withdraw')}</Button>
      </Actions>
    </Form>
  );
}

/** What is on its way, and what has been opened: of those the next page says that it is too late. */
function isChoosable({ state }: CaseSummary): boolean {
  return state === 'deposited' || state === 'opened' || state === 'acknowledged';
}

function Box({
  locale,
  row,
  checked,
}: {
  readonly locale: Locale;
  readonly row: CaseSummary;
  readonly checked: boolean;
}) {
  return (
    <input
      class="box"
      type="checkbox"
      name="case"
      value={row.id}
      checked={checked}
      aria-label={t(locale, 'sent.select-one', { pupil: shownName(row.pupil) })}
    />
  );
}

function Filter({ frame, choices, filter }: SentPageProps) {
  const { locale } = frame;
  const all = { value: '', label: t(locale, 'sent.all') };
  const states = caseStates.map((value) => ({ value, label: t(locale, `state.${value}`) }));
  const homerooms = choices.homerooms.map((value) => ({ value, label: value }));
  const recipients = choices.recipients.map(({ code, name }) => ({ value: code, label: name }));
  return (
    <Form locale={locale} action="/cases" method="get" inline hidden={{ side: 'sender' }}>
      <SelectField
        locale={locale}
        name="state"
        label={t(locale, 'case.state')}
        value={filter.state ?? ''}
        options={[all, ...states]}
      />
      <SelectField
        locale={locale}
        name="homeroom"
        label={t(locale, 'sent.homeroom')}
        value={filter.homeroom ?? ''}
        options={[all, ...homerooms]}
      />
      <SelectField
        locale={locale}
        name="recipient"
        label={t(locale, 'case.recipient')}
        value={filter.recipient ?? ''}
        options={[all, ...recipients]}
      />
      <Actions>
        <Button kind="secondary">{t(locale, 'sent.filter')}</Button>
      </Actions>
    </Form>
  );
}

function listPath(filter: SentFilter, more: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ side: 'sender' });
  for (const [name, value] of Object.entries(filter)) if (value !== null) query.set(name, String(value));
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return `/cases?${query.toString()}`;
}
