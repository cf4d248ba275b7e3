import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem, versionFrom } from '../web/answer.ts';
import { approvePackage } from './approve-package.ts';
import { verbContext } from './context.ts';
import { depositPackage } from './deposit-package.ts';
import { deliverOwnSeal, showSealBytes, stampSeal } from './own-seal.ts';
import { answerCase } from './render.ts';
import { reviseCase } from './revise-case.ts';
import { caseAnswer, caseParam } from './route-shapes.ts';
import {
  approvalSchema,
  ownSealSchema,
  reasonSchema,
  sealBytesSchema,
  sealSchema,
  stampedSchema,
  stampSchema,
  submissionSchema,
  withdrawalsSchema,
  withdrawnSchema,
} from './schemas.ts';
import { sealCase } from './seal-package.ts';
import { submitCase } from './submit-case.ts';
import { withdrawPackage } from './withdraw-package.ts';
import { withdrawPackages } from './withdraw-packages.ts';

/** The seal of a school that holds its key itself: the bytes, the time stamp, the delivery. */
function ownSealRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/seal-input',
      summary: 'The manifest to seal with the school’s own key',
      tags: ['cases'],
      request: { params: caseParam },
      responses: { 200: jsonContent(sealBytesSchema, 'What has to be signed'), ...problemResponses },
    }),
    async (c) => {
      const result = await showSealBytes(await verbContext(c), c.req.valid('param'));
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/seal-input',
      summary: 'Put the time stamp on a manifest sealed elsewhere',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(stampSchema) },
      responses: { 200: jsonContent(stampedSchema, 'With the container manifests to sign'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      const result = await stampSeal({ ...(await verbContext(c)), idempotency: null }, input);
      // A manifest may name what the stored form leaves out: its header is ours.
      return result.ok ? c.json(stampedSchema.parse(result.value), 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/cases/{caseId}/seal',
      summary: 'Deliver a seal made with the school’s own key',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(ownSealSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await deliverOwnSeal(await verbContext(c), input));
    },
  );
}

/** From the draft into the locker: approval, seal, deposit, withdrawal. */
export function sendingRoutes(app: OpenAPIHono<AppEnv>): void {
  ownSealRoutes(app);
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
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/withdrawals',
      summary: 'Take many packages back before they are opened, each with its own outcome',
      tags: ['cases'],
      request: jsonBody(withdrawalsSchema),
      responses: { 200: jsonContent(withdrawnSchema, 'What became of each, in the order asked'), ...problemResponses },
    }),
    async (c) => {
      const result = await withdrawPackages(await verbContext(c), c.req.valid('json'));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
}
