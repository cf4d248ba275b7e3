import type { Fault } from '../faults.ts';
import { FaultBanner } from '../transfers/fault-banner.tsx';
import { Actions, Button } from '../web/components/button.tsx';
import { SelectField } from '../web/components/choices.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { peoplePath } from './people-page.tsx';
import type { AccountView } from './persons.ts';

interface AccountsProps {
  readonly frame: PageFrame;
  readonly accounts: readonly AccountView[];
  readonly news: 'done' | 'proposed' | null;
  readonly reason: Fault | null;
}

/** Which accounts are one human's: said by one administrator, taken back by two. */
export function AccountsPage({ frame, accounts, news, reason }: AccountsProps) {
  const { locale } = frame;
  const title = t(locale, 'people.accounts');
  const crumbs = [{ label: t(locale, 'people.title'), href: peoplePath }, { label: title }];
  const options = accounts.map(({ staffId, name, account }) => ({ value: staffId, label: `${name} (${account})` }));
  const shared = accounts.filter(({ person, staffId }) =>
    accounts.some((other) => other.person === person && other.staffId !== staffId),
  );
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs}>
      <PageHead title={title} lead={t(locale, 'people.accounts-lead')} />
      {reason !== null && <FaultBanner locale={locale} reason={reason} />}
      {news === 'done' && <Banner locale={locale} tone="success" title={t(locale, 'people.done')} />}
      {news === 'proposed' && <Banner locale={locale} tone="info" title={t(locale, 'proposal.waiting')} />}
      <Form locale={locale} action={`${peoplePath}/accounts`}>
        {(['one', 'two'] as const).map((name) => (
          <SelectField
            locale={locale}
            name={name}
            label={t(locale, `people.${name}`)}
            required
            width="full"
            options={options}
          />
        ))}
        <Actions>
          <Button>{t(locale, 'people.merge')}</Button>
        </Actions>
      </Form>
      <Section title={t(locale, 'people.shared')} lead={t(locale, 'people.split-lead')}>
        <DataTable
          caption={t(locale, 'people.shared')}
          rows={shared.toSorted((one, two) => one.person.localeCompare(two.person))}
          empty={<EmptyState title={t(locale, 'people.no-shared')} />}
          columns={[
            { header: t(locale, 'people.name'), cell: ({ name }) => <span lang="ja">{name}</span> },
            { header: t(locale, 'people.account'), cell: ({ account }) => account },
            {
              header: t(locale, 'people.action'),
              cell: ({ staffId, account }) => (
                <Form
                  locale={locale}
                  action={`${peoplePath}/accounts/${encodeURIComponent(staffId)}/own-person`}
                  inline
                >
                  <Button kind="secondary">
                    {t(locale, 'people.split')}
                    <span class="visually-hidden">: {account}</span>
                  </Button>
                </Form>
              ),
            },
          ]}
        />
      </Section>
    </Page>
  );
}
