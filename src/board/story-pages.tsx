import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { isAllowed, ownThing } from '../policy/decide.ts';
import { verbContext } from '../transfers/context.ts';
import { isAuditors } from '../transfers/ledger/acting.ts';
import { countReports, type OpenReports } from '../transfers/ledger/count-reports.ts';
import { download } from '../transfers/render.ts';
import { bundleLines } from '../transfers/story/bundle.ts';
import { logRows, VerifyHere } from '../transfers/story/page.tsx';
import { word } from '../transfers/words.tsx';
import { ButtonLink } from '../web/components/button.tsx';
import { PageHead, Section } from '../web/components/section.tsx';
import { Banner } from '../web/components/status.tsx';
import { SummaryList } from '../web/components/summary-list.tsx';
import { DataTable, EmptyState } from '../web/components/table.tsx';
import { Timeline } from '../web/components/timeline.tsx';
import { Page, type PageFrame } from '../web/layout.tsx';
import { t } from '../web/text.ts';
import { type BoardStory, tellBoardStory } from './case-story.ts';

/** Cases and reports as a board sees them: that something happened and when, never about whom. */
export function boardStoryPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/board/cases/:caseId', async (c) => {
    const told = await tellBoardStory(await verbContext(c), c.req.param('caseId'));
    return told.ok
      ? c.html(<BoardStoryPage frame={pageFrame(c)} story={told.value} mayOpen={mayOpenNames(c)} />)
      : sendProblemPage(c, told.fault);
  });
  app.get('/board/cases/:caseId/bundle', async (c) => {
    const context = await verbContext(c);
    const told = await tellBoardStory(context, c.req.param('caseId'));
    if (!told.ok) return sendProblemPage(c, told.fault);
    const { caseId, isCut } = told.value;
    const lines = told.value.lines.map(({ event, evidence }) => ({
      id: event.id,
      at: event.at.toISOString(),
      event: event.name,
      outcome: event.outcome,
      side: event.side,
      role: event.actorRole,
      proof: evidence?.proof ?? null,
      opening: null,
      receipt: null,
      receiptProof: null,
    }));
    const nothing = { manifest: null, seals: [], renewal: null };
    const content = { case: caseId, isWhole: !isCut, lines, ...nothing, name: caseId.slice(0, 8) };
    return download(c, await bundleLines(context.gateway, content));
  });
  app.get('/board/reports', async (c) => {
    const counted = await countReports(await verbContext(c));
    return counted.ok
      ? c.html(<BoardReportsPage frame={pageFrame(c)} reports={counted.value} />)
      : sendProblemPage(c, counted.fault);
  });
}

/** A board's auditor; a principal reads the name in the case itself. */
function mayOpenNames(c: Context<AppEnv>): boolean {
  return isAllowed(c.get('actor'), 'boardGlass.open', ownThing);
}

function BoardStoryPage(props: {
  readonly frame: PageFrame;
  readonly story: BoardStory;
  readonly mayOpen: ReturnType<typeof mayOpenNames>;
}) {
  const { frame, story, mayOpen } = props;
  const { locale } = frame;
  const title = t(locale, 'story.title');
  const number = `${t(locale, 'case.number')} ${story.caseId.slice(0, 8)}`;
  const entries = story.lines.map(({ event, school, evidence }) => ({
    at: event.at,
    title: word(locale, `event.${event.name}`, 'event.other'),
    // A board's act stands in the part of its school, and is not the school's.
    who: [
      isAuditors(event) ? word(locale, `ledger.board-${event.side}`, 'ledger.gateway') : school,
      word(locale, `role.${event.actorRole}`, 'ledger.gateway'),
    ].join(' ・ '),
    detail: (
      <details class="more">
        <summary>{t(locale, 'story.evidence')}</summary>
        <SummaryList rows={logRows(locale, evidence?.proof ?? null)} />
      </details>
    ),
  }));
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'board.title'), href: '/board' }, { label: number }]}
      scripts={['verify.js']}
    >
      <PageHead
        title={title}
        kicker={number}
        lead={t(locale, 'board-story.lead')}
        actions={
          mayOpen && (
            <ButtonLink href={`/board/cases/${story.caseId}/break-glass`} kind="secondary">
              {t(locale, 'board-glass.offer')}
            </ButtonLink>
          )
        }
      />
      {story.isCut && <Banner locale={locale} tone="warning" title={t(locale, 'story.cut')} />}
      <VerifyHere
        locale={locale}
        address={`/board/cases/${story.caseId}/bundle`}
        lead={t(locale, 'story.verify-lead')}
      />
      <Section title={t(locale, 'story.acts')}>
        <Timeline locale={locale} entries={entries} />
      </Section>
    </Page>
  );
}

function BoardReportsPage({ frame, reports }: { readonly frame: PageFrame; readonly reports: readonly OpenReports[] }) {
  const { locale } = frame;
  const title = t(locale, 'report.title');
  return (
    <Page
      {...frame}
      title={title}
      breadcrumbs={[{ label: t(locale, 'board.title'), href: '/board' }, { label: title }]}
    >
      <PageHead title={title} lead={t(locale, 'board-story.reports-lead')} />
      <DataTable
        caption={title}
        rows={reports}
        columns={[
          {
            header: t(locale, 'board-story.school'),
            cell: ({ school }: OpenReports) => <span lang="ja">{school.name}</span>,
          },
          { header: t(locale, 'board-story.open'), cell: ({ open }: OpenReports) => String(open), align: 'end' },
          {
            header: t(locale, 'board-story.oldest'),
            cell: ({ oldestDays }: OpenReports) => t(locale, 'board-story.days', { days: oldestDays }),
            align: 'end',
          },
        ]}
        empty={<EmptyState title={t(locale, 'report.none')} />}
      />
    </Page>
  );
}
