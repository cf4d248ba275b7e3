import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { giveConsent } from './give-consent.ts';
import { listConsents } from './list-consents.ts';
import { consentList, consentRequest } from './schemas.ts';
import { withdrawConsent } from './withdraw-consent.ts';

/** What a pupil of age lets former guardians see. */
export function addConsentRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/consents',
      summary: 'List what I, of age, let former guardians see',
      tags: ['guardians'],
      responses: { 200: jsonContent(consentList, 'For each school that knows me as its pupil'), ...problemResponses },
    }),
    async (c) => {
      const result = await listConsents(c.get('gateway').identity, c.get('actor'));
      if (!result.ok) return sendProblem(c, result.fault);
      const pupils = result.value.map(({ consents, ...rest }) => ({
        ...rest,
        consents: consents.map((consent) => ({
          ...consent,
          givenAt: consent.givenAt.toISOString(),
          withdrawnAt: consent.withdrawnAt?.toISOString() ?? null,
        })),
      }));
      return c.json({ pupils }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/consents',
      summary: 'Let a former guardian see my records until a day',
      tags: ['guardians'],
      request: jsonBody(consentRequest),
      responses: { 201: jsonContent(z.object({ id: z.string() }), 'Given'), ...problemResponses },
    }),
    async (c) => {
      const result = await giveConsent(c.get('gateway').identity, c.get('actor'), c.req.valid('json'));
      return result.ok ? c.json({ id: result.value.id }, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/consents/{consentId}',
      summary: 'Take a consent back, at once',
      tags: ['guardians'],
      request: { params: z.object({ consentId: z.string().max(100) }) },
      responses: { 204: { description: 'Taken back' }, ...problemResponses },
    }),
    async (c) => {
      const { consentId } = c.req.valid('param');
      const result = await withdrawConsent(c.get('gateway').identity, c.get('actor'), consentId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}
