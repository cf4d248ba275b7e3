import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { documentKinds } from '../../records/kinds.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { verbContext } from '../context.ts';
import { download } from '../render.ts';
import { bundleLedger } from './bundle.ts';
import { askHold, confirmHold, endHold, showHolds } from './holds.ts';
import { listLines } from './list-lines.ts';
import { cursorOf, linesInput, linesPerPage, linesQuery } from './query.ts';
import { answerReport, closeReport, reportAccess, showReports } from './report-access.ts';
import { dayEnd, dayStart } from './rules.ts';
import { reportStates } from './tables.ts';

const instant = z.iso.datetime();
const line = z
  .object({
    eventId: z.uuid(),
    at: instant,
    event: z.string(),
    outcome: z.enum(['done', 'refused']),
    side: z.enum(['sender', 'recipient', 'person', 'gateway']),
    role: z.string(),
    assurance: z.string().nullable(),
    reason: z.string().nullable(),
    school: z.object({ code: z.string(), name: z.string() }).nullable(),
    pupilId: z.string(),
    caseId: z.string().nullable(),
    ground: z.string().nullable().openapi({ description: 'The law that the case rests on' }),
    document: z.enum(documentKinds).nullable(),
    heldBackUntil: instant.nullable(),
    isPartial: z.boolean().openapi({ description: 'The receiver is not told (支援措置)' }),
  })
  .openapi('PersonLine');
const report = z
  .object({
    id: z.string(),
    state: z.enum(reportStates),
    reportedAt: instant,
    line: z.object({ event: z.string(), at: instant, role: z.string(), caseId: z.string().nullable() }),
    answer: z.string().nullable(),
    answeredAt: instant.nullable(),
    closedAt: instant.nullable(),
  })
  .openapi('AccessReportState');
const hold = z
  .object({
    id: z.string(),
    pupil: z.object({ id: z.string(), name: z.string() }),
    since: instant,
    until: instant,
    reason: z.string(),
    state: z.enum(['asked', 'inForce', 'over']),
    may: z.array(z.enum(['confirm', 'end'])).readonly(),
  })
  .openapi('LedgerHold');

const reportParam = z.object({ reportId: z.string().max(64) });
const holdParam = z.object({ holdId: z.string().max(64) });
const tags = ['ledger'];
const done = { 204: { description: 'Done' }, ...problemResponses };

/** A person's whole ledger, what they report of it, and what an inquiry holds back. */
export function ledgerRoutes(app: OpenAPIHono<AppEnv>): void {
  const page = z.object({ items: z.array(line).readonly(), next: z.string().nullable(), delayHours: z.int() });
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/ledger',
      summary: 'Who touched what of one’s own records, newest first',
      tags,
      request: { query: linesQuery },
      responses: { 200: jsonContent(page.openapi('LedgerPage'), 'A page of lines'), ...problemResponses },
    }),
    async (c) => {
      const listed = await listLines(await verbContext(c), linesInput(c.req.valid('query'), linesPerPage));
      if (!listed.ok) return sendProblem(c, listed.fault);
      const { lines, next, delayHours } = listed.value;
      return c.json({ items: lines, next: next === null ? null : cursorOf(next), delayHours }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/ledger/bundle',
      summary: 'The same page as one file that verifies offline (ASiC-E)',
      tags,
      request: { query: linesQuery },
      responses: {
        200: { description: 'The bundle', content: { 'application/octet-stream': { schema: z.any() } } },
        ...problemResponses,
      },
    }),
    async (c) => {
      const context = await verbContext(c);
      const listed = await listLines(context, linesInput(c.req.valid('query'), linesPerPage));
      return listed.ok ? download(c, await bundleLedger(context, listed.value)) : sendProblem(c, listed.fault);
    },
  );
  reportRoutes(app);
  holdRoutes(app);
}

function reportRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/ledger/reports',
      summary: 'Say that a line is not recognised (心当たりがない)',
      tags,
      request: jsonBody(z.strictObject({ eventId: z.uuid() })),
      responses: { 201: jsonContent(report, 'The report with its number'), ...problemResponses },
    }),
    async (c) => {
      const { eventId } = c.req.valid('json');
      const made = await reportAccess(await verbContext(c), { caseId: null, eventId });
      return made.ok ? c.json(made.value, 201) : sendProblem(c, made.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/access-reports',
      summary: 'Reports: one’s own, or those of the school',
      tags,
      responses: {
        200: jsonContent(z.object({ items: z.array(report).readonly() }), 'Newest first'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const shown = await showReports(await verbContext(c));
      return shown.ok ? c.json({ items: shown.value }, 200) : sendProblem(c, shown.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/access-reports/{reportId}/answer',
      summary: 'Answer a report',
      tags,
      request: { params: reportParam, ...jsonBody(z.strictObject({ answer: z.string().max(2000) })) },
      responses: { 200: jsonContent(report, 'The report'), ...problemResponses },
    }),
    async (c) => {
      const input = { id: c.req.valid('param').reportId, answer: c.req.valid('json').answer };
      const result = await answerReport(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/access-reports/{reportId}/closing',
      summary: 'Close a report that has been answered',
      tags,
      request: { params: reportParam },
      responses: { 200: jsonContent(report, 'The report'), ...problemResponses },
    }),
    async (c) => {
      const result = await closeReport(await verbContext(c), c.req.valid('param').reportId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}

function holdRoutes(app: OpenAPIHono<AppEnv>): void {
  const day = z.iso.date();
  const asked = z.strictObject({
    pupilId: z.string().max(64),
    since: day.optional(),
    until: day,
    reason: z.string().max(2000),
  });
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/ledger-holds',
      summary: 'What inquiries of the school hold back',
      tags,
      responses: {
        200: jsonContent(z.object({ items: z.array(hold).readonly() }), 'Newest first'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const shown = await showHolds(await verbContext(c));
      return shown.ok ? c.json({ items: shown.value }, 200) : sendProblem(c, shown.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/ledger-holds',
      summary: 'Ask that lines about a pupil be held back; a second person confirms',
      tags,
      request: jsonBody(asked),
      responses: { 201: jsonContent(z.object({ id: z.string() }), 'Asked for'), ...problemResponses },
    }),
    async (c) => {
      const { pupilId, since, until, reason } = c.req.valid('json');
      const input = { pupilId, since: dayStart(since ?? null), until: dayEnd(until), reason };
      const result = await askHold(await verbContext(c), input);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/ledger-holds/{holdId}/confirmation',
      summary: 'Confirm what another person has asked for',
      tags,
      request: { params: holdParam },
      responses: done,
    }),
    async (c) => {
      const result = await confirmHold(await verbContext(c), c.req.valid('param').holdId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/ledger-holds/{holdId}/end',
      summary: 'End a hold before its day, or take it back',
      tags,
      request: { params: holdParam },
      responses: done,
    }),
    async (c) => {
      const result = await endHold(await verbContext(c), c.req.valid('param').holdId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}
