import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { breakGlassCategories } from './break-glass-rules.ts';
import { verbContext } from './context.ts';
import { openBreakGlass } from './open-break-glass.ts';
import { endBreakGlass, reviewBreakGlass, showBreakGlasses } from './review-break-glass.ts';
import { documentParam } from './route-shapes.ts';

const instant = z.iso.datetime();
const openedSchema = z
  .object({ id: z.string(), caseId: z.string(), documentId: z.string(), openedAt: instant, expiresAt: instant })
  .openapi('OpenedBreakGlass');
const glassSchema = z
  .object({
    id: z.string(),
    caseId: z.string(),
    documentId: z.string(),
    documentTitle: z.string(),
    pupil: z.object({ officialName: z.string(), displayName: z.string() }),
    openedBy: z.string(),
    role: z.string(),
    category: z.enum(breakGlassCategories),
    reason: z.string(),
    openedAt: instant,
    expiresAt: instant,
    endedAt: instant.nullable(),
    review: z.object({ justified: z.boolean(), at: instant }).readonly().nullable(),
    may: z.array(z.enum(['end', 'review'])).readonly(),
  })
  .openapi('BreakGlass');
const params = z.object({ breakGlassId: z.string().max(64) });

/** 緊急閲覧: open one, list, end, review. */
export function breakGlassRoutes(app: OpenAPIHono<AppEnv>): void {
  const body = z
    .strictObject({
      category: z.enum(breakGlassCategories).nullable().default(null),
      reason: z.string().max(2000).default(''),
    })
    .openapi('BreakGlassReason');
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/documents/{documentId}/break-glass',
      summary: 'Open one document in an emergency, for at most an hour',
      tags: ['break-glass'],
      request: { params: documentParam, ...jsonBody(body) },
      responses: { 201: jsonContent(openedSchema, 'Open; the principal has been told'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await openBreakGlass(await verbContext(c), input);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/break-glass',
      summary: 'What was opened in emergencies',
      tags: ['break-glass'],
      responses: {
        200: jsonContent(z.object({ items: z.array(glassSchema).readonly() }), 'Newest first'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showBreakGlasses(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  endingRoutes(app);
}

function endingRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/break-glass/{breakGlassId}/end',
      summary: 'End an emergency reading before its time',
      tags: ['break-glass'],
      request: { params },
      responses: { 200: jsonContent(glassSchema, 'It has ended'), ...problemResponses },
    }),
    async (c) => {
      const result = await endBreakGlass(await verbContext(c), c.req.valid('param').breakGlassId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/break-glass/{breakGlassId}/review',
      summary: 'Say, as another person, whether it was justified',
      tags: ['break-glass'],
      request: { params, ...jsonBody(z.strictObject({ justified: z.boolean() }).openapi('BreakGlassReview')) },
      responses: { 200: jsonContent(glassSchema, 'It has been reviewed'), ...problemResponses },
    }),
    async (c) => {
      const { breakGlassId: id } = c.req.valid('param');
      const result = await reviewBreakGlass(await verbContext(c), { id, ...c.req.valid('json') });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
