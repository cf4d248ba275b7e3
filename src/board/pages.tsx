import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { schoolYearOf } from '../directory/calendar/school-days.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { dayInJapan } from '../identity/rules.ts';
import { verbContext } from '../transfers/context.ts';
import { calendarPages } from './calendar-page.tsx';
import { BoardCasesPage } from './cases-page.tsx';
import { parseCaseQuery, parseYearQuery } from './filter.ts';
import { boardGlassPages } from './glass/page-routes.tsx';
import { boardLogPages } from './log-pages.tsx';
import { OutcomesPage } from './outcomes-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { showBoardCases } from './show-cases.ts';
import { showOutcomes } from './show-outcomes.ts';
import { showOverview } from './show-overview.ts';
import { boardStoryPages } from './story-pages.tsx';

const shownAtOnce = 50;

/** What a board sees of its schools, and a school of itself: how the transfers go, without names and documents. */
export function boardPages(app: OpenAPIHono<AppEnv>): void {
  boardLogPages(app);
  boardStoryPages(app);
  boardGlassPages(app);
  calendarPages(app);
  app.get('/board', async (c) => {
    const context = await verbContext(c);
    const query = parseCaseQuery({ side: c.req.query('side') });
    if (!query.ok) return sendProblemPage(c, query.fault);
    const result = await showOverview(context, query.value.side);
    if (!result.ok) return sendProblemPage(c, result.fault);
    const oldest = await showBoardCases(context, query.value, 5);
    if (!oldest.ok) return sendProblemPage(c, oldest.fault);
    const isBoard = context.actor.kind === 'staff' && context.actor.role === 'auditor';
    return c.html(
      <OverviewPage frame={pageFrame(c)} isBoard={isBoard} overview={result.value} oldest={oldest.value.items} />,
    );
  });
  app.get('/board/cases', async (c) => {
    const query = parseCaseQuery(c.req.query());
    if (!query.ok) return sendProblemPage(c, query.fault);
    const result = await showBoardCases(await verbContext(c), query.value, shownAtOnce);
    if (!result.ok) return sendProblemPage(c, result.fault);
    return c.html(<BoardCasesPage frame={pageFrame(c)} view={result.value} query={query.value} />);
  });
  app.get('/board/outcomes', async (c) => {
    const today = dayInJapan(c.get('gateway').clock.now());
    const query = parseYearQuery(c.req.query(), today);
    if (!query.ok) return sendProblemPage(c, query.fault);
    const result = await showOutcomes(await verbContext(c), query.value);
    if (!result.ok) return sendProblemPage(c, result.fault);
    return c.html(<OutcomesPage frame={pageFrame(c)} view={result.value} lastYear={schoolYearOf(today)} />);
  });
}
