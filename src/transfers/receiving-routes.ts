import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { jsonBody, sendProblem } from '../web/answer.ts';
import { acknowledgePackage } from './acknowledge-package.ts';
import { verbContext } from './context.ts';
import { openPackage } from './open-package.ts';
import { answerCase } from './render.ts';
import { returnPackage } from './return-package.ts';
import { caseAnswer, caseParam } from './route-shapes.ts';
import { openingSchema, reasonSchema } from './schemas.ts';
import { verifyPackage } from './verify-package.ts';

/** Out of the locker: opening, verification, return, acknowledgement. */
export function receivingRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/opening',
      summary: 'Open a package after proving the pupil is expected',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(openingSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const context = await verbContext(c);
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      const opened = await openPackage(context, input);
      if (!opened.ok) return sendProblem(c, opened.fault);
      return answerCase(c, await verifyPackage({ ...context, idempotency: null }, { caseId: input.caseId }));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/verification',
      summary: 'Verify seal, issuer, time and digests again',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await verifyPackage(await verbContext(c), c.req.valid('param'))),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/return',
      summary: 'Return a wrong arrival unopened',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(reasonSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await returnPackage(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/acknowledgement',
      summary: 'Acknowledge: the records have been taken in',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await acknowledgePackage(await verbContext(c), c.req.valid('param'))),
  );
}
