import { Actions, Button, ButtonLink } from '../../web/components/button.tsx';
import { CodeBox } from '../../web/components/code-box.tsx';
import { Form } from '../../web/components/form.tsx';
import { Card, PageHead, Section } from '../../web/components/section.tsx';
import { Banner } from '../../web/components/status.tsx';
import { DataTable, EmptyState } from '../../web/components/table.tsx';
import { formatDateTime, formatDay } from '../../web/format.ts';
import { Page, type PageFrame } from '../../web/layout.tsx';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import { consentsPath } from '../consents/consents-page.tsx';
import type { LinkView } from '../links/links.ts';
import type { NoticeView } from './list-notices.ts';
import { seesNow } from './rules.ts';
import { newLinkPath, renewPath, StandingChip, scopeText } from './words.tsx';

interface LinksProps {
  readonly frame: PageFrame;
  readonly links: readonly LinkView[];
  readonly notices: readonly NoticeView[];
  readonly done: 'asked' | null;
}

/** A person's own page: which pupils, as what, how far and until when; and what they were told. */
export function LinksPage({ frame, links, notices, done }: LinksProps) {
  const { locale } = frame;
  const title = t(locale, 'link.title');
  const enter = (
    <ButtonLink href={newLinkPath} kind={links.length === 0 ? 'primary' : 'secondary'}>
      {t(locale, 'link.new')}
    </ButtonLink>
  );
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'link.lead')} />
      {done === 'asked' && <Banner locale={locale} tone="success" title={t(locale, 'link.asked')} />}
      {links.flatMap(({ id, checkNumber }) =>
        checkNumber === null ? [] : [<WaitingCard locale={locale} id={id} checkNumber={checkNumber} />],
      )}
      <OwnLinks
        locale={locale}
        links={links}
        empty={
          <EmptyState title={t(locale, 'link.none')} action={enter}>
            {t(locale, 'link.none-text')}
          </EmptyState>
        }
      />
      {links.length > 0 && <Actions>{enter}</Actions>}
      {links.some(({ relation, state }) => relation === 'self' && seesNow(state)) && (
        <Section title={t(locale, 'consent.title')} lead={t(locale, 'consent.lead')}>
          <Actions>
            <ButtonLink href={consentsPath} kind="secondary">
              {t(locale, 'consent.door')}
            </ButtonLink>
          </Actions>
        </Section>
      )}
      <Section title={t(locale, 'link.notices')}>
        <Notices locale={locale} notices={notices} />
      </Section>
      <Section title={t(locale, 'link.renewed')}>
        <p>{t(locale, 'link.renewed-text')}</p>
        <Actions>
          <ButtonLink href={renewPath} kind="secondary">
            {t(locale, 'renew.title')}
          </ButtonLink>
        </Actions>
      </Section>
    </Page>
  );
}

function WaitingCard({
  locale,
  id,
  checkNumber,
}: {
  readonly locale: Locale;
  readonly id: string;
  readonly checkNumber: string;
}) {
  return (
    <Card title={t(locale, 'link.pending')}>
      <p>{t(locale, 'link.pending-text')}</p>
      <CodeBox
        locale={locale}
        id={`check-${id}`}
        label={t(locale, 'pending.check')}
        value={`${checkNumber.slice(0, 3)} ${checkNumber.slice(3)}`}
      />
    </Card>
  );
}

function OwnLinks(props: {
  readonly locale: Locale;
  readonly links: readonly LinkView[];
  readonly empty: ReturnType<typeof EmptyState>;
}) {
  const { locale } = props;
  return (
    <DataTable
      caption={t(locale, 'link.title')}
      rows={props.links}
      empty={props.empty}
      columns={[
        { header: t(locale, 'link.pupil'), cell: (link) => <PupilOf locale={locale} link={link} /> },
        { header: t(locale, 'link.relation'), cell: ({ relation }) => t(locale, `link.relation-${relation}`) },
        {
          header: t(locale, 'link.state'),
          cell: ({ state }) => (
            <>
              <StandingChip locale={locale} state={state} />
              {!seesNow(state) && state !== 'pending' && <p class="hint">{t(locale, 'link.ask-school')}</p>}
            </>
          ),
        },
        {
          header: t(locale, 'link.scope'),
          cell: ({ state, scope }) => (seesNow(state) ? scopeText(locale, scope) : '—'),
        },
        {
          header: t(locale, 'link.until'),
          cell: ({ until }) => (until === null ? t(locale, 'link.no-end') : formatDay(locale, until)),
        },
        { header: t(locale, 'link.since'), cell: ({ linkedAt }) => formatDateTime(locale, linkedAt) },
        {
          header: t(locale, 'link.action'),
          cell: ({ id }) => (
            <Form locale={locale} action="/links/end" hidden={{ link: id }} inline>
              <Button kind="secondary">{t(locale, 'link.end')}</Button>
            </Form>
          ),
        },
      ]}
    />
  );
}

/** A name only for whoever may see the pupil now. */
function PupilOf({ locale, link: { pupilName, state } }: { readonly locale: Locale; readonly link: LinkView }) {
  if (pupilName !== null) return <span lang="ja">{pupilName}</span>;
  if (state === 'pending') return <>{t(locale, 'link.pending-pupil')}</>;
  return <>{t(locale, seesNow(state) ? 'link.former-pupil' : 'link.hidden-pupil')}</>;
}

function Notices({ locale, notices }: { readonly locale: Locale; readonly notices: readonly NoticeView[] }) {
  return (
    <>
      <DataTable
        caption={t(locale, 'link.notices')}
        rows={notices}
        empty={<EmptyState title={t(locale, 'link.notices-none')} />}
        columns={[
          { header: t(locale, 'link.notice-when'), cell: ({ at }) => formatDateTime(locale, at) },
          { header: t(locale, 'link.notice-what'), cell: (notice) => <NoticeLine {...{ locale, notice }} /> },
          {
            header: t(locale, 'link.pupil'),
            cell: ({ pupilName }) => <span lang="ja">{pupilName ?? t(locale, 'link.hidden-pupil')}</span>,
          },
        ]}
      />
      {notices.length > 0 && <p class="hint">{t(locale, 'notice.surprised')}</p>}
    </>
  );
}

/** Of a certificate with the way to it, for whoever may open it. */
function NoticeLine({ locale, notice }: { readonly locale: Locale; readonly notice: NoticeView }) {
  const text = t(locale, `notice.${notice.subject}`);
  return notice.requestId === null ? <>{text}</> : <a href={`/own-certificates/${notice.requestId}`}>{text}</a>;
}
