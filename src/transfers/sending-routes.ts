import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { jsonBody, versionFrom } from '../web/answer.ts';
import { approvePackage } from './approve-package.ts';
import { verbContext } from './context.ts';
import { depositPackage } from './deposit-package.ts';
import { answerCase } from './render.ts';
import { reviseCase } from './revise-case.ts';
import { caseAnswer, caseParam } from './route-shapes.ts';
import { approvalSchema, reasonSchema, sealSchema, submissionSchema } from './schemas.ts';
import { sealCase } from './seal-package.ts';
import { submitCase } from './submit-case.ts';
import { withdrawPackage } from './withdraw-package.ts';

/** From the draft into the locker: approval, seal, deposit, withdrawal. */
export function sendingRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/submission',
      summary: 'Ask for approval of exactly this content',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(submissionSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId, version: versionFrom(c) };
      return answerCase(c, await submitCase(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/approval',
      summary: 'Approve, as a second person',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(approvalSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await approvePackage(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/revision',
      summary: 'Take the package back into drafting',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { caseId: c.req.valid('param').caseId, version: versionFrom(c) };
      return answerCase(c, await reviseCase(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/seal',
      summary: 'Seal with the key of the school',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(sealSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await sealCase(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/deposit',
      summary: 'Deposit the sealed package in the locker',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await depositPackage(await verbContext(c), c.req.valid('param'))),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/withdrawal',
      summary: 'Take a package back before it is opened',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(reasonSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await withdrawPackage(await verbContext(c), input));
    },
  );
}
