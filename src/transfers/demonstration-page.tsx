import { Button, ButtonLink } from '../web/components/button.tsx';
import { Form } from '../web/components/form.tsx';
import { Card, Columns, PageHead, Section } from '../web/components/section.tsx';
import { DataTable } from '../web/components/table.tsx';
import type { DemonstrationGuide } from '../web/demonstration.ts';
import { formatDay } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import type { Locale } from '../web/locale.ts';
import { t } from '../web/text.ts';

interface DemonstrationProps {
  readonly frame: PageFrame;
  readonly guide: DemonstrationGuide;
}

interface PartProps {
  readonly locale: Locale;
  readonly guide: DemonstrationGuide;
}

/** Everybody whom a visitor can be, a button each. Only of invented people. */
export function DemonstrationPage({ frame, guide }: DemonstrationProps) {
  const { locale } = frame;
  const title = t(locale, 'home.demo');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'home.demo-lead')} />
      <Section title={t(locale, 'home.demo-walk')}>
        <ol class="numbered">
          {walk.map((key) => (
            <li>{t(locale, key)}</li>
          ))}
        </ol>
        <Documents locale={locale} guide={guide} />
      </Section>
      <Section title={t(locale, 'home.staff')} lead={t(locale, 'home.demo-staff-lead')}>
        <Accounts locale={locale} guide={guide} />
      </Section>
      <Section title={t(locale, 'home.person')} lead={t(locale, 'home.demo-person-lead')}>
        <p>
          {t(locale, 'home.demo-password')}: <code>{guide.password}</code>{' '}
          <ButtonLink href="/login#person" kind="text">
            {t(locale, 'home.demo-person-log-in')}
          </ButtonLink>
        </p>
        <Persons locale={locale} guide={guide} />
        <h3>{t(locale, 'home.demo-app')}</h3>
        <p>{t(locale, 'home.demo-app-lead')}</p>
        <AppUsers locale={locale} guide={guide} />
        <h3>{t(locale, 'paper.door')}</h3>
        <p>{t(locale, 'home.demo-paper')}</p>
      </Section>
      <Section title={t(locale, 'home.demo-machines')} lead={t(locale, 'home.demo-machines-lead')}>
        <ul class="plain">
          {guide.machines.map(({ clientId, name }) => (
            <li>
              <code>{clientId}</code> <span lang="ja">{name}</span>
            </li>
          ))}
        </ul>
      </Section>
    </Page>
  );
}

const walk = [
  'home.demo-walk-1',
  'home.demo-walk-2',
  'home.demo-walk-3',
  'home.demo-walk-4',
  'home.demo-walk-5',
  'home.demo-walk-6',
] as const;

function Documents({ locale, guide }: PartProps) {
  return (
    <p>
      {t(locale, 'home.demo-documents')}:{' '}
      {guide.documents.map(({ file, title }) => (
        <a class="file-link" href={`/demonstration/documents/${encodeURIComponent(file)}`} download>
          <span lang="ja">{title}</span>
        </a>
      ))}
    </p>
  );
}

function Accounts({ locale, guide }: PartProps) {
  const bySchool = Map.groupBy(guide.accounts, ({ memberships: [first, second] }) =>
    first !== undefined && second === undefined ? first.school[locale] : t(locale, 'home.demo-others'),
  );
  return (
    <Columns>
      {[...bySchool].map(([school, accounts]) => (
        <Card title={school} level={3}>
          <Form locale={locale} action="/demonstration/log-in">
            <ul class="people">
              {accounts.map((account) => (
                <li>
                  <Button kind="secondary" name="account" value={account.subject}>
                    <span lang="ja">{account.name}</span>
                    <small>{about(locale, account)}</small>
                  </Button>
                </li>
              ))}
            </ul>
          </Form>
        </Card>
      ))}
    </Columns>
  );
}

function about(locale: Locale, { memberships, remark }: DemonstrationGuide['accounts'][number]): string {
  if (remark !== null) return remark[locale];
  return memberships.map(({ roleName }) => roleName[locale]).join(locale === 'ja' ? '、' : ', ');
}

function Persons({ locale, guide }: PartProps) {
  return (
    <DataTable
      caption={t(locale, 'home.person')}
      rows={guide.persons}
      columns={[
        {
          header: t(locale, 'home.demo-holder'),
          cell: ({ holder, isGood }) => (
            <>
              {holder[locale]}
              {!isGood && <span class="hint"> {t(locale, 'home.demo-refused')}</span>}
            </>
          ),
        },
        {
          header: t(locale, 'home.demo-file'),
          cell: ({ file }) => (
            <a href={`/demonstration/certificates/${encodeURIComponent(file)}`} download>
              {file}
            </a>
          ),
        },
        { header: t(locale, 'home.demo-linking-code'), cell: (person) => <LinkingCode locale={locale} {...person} /> },
      ]}
    />
  );
}

function AppUsers({ locale, guide }: PartProps) {
  return (
    <DataTable
      caption={t(locale, 'home.demo-app')}
      rows={guide.appUsers}
      columns={[
        {
          header: t(locale, 'home.demo-holder'),
          cell: ({ subject, name }) => (
            <Form locale={locale} action="/demonstration/log-in" hidden={{ account: subject }} inline>
              <Button kind="secondary">{name[locale]}</Button>
            </Form>
          ),
        },
        { header: t(locale, 'home.demo-linking-code'), cell: (person) => <LinkingCode locale={locale} {...person} /> },
      ]}
    />
  );
}

/** As the school would hand it out on paper, with the birth date that goes with it. */
function LinkingCode(
  props: { readonly locale: Locale } & Pick<DemonstrationGuide['persons'][number], 'linkingCode' | 'pupil'>,
) {
  const { locale, linkingCode, pupil } = props;
  if (linkingCode === null) return <>—</>;
  return (
    <>
      <code class="line">{linkingCode}</code>
      {pupil !== null && (
        <span class="hint">
          {t(locale, 'link.birth-date')}: {formatDay(locale, pupil.birthDate)}
        </span>
      )}
    </>
  );
}
