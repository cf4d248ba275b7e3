import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { TextField } from '../web/components/fields.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDay } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';
import { type EntryView, listedEntries } from './enter-entry.ts';

export const registerPath = '/certificate-register';

interface RegisterPageProps {
  readonly frame: PageFrame;
  readonly entries: readonly EntryView[];
  readonly number: string | null;
  readonly news: 'saved' | 'imported' | null;
}

/** 証明の台帳: what was changed last, and the search by number. */
export function RegisterPage({ frame, entries, number, news }: RegisterPageProps) {
  const { locale } = frame;
  const title = t(locale, 'register.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'register.lead', { count: listedEntries })} />
      {news !== null && <Banner locale={locale} tone="success" title={t(locale, `register.news-${news}`)} />}
      <Actions>
        <ButtonLink href={`${registerPath}/new`} icon="plus">
          {t(locale, 'register.new')}
        </ButtonLink>
        <ButtonLink kind="secondary" href={`${registerPath}/import`}>
          {t(locale, 'register.import')}
        </ButtonLink>
        <ButtonLink kind="secondary" href="/certificate-templates">
          {t(locale, 'template.title')}
        </ButtonLink>
        <ButtonLink kind="secondary" href="/certificate-settings">
          {t(locale, 'offer.title')}
        </ButtonLink>
      </Actions>
      <Form locale={locale} action={registerPath} method="get" inline>
        <TextField
          locale={locale}
          name="number"
          type="search"
          label={t(locale, 'register.search')}
          value={number ?? ''}
          maxlength={40}
          width="medium"
        />
        <Button kind="secondary">{t(locale, 'register.find')}</Button>
      </Form>
      <DataTable
        caption={title}
        rows={entries}
        empty={<EmptyState title={t(locale, number === null ? 'register.none' : 'register.not-found')} />}
        columns={[
          {
            header: t(locale, 'register.name'),
            heading: true,
            cell: ({ id, facts }) => (
              <span lang="ja">
                <a href={`${registerPath}/${id}`}>{facts.officialName}</a>
                <br />
                <span class="hint">{facts.kana}</span>
              </span>
            ),
          },
          {
            header: t(locale, 'register.number'),
            cell: ({ facts, formerSchool }) =>
              formerSchool === null ? facts.number : `${facts.number}（${formerSchool.name}）`,
          },
          { header: t(locale, 'case.birth-date'), cell: ({ facts }) => formatDay(locale, facts.birthDate) },
          { header: t(locale, 'register.standing'), cell: (entry) => standing(locale, entry) },
        ]}
      />
    </Page>
  );
}

function standing(locale: Locale, { facts: { leaving, leftOn, grade } }: EntryView): string {
  if (leftOn === null || leaving === null) {
    return grade === null ? t(locale, 'register.enrolled') : t(locale, 'register.enrolled-grade', { grade });
  }
  return `${t(locale, `register.leaving-${leaving}`)} ${formatDay(locale, leftOn)}`;
}
