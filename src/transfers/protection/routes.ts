import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { verbContext } from '../context.ts';
import { askLift, changeProtection, confirmLift, refuseLift } from './change-protection.ts';
import { askClearance, confirmClearing, endClearance } from './clear-guardian.ts';
import { enterProtection } from './enter-protection.ts';
import { clearanceRequest, protectionChange, protectionRequest, protectionSchema } from './schemas.ts';
import { showProtection, showProtections } from './show-protections.ts';

const tags = ['protections'];
const params = z.object({ protectionId: z.string().max(64) });
const guardianParams = params.extend({ guardianId: z.string().max(64) });
const responses = { 200: jsonContent(protectionSchema, 'The order as it is now'), ...problemResponses };

/** 支援措置: who at the own school, and which guardian, may know of a pupil's cases. */
export function protectionRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/protections',
      summary: 'Protection orders in force that you may know of',
      tags,
      responses: {
        200: jsonContent(z.object({ items: z.array(protectionSchema).readonly() }), 'Soonest review first'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showProtections(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/protections',
      summary: 'Protect a pupil, in force at once',
      tags,
      request: jsonBody(protectionRequest),
      responses: { 201: jsonContent(protectionSchema, 'In force'), ...problemResponses },
    }),
    async (c) => {
      const result = await enterProtection(await verbContext(c), c.req.valid('json'));
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/protections/{protectionId}',
      summary: 'One protection order',
      tags,
      request: { params },
      responses,
    }),
    async (c) => {
      const result = await showProtection(await verbContext(c), c.req.valid('param').protectionId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/protections/{protectionId}',
      summary: 'Name who may know, and set the next review',
      tags,
      request: { params, ...jsonBody(protectionChange) },
      responses,
    }),
    async (c) => {
      const input = { id: c.req.valid('param').protectionId, ...c.req.valid('json') };
      const result = await changeProtection(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  liftingRoutes(app);
  clearanceRoutes(app);
}

function liftingRoutes(app: OpenAPIHono<AppEnv>): void {
  const path = '/api/protections/{protectionId}/lifting';
  const request = { params };
  app.openapi(
    createRoute({ method: 'post', path, summary: 'Ask for the end of a protection', tags, request, responses }),
    async (c) => {
      const result = await askLift(await verbContext(c), c.req.valid('param').protectionId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({ method: 'delete', path, summary: 'Keep the protection after all', tags, request, responses }),
    async (c) => {
      const result = await refuseLift(await verbContext(c), c.req.valid('param').protectionId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/protections/{protectionId}/lifting/confirmation',
      summary: 'End a protection, as the second person',
      tags,
      request,
      responses,
    }),
    async (c) => {
      const result = await confirmLift(await verbContext(c), c.req.valid('param').protectionId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}

function clearanceRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/protections/{protectionId}/clearances',
      summary: 'Ask that a guardian see the cases all the same',
      tags,
      request: { params, ...jsonBody(clearanceRequest) },
      responses,
    }),
    async (c) => {
      const input = { id: c.req.valid('param').protectionId, ...c.req.valid('json') };
      const result = await askClearance(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/protections/{protectionId}/clearances/{guardianId}',
      summary: 'Hide the cases from a guardian again, at once',
      tags,
      request: { params: guardianParams },
      responses,
    }),
    async (c) => {
      const { protectionId: id, guardianId } = c.req.valid('param');
      const result = await endClearance(await verbContext(c), { id, guardianId });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/protections/{protectionId}/clearances/{guardianId}/confirmation',
      summary: 'Let a guardian see them, as the second person',
      tags,
      request: { params: guardianParams },
      responses,
    }),
    async (c) => {
      const { protectionId: id, guardianId } = c.req.valid('param');
      const result = await confirmClearing(await verbContext(c), { id, guardianId });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
