import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { verbContext } from '../context.ts';
import { download } from '../render.ts';
import { caseParam } from '../route-shapes.ts';
import { ledgerLineSchema, receiptSchema } from '../schemas.ts';
import { bundleStory } from './bundle.ts';
import { tellStory } from './tell-story.ts';

const item = z
  .object({
    line: ledgerLineSchema,
    proof: z.string().nullable().openapi({ description: 'C2SP tlog-proof with the entry; null until it is published' }),
    opening: z.string().nullable().openapi({ description: 'Base64; its SHA-256 is the commitment of the entry' }),
    receipt: receiptSchema.nullable(),
    receiptProof: z.string().nullable(),
  })
  .openapi('StoryItem');

/** The whole evidence of a case: act by act, and as one file. */
export function storyRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/story',
      summary: 'The evidence of a case, act by act',
      tags: ['evidence'],
      request: { params: caseParam },
      responses: {
        200: jsonContent(
          z.object({ items: z.array(item).readonly(), isCut: z.boolean() }),
          'At most 300 acts, oldest first',
        ),
        ...problemResponses,
      },
    }),
    async (c) => {
      const told = await tellStory(await verbContext(c), c.req.valid('param').caseId);
      if (!told.ok) return sendProblem(c, told.fault);
      const items = told.value.items.map(({ line, evidence, receipt, receiptProof }) => ({
        line,
        proof: evidence?.proof ?? null,
        opening: evidence?.opening == null ? null : Buffer.from(evidence.opening).toString('base64'),
        receipt:
          receipt === null
            ? null
            : {
                id: receipt.id,
                event: receipt.event,
                eventId: receipt.eventId,
                issuedAt: receipt.issuedAt.toISOString(),
                evidence: { ...receipt.evidence },
              },
        receiptProof,
      }));
      return c.json({ items, isCut: told.value.isCut }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/story/bundle',
      summary: 'The same as one file that verifies offline (ASiC-E)',
      tags: ['evidence'],
      request: { params: caseParam },
      responses: {
        200: { description: 'The bundle', content: { 'application/octet-stream': { schema: z.any() } } },
        ...problemResponses,
      },
    }),
    async (c) => {
      const context = await verbContext(c);
      const told = await tellStory(context, c.req.valid('param').caseId);
      return told.ok ? download(c, await bundleStory(context.gateway, told.value)) : sendProblem(c, told.fault);
    },
  );
}
