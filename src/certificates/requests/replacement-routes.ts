import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { verbContext } from '../../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { replaceCertificate, reportLoss } from './replace-certificate.ts';
import { replacements } from './rules.ts';
import { consent, requestView } from './schemas.ts';

const tags = ['certificates'];
const params = z.object({ certificateId: z.string().max(100) });
const responses = { 201: jsonContent(requestView, 'The request for the new one'), ...problemResponses };

/** A new certificate in the place of another. */
export function replacementRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/replacement',
      summary: 'Ask for a new certificate in the place of one that holds a mistake or was lost',
      description: 'The old one counts until the new one is issued, and is superseded then.',
      tags,
      request: { params, ...jsonBody(z.strictObject({ reason: z.enum(replacements) })) },
      responses,
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await replaceCertificate(await verbContext(c), input);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/loss',
      summary: 'Ask for another certificate in the place of one of mine that was lost',
      tags,
      request: {
        params,
        ...jsonBody(z.strictObject(consent)),
      },
      responses,
    }),
    async (c) => {
      const result = await reportLoss(await verbContext(c), {
        ...c.req.valid('param'),
        consentText: c.req.valid('json').consentText,
      });
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
}
