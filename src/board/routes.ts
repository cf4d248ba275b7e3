import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { dayInJapan } from '../identity/rules.ts';
import { verbContext } from '../transfers/context.ts';
import { outcomes } from '../transfers/progress/rules.ts';
import { jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { casesCsv, outcomesCsv } from './board-csv.ts';
import { parseCaseQuery, parseYearQuery, shownStates, sides } from './filter.ts';
import { boardGlassRoutes } from './glass/routes.ts';
import { showBoardCases } from './show-cases.ts';
import { type Figures, showOutcomes } from './show-outcomes.ts';

const shownAtOnce = 100;
/** Lines of one CSV; narrower filters give the rest. */
const csvLines = 2000;

const word = z.string().max(128).optional();
const caseQuery = z.object({
  side: word.openapi({ description: sides.join(', ') }),
  state: word.openapi({ description: shownStates.join(', ') }),
  school: word,
  days: word.openapi({ description: 'Only those in their state for so many days: 3, 9 or 14' }),
  cursor: word,
});
const yearQuery = z.object({
  year: word.openapi({ description: 'A school year by the year it begins in; the present one unless told' }),
  side: word,
  school: word,
  from: word.openapi({ description: 'Refused: figures are given for whole school years' }),
  to: word.openapi({ description: 'Refused, like `from`' }),
});

const named = z.object({ code: z.string(), name: z.string() });
const instant = z.iso.datetime();
const boardCase = z
  .object({
    id: z.string(),
    attempt: z.int(),
    side: z.enum(sides),
    kind: z.string(),
    school: named,
    other: named.nullable().openapi({ description: 'Null where not known yet, or hidden by a protection order' }),
    state: z.string(),
    waitsFor: z.enum(sides).nullable(),
    since: instant,
    days: z.int(),
    depositedAt: instant.nullable(),
    dueOn: z.string().nullable(),
    schoolDaysLate: z.int(),
    insuranceDueOn: z.string().nullable(),
    outcome: z.enum(outcomes),
  })
  .openapi('BoardCase');

const shown = z.int().nullable().openapi({ description: 'Null: below ten, or it would give such a number away' });
const figures = z.object({
  counts: z.record(z.enum(outcomes), shown),
  total: shown,
  inTimePercent: z.int().nullable(),
});
const outcomesAnswer = z
  .object({
    year: z.int(),
    side: z.enum(sides),
    school: z.string().nullable(),
    months: z.array(figures.extend({ month: z.string() })),
    total: figures,
    perSchool: z.array(figures.extend({ code: z.string(), name: z.string() })),
  })
  .openapi('BoardOutcomes');

const csvAnswer = {
  200: { description: 'UTF-8 with a byte order mark', content: { 'text/csv': { schema: z.string() } } },
};

/** How the deliveries of a board's schools go, for programs and for spreadsheets. */
export function boardRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/board/cases',
      summary: 'Deliveries of the board’s schools, without pupils and documents',
      tags: ['board'],
      request: { query: caseQuery },
      responses: {
        200: jsonContent(z.object({ items: z.array(boardCase), next: z.string().nullable() }), 'A page'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const query = parseCaseQuery(c.req.valid('query'));
      if (!query.ok) return sendProblem(c, query.fault);
      const result = await showBoardCases(await verbContext(c), query.value, shownAtOnce);
      if (!result.ok) return sendProblem(c, result.fault);
      const items = result.value.items.map(({ caseId: _case, ...one }) => ({
        ...one,
        since: one.since.toISOString(),
        depositedAt: one.depositedAt?.toISOString() ?? null,
      }));
      return c.json({ items, next: result.value.next }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/board/cases.csv',
      summary: 'Deliveries of the board’s schools as CSV, at most 2,000 lines',
      tags: ['board'],
      request: { query: caseQuery },
      responses: { ...csvAnswer, ...problemResponses },
    }),
    async (c) => {
      const query = parseCaseQuery(c.req.valid('query'));
      if (!query.ok) return sendProblem(c, query.fault);
      const result = await showBoardCases(await verbContext(c), query.value, csvLines);
      return result.ok ? csv(c, 'deliveries', casesCsv(result.value.items)) : sendProblem(c, result.fault);
    },
  );
  outcomeRoutes(app);
  boardGlassRoutes(app);
}

function outcomeRoutes(app: OpenAPIHono<AppEnv>): void {
  const today = (c: Context<AppEnv>) => dayInJapan(c.get('gateway').clock.now());
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/board/outcomes',
      summary: 'What became of a school year’s deliveries, by month and school; small numbers suppressed',
      tags: ['board'],
      request: { query: yearQuery },
      responses: { 200: jsonContent(outcomesAnswer, 'Closed months alone'), ...problemResponses },
    }),
    async (c) => {
      const query = parseYearQuery(c.req.valid('query'), today(c));
      if (!query.ok) return sendProblem(c, query.fault);
      const result = await showOutcomes(await verbContext(c), query.value);
      if (!result.ok) return sendProblem(c, result.fault);
      const { schools: _, months, total, perSchool, ...rest } = result.value;
      const answer = { ...rest, months: months.map(plain), total: plain(total), perSchool: perSchool.map(plain) };
      return c.json(answer, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/board/outcomes.csv',
      summary: 'The figures of a school year as CSV; X where a number is kept back',
      tags: ['board'],
      request: { query: yearQuery },
      responses: { ...csvAnswer, ...problemResponses },
    }),
    async (c) => {
      const query = parseYearQuery(c.req.valid('query'), today(c));
      if (!query.ok) return sendProblem(c, query.fault);
      const result = await showOutcomes(await verbContext(c), query.value);
      return result.ok ? csv(c, 'outcomes', outcomesCsv(result.value)) : sendProblem(c, result.fault);
    },
  );
}

function plain<T extends Figures>(one: T) {
  return { ...one, counts: { ...one.counts } };
}

function csv(c: Context<AppEnv>, name: string, text: string) {
  return c.body(text, 200, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}.csv"`,
  });
}
