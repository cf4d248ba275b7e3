import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { boardGlassCategories } from '../../transfers/break-glass-rules.ts';
import { verbContext } from '../../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { openBoardGlass } from './open-glass.ts';
import { readNames } from './read-names.ts';
import { endBoardGlass, reviewBoardGlass, showBoardGlasses } from './review-glass.ts';

const tags = ['board'];
const instant = z.iso.datetime();
const review = z.object({ justified: z.boolean(), reason: z.string(), at: instant }).readonly().nullable();
const settled = z.object({ id: z.string(), endedAt: instant.nullable(), review }).openapi('SettledBoardGlass');
const glassSchema = settled
  .extend({
    caseId: z.string(),
    schools: z.array(z.string()).readonly(),
    openedBy: z.string(),
    category: z.enum(boardGlassCategories),
    reason: z.string(),
    openedAt: instant,
    expiresAt: instant,
    may: z.array(z.enum(['end', 'review'])).readonly(),
  })
  .openapi('BoardGlass');
const openedSchema = z
  .object({ id: z.string(), openedAt: instant, expiresAt: instant })
  .openapi('OpenedBoardGlass', { description: 'Never the name: that is read on its own' });
const namesSchema = z
  .object({
    glass: z.object({ id: z.string(), expiresAt: instant }),
    pupil: z.object({
      officialName: z.string(),
      displayName: z.string(),
      kana: z.string().nullable().openapi({ description: 'Null where the receiving school has not proved its pupil' }),
    }),
  })
  .openapi('BoardGlassNames');
const ofCase = { params: z.object({ caseId: z.string().max(64) }) };
const ofGlass = { params: z.object({ boardGlassId: z.string().max(64) }) };

/** 氏名の開示: open the name of one case, read it, list, end, review. */
export function boardGlassRoutes(app: OpenAPIHono<AppEnv>): void {
  const body = z
    .strictObject({
      category: z.enum(boardGlassCategories).nullable().default(null),
      reason: z.string().max(2000).default(''),
    })
    .openapi('BoardGlassReason');
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/board/cases/{caseId}/break-glass',
      summary: 'Open the name of one case’s pupil to the board’s auditor, for at most an hour',
      tags,
      request: { ...ofCase, ...jsonBody(body) },
      responses: { 201: jsonContent(openedSchema, 'Open; schools and auditors have been told'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await openBoardGlass(await verbContext(c), input);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/board/cases/{caseId}/break-glass',
      summary: 'The name of a case’s pupil, while it is open; each look is in the pupil’s ledger',
      tags,
      request: ofCase,
      responses: { 200: jsonContent(namesSchema, 'Neither documents nor a receiver'), ...problemResponses },
    }),
    async (c) => {
      const result = await readNames(await verbContext(c), c.req.valid('param').caseId);
      if (!result.ok) return sendProblem(c, result.fault);
      const { glass, pupil } = result.value;
      return c.json({ glass: { id: glass.id, expiresAt: glass.expiresAt.toISOString() }, pupil: { ...pupil } }, 200);
    },
  );
  settlingRoutes(app);
}

function settlingRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/board/break-glass',
      summary: 'Whose names the board has opened and why, without the names',
      tags,
      responses: {
        200: jsonContent(z.object({ items: z.array(glassSchema).readonly() }), 'Newest first, at most 100'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showBoardGlasses(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/board/break-glass/{boardGlassId}/end',
      summary: 'Close the name before its time',
      tags,
      request: ofGlass,
      responses: { 200: jsonContent(settled, 'It has ended'), ...problemResponses },
    }),
    async (c) => {
      const result = await endBoardGlass(await verbContext(c), c.req.valid('param').boardGlassId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  const found = z.strictObject({ justified: z.boolean(), reason: z.string().max(2000).default('') });
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/board/break-glass/{boardGlassId}/review',
      summary: 'Say, as another auditor, whether it was justified and why',
      tags,
      request: { ...ofGlass, ...jsonBody(found.openapi('BoardGlassReview')) },
      responses: { 200: jsonContent(settled, 'It has been reviewed'), ...problemResponses },
    }),
    async (c) => {
      const { boardGlassId: id } = c.req.valid('param');
      const result = await reviewBoardGlass(await verbContext(c), { id, ...c.req.valid('json') });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
