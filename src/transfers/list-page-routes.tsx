import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { pageFrame, sendProblemPage } from '../identity/frame.tsx';
import { verbContext } from './context.ts';
import { pick, textOrNull } from './form-values.ts';
import { showCases, showSentChoices } from './list-cases.ts';
import { ListPage } from './list-pages.tsx';
import { handlesCases } from './navigation.ts';
import { type SentFilter, SentPage } from './sent-page.tsx';
import { caseStates } from './tables.ts';

const shownAtOnce = 50;

/** The lists of cases: what a school sends, what has come to it, what a person sees. */
export function listPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/cases', async (c) => {
    const isSent = c.get('actor').kind !== 'person' && c.req.query('side') === 'sender';
    return isSent ? sentPage(c) : listPage(c);
  });
}

async function listPage(c: Context<AppEnv>): Promise<Response> {
  const side = c.get('actor').kind === 'person' ? 'person' : 'recipient';
  const cursor = c.req.query('cursor') ?? null;
  const result = await showCases(await verbContext(c), { side, states: null, cursor, limit: shownAtOnce });
  if (!result.ok) return sendProblemPage(c, result.fault);
  return c.html(<ListPage frame={pageFrame(c)} side={side} page={result.value} />);
}

async function sentPage(c: Context<AppEnv>): Promise<Response> {
  const filter: SentFilter = {
    state: pick(caseStates, c.req.query('state')),
    homeroom: textOrNull(c.req.query('homeroom')),
    recipient: textOrNull(c.req.query('recipient')),
  };
  const context = await verbContext(c);
  const [page, choices] = await Promise.all([
    showCases(context, {
      ...filter,
      side: 'sender',
      states: filter.state === null ? null : [filter.state],
      cursor: c.req.query('cursor') ?? null,
      limit: shownAtOnce,
    }),
    showSentChoices(context),
  ]);
  if (!page.ok) return sendProblemPage(c, page.fault);
  if (!choices.ok) return sendProblemPage(c, choices.fault);
  return c.html(
    <SentPage
      frame={pageFrame(c)}
      page={page.value}
      choices={choices.value}
      filter={filter}
      cursor={c.req.query('cursor') ?? null}
      selected={c.req.query('select') === 'all' ? 'all' : 'none'}
      handles={handlesCases(c.get('actor'))}
    />,
  );
}
