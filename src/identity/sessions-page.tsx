import type { Actor } from '../policy/actor.ts';
import { Actions, Button } from '../web/components/button.tsx';
import { Form } from '../web/components/form.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner, StatusChip } from '../web/components/status.tsx';
import { DataTable } from '../web/components/table.tsx';
import { formatDateTime } from '../web/format.ts';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { browserName } from './browser-name.ts';
import type { SessionView } from './end-session.ts';
import { HistorySection, type OwnLogIns, WaysSection } from './log-ins/log-in-sections.tsx';
import { StepUpNotice } from './step-up-page.tsx';

interface SessionsProps {
  readonly frame: PageFrame;
  readonly sessions: readonly SessionView[];
  readonly own: OwnLogIns;
  readonly actor: Actor;
  readonly done: 'added' | 'removed' | null;
}

/** Where I am logged in, and the way out of each. */
export function SessionsPage({ frame, sessions, own, actor, done }: SessionsProps) {
  const { locale } = frame;
  const title = t(locale, 'session.title');
  return (
    <Page {...frame} title={title} breadcrumbs={[{ label: title }]}>
      <PageHead title={title} lead={t(locale, 'session.lead')} />
      {done !== null && <Banner locale={locale} tone="success" title={t(locale, `way.done-${done}`)} />}
      {own.ways?.mayChange === true && <StepUpNotice frame={frame} actor={actor} />}
      <DataTable
        caption={title}
        rows={sessions}
        columns={[
          {
            header: t(locale, 'session.browser'),
            cell: ({ browser, current }) => (
              <>
                {browserName(browser) ?? t(locale, 'session.unknown-browser')}{' '}
                {current && <StatusChip tone="info">{t(locale, 'session.current')}</StatusChip>}
              </>
            ),
          },
          {
            header: t(locale, 'session.level'),
            cell: ({ assurance }) => t(locale, `level.${assurance}`),
          },
          { header: t(locale, 'session.began'), cell: ({ createdAt }) => formatDateTime(locale, createdAt) },
          { header: t(locale, 'session.proved'), cell: (session) => provedAt(session, locale) },
          { header: t(locale, 'session.seen'), cell: ({ lastSeenAt }) => formatDateTime(locale, lastSeenAt) },
          {
            header: t(locale, 'session.action'),
            cell: ({ id }) => (
              <Form locale={locale} action="/sessions/end" hidden={{ session: id }} inline>
                <Button kind="secondary">{t(locale, 'session.end')}</Button>
              </Form>
            ),
          },
        ]}
      />
      {own.ways !== null && <WaysSection locale={locale} own={own.ways} />}
      <HistorySection locale={locale} logIns={own.logIns} />
      <Section title={t(locale, 'session.end-many')} lead={t(locale, 'session.end-many-lead')}>
        <Form locale={locale} action="/sessions/end-all">
          <Actions>
            {sessions.length > 1 && (
              <Button kind="secondary" name="which" value="others">
                {t(locale, 'session.end-others')}
              </Button>
            )}
            <Button kind="danger" name="which" value="all">
              {t(locale, 'session.end-all')}
            </Button>
          </Actions>
        </Form>
      </Section>
    </Page>
  );
}

/** A provider may keep to itself when it saw the person. */
function provedAt({ authenticatedAt }: SessionView, locale: PageFrame['locale']): string {
  return authenticatedAt.getTime() === 0
    ? t(locale, 'session.proved-unknown')
    : formatDateTime(locale, authenticatedAt);
}
