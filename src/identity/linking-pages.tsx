import { Actions, Button, ButtonLink } from '../web/components/button.tsx';
import { RadioField } from '../web/components/choices.tsx';
import { CodeBox, PrintButton } from '../web/components/code-box.tsx';
import { ErrorSummary, Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import type { IssuedLinkingCode } from './issue-linking-code.ts';
import { LinkTable } from './link-pages.tsx';
import type { LinkView, PupilView } from './links.ts';
import { QrCode } from './qr-code.tsx';
import type { LinkRelation } from './tables.ts';

export const linkingPath = '/linking';

interface RollProps {
  readonly frame: PageFrame;
  readonly pupils: readonly PupilView[];
  readonly next: string | null;
}

/** The school's pupils, each with the way to its links. */
export function LinkingRollPage({ frame, pupils, next }: RollProps) {
  const { locale } = frame;
  const title = t(locale, 'linking.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'linking.lead')} />
      <DataTable
        caption={title}
        rows={pupils}
        empty={<EmptyState title={t(locale, 'linking.empty')} />}
        columns={[
          { header: t(locale, 'linking.pupil'), cell: ({ name, kana }) => `${name}（${kana}）` },
          { header: t(locale, 'linking.homeroom'), cell: ({ homeroom }) => homeroom },
          {
            header: t(locale, 'linking.action'),
            cell: ({ id, name }) => (
              <a href={`${linkingPath}/${encodeURIComponent(id)}`}>
                {t(locale, 'linking.issue')}
                <span class="visually-hidden">: {name}</span>
              </a>
            ),
          },
        ]}
      />
      {next !== null && (
        <Actions>
          <ButtonLink kind="secondary" href={`${linkingPath}?after=${encodeURIComponent(next)}`}>
            {t(locale, 'linking.more')}
          </ButtonLink>
        </Actions>
      )}
    </Page>
  );
}

interface PupilLinksProps {
  readonly frame: PageFrame;
  readonly pupil: PupilView;
  readonly links: readonly LinkView[];
  readonly errors?: Readonly<Record<string, string>>;
}

/** Who is linked to a pupil, and a new code. */
export function PupilLinksPage({ frame, pupil, links, errors }: PupilLinksProps) {
  const { locale } = frame;
  const title = t(locale, 'linking.for', { name: pupil.name });
  const action = `${linkingPath}/${encodeURIComponent(pupil.id)}`;
  const relations: readonly LinkRelation[] = ['self', 'guardian'];
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs(frame, title)} width="narrow">
      <PageHead title={title} />
      <ErrorSummary locale={locale} errors={errors} />
      <Section title={t(locale, 'linking.existing')}>
        <LinkTable
          frame={frame}
          links={links}
          action={`${action}/end`}
          empty={<EmptyState title={t(locale, 'linking.existing-none')} />}
        />
      </Section>
      <Section title={t(locale, 'linking.issue')}>
        <Form locale={locale} action={action}>
          <RadioField
            locale={locale}
            name="relation"
            label={t(locale, 'linking.who')}
            hint={t(locale, 'linking.who-hint')}
            required
            error={errors?.['relation']}
            options={relations.map((value) => ({ value, label: t(locale, `link.relation-${value}`) }))}
          />
          <Actions>
            <Button>{t(locale, 'linking.issue')}</Button>
          </Actions>
        </Form>
      </Section>
    </Page>
  );
}

interface IssuedProps {
  readonly frame: PageFrame;
  readonly pupil: PupilView;
  readonly relation: LinkRelation;
  readonly issued: IssuedLinkingCode;
}

/** The sheet to print: the only time the code is seen. */
export function IssuedCodePage({ frame, pupil, relation, issued }: IssuedProps) {
  const { locale } = frame;
  const title = t(locale, 'linking.issued');
  return (
    <Page {...frame} title={title} breadcrumbs={crumbs(frame, title)} width="narrow">
      <PageHead title={title} actions={<PrintButton locale={locale} />} />
      <div class="no-print">
        <Banner locale={locale} tone="warning" title={t(locale, 'linking.issued-lead')} />
      </div>
      <SummaryList
        rows={[
          { label: t(locale, 'linking.pupil'), value: pupil.name },
          { label: t(locale, 'linking.who'), value: t(locale, `link.relation-${relation}`) },
          { label: t(locale, 'linking.expires'), value: formatDateTime(locale, issued.expiresAt) },
        ]}
      />
      <CodeBox locale={locale} id="linking-code" label={t(locale, 'link.code')} value={issued.code} />
      <QrCode text={issued.address} label={t(locale, 'linking.qr')} />
      <p>{t(locale, 'linking.how')}</p>
      <p class="hint">{t(locale, 'linking.tries')}</p>
    </Page>
  );
}

function crumbs({ locale }: PageFrame, title: string) {
  return [{ label: t(locale, 'linking.title'), href: linkingPath }, { label: title }];
}
