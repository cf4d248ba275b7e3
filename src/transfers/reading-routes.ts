import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { visibilities } from '../records/kinds.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { verbContext } from './context.ts';
import { reportAccess } from './ledger/report-access.ts';
import { showCases } from './list-cases.ts';
import { readContainer } from './read-container.ts';
import { readDocument } from './read-document.ts';
import { answerCase, download } from './render.ts';
import { caseAnswer, caseParam, documentParam } from './route-shapes.ts';
import { caseSummarySchema, ledgerLineSchema, receiptSchema, renewalSchema, reportSchema } from './schemas.ts';
import { showCase, showLedger, showReceipts } from './show-case.ts';
import { caseStates } from './tables.ts';

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Looking: lists, one case, its ledger and receipts, its documents. */
export function readingRoutes(app: OpenAPIHono<AppEnv>): void {
  const query = z.object({
    side: z.enum(['sender', 'recipient']).default('recipient'),
    state: z.enum(caseStates).optional(),
    homeroom: z.string().max(40).optional().openapi({ description: 'The pupils’ class at this school' }),
    recipient: z.string().max(40).optional().openapi({ description: 'Code of the receiving school' }),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  });
  const page = z.object({ items: z.array(caseSummarySchema).readonly(), next: z.string().nullable() });
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases',
      summary: 'List cases, newest first',
      tags: ['cases'],
      request: { query },
      responses: { 200: jsonContent(page.openapi('CasePage'), 'A page of cases'), ...problemResponses },
    }),
    async (c) => {
      const { state, cursor, ...rest } = c.req.valid('query');
      const input = { ...rest, states: state === undefined ? null : [state], cursor: cursor ?? null };
      const result = await showCases(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}',
      summary: 'Show one case',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await showCase(await verbContext(c), c.req.valid('param').caseId)),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/ledger',
      summary: 'Who did what with this case',
      tags: ['cases'],
      request: { params: caseParam },
      responses: {
        200: jsonContent(z.object({ items: z.array(ledgerLineSchema).readonly() }), 'The lines'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showLedger(await verbContext(c), c.req.valid('param').caseId);
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/ledger/reports',
      summary: 'Say that a line of the ledger is not recognised',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(reportSchema) },
      responses: { 204: { description: 'The school is told' }, ...problemResponses },
    }),
    async (c) => {
      const input = { caseId: c.req.valid('param').caseId, eventId: c.req.valid('json').eventId };
      const result = await reportAccess(await verbContext(c), input);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/receipts',
      summary: 'Signed receipts of this case',
      tags: ['cases'],
      request: { params: caseParam },
      responses: {
        200: jsonContent(
          z.object({ items: z.array(receiptSchema).readonly(), renewal: renewalSchema.nullable() }),
          'The receipts, and the renewal record once there is one',
        ),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showReceipts(await verbContext(c), c.req.valid('param').caseId);
      if (!result.ok) return sendProblem(c, result.fault);
      const { receipts, renewal } = result.value;
      const items = receipts.map(({ id, event, eventId, issuedAt, evidence }) => ({
        id,
        event,
        eventId,
        issuedAt: issuedAt.toISOString(),
        evidence: { ...evidence },
      }));
      return c.json(
        { items, renewal: renewal === null ? null : renewalSchema.parse(JSON.parse(decode(renewal))) },
        200,
      );
    },
  );
  downloadRoutes(app);
}

function downloadRoutes(app: OpenAPIHono<AppEnv>): void {
  const file = { 200: { description: 'The bytes', content: { 'application/octet-stream': { schema: z.any() } } } };
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/documents/{documentId}/content',
      summary: 'Download one document',
      tags: ['cases'],
      request: { params: documentParam },
      responses: { ...file, ...problemResponses },
    }),
    async (c) => {
      const result = await readDocument(await verbContext(c), c.req.valid('param'));
      return result.ok ? download(c, result.value) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/containers/{visibility}',
      summary: 'Download an ASiC-E container',
      tags: ['cases'],
      request: { params: caseParam.extend({ visibility: z.enum(visibilities) }) },
      responses: { ...file, ...problemResponses },
    }),
    async (c) => {
      const result = await readContainer(await verbContext(c), c.req.valid('param'));
      return result.ok ? download(c, result.value) : sendProblem(c, result.fault);
    },
  );
}
