import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { confirmGuardian } from './confirm-guardian.ts';
import { correctGuardian } from './correct-guardian.ts';
import { disputeGuardian, settleDispute } from './dispute-guardian.ts';
import { endGuardian, restoreGuardian } from './end-guardian.ts';
import { enterGuardian } from './enter-guardian.ts';
import { type GuardianView, listGuardians } from './list-guardians.ts';
import {
  disputeRequest,
  guardianCorrection,
  guardianEndRequest,
  guardianList,
  guardianRequest,
  settlementRequest,
} from './schemas.ts';

const pupilPath = { params: z.object({ pupilId: z.string().max(100) }) };
const guardianPath = { params: z.object({ guardianId: z.string().max(100) }) };
const done = { 204: { description: 'Done' }, ...problemResponses };

/** The guardians of a pupil, as a school keeps them. */
export function addGuardianRoutes(app: OpenAPIHono<AppEnv>): void {
  addRecordRoutes(app);
  addDisputeRoutes(app);
  addEndRoutes(app);
}

/** Instants as the API writes them. */
export function guardianJson(view: GuardianView) {
  return { ...view, enteredAt: view.enteredAt.toISOString(), confirmedAt: view.confirmedAt?.toISOString() ?? null };
}

function addRecordRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/pupils/{pupilId}/guardians',
      summary: 'List the guardians of a pupil and the codes handed out',
      tags: ['guardians'],
      request: pupilPath,
      responses: { 200: jsonContent(guardianList, 'The guardians'), ...problemResponses },
    }),
    async (c) => {
      const result = await listGuardians(c.get('gateway').identity, c.get('actor'), c.req.valid('param').pupilId);
      if (!result.ok) return sendProblem(c, result.fault);
      const { guardians, codes, ...rest } = result.value;
      const answer = {
        ...rest,
        guardians: guardians.map(guardianJson),
        codes: codes.map(({ issuedAt, expiresAt, ...code }) => ({
          ...code,
          issuedAt: issuedAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
        })),
      };
      return c.json(answer, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/pupils/{pupilId}/guardians',
      summary: 'Enter a guardian, for a second person to confirm',
      tags: ['guardians'],
      request: { ...pupilPath, ...jsonBody(guardianRequest) },
      responses: { 201: jsonContent(z.object({ id: z.string() }), 'Entered'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), pupilId: c.req.valid('param').pupilId };
      const result = await enterGuardian(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/guardians/{guardianId}',
      summary: 'Correct what the record of a guardian says, for a second person to confirm',
      tags: ['guardians'],
      request: { ...guardianPath, ...jsonBody(guardianCorrection) },
      responses: done,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), guardianId: c.req.valid('param').guardianId };
      const result = await correctGuardian(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/guardians/{guardianId}/confirmation',
      summary: 'Confirm a guardian that somebody else entered',
      tags: ['guardians'],
      request: guardianPath,
      responses: done,
    }),
    async (c) => {
      const { guardianId } = c.req.valid('param');
      const result = await confirmGuardian(c.get('gateway').identity, c.get('actor'), guardianId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}

function addDisputeRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/guardians/{guardianId}/dispute',
      summary: 'Suspend the access of a guardian',
      tags: ['guardians'],
      request: { ...guardianPath, ...jsonBody(disputeRequest) },
      responses: done,
    }),
    async (c) => {
      const input = { guardianId: c.req.valid('param').guardianId, reason: c.req.valid('json').reason };
      const result = await disputeGuardian(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/guardians/{guardianId}/settlement',
      summary: 'Settle the dispute about a guardian',
      tags: ['guardians'],
      request: { ...guardianPath, ...jsonBody(settlementRequest) },
      responses: done,
    }),
    async (c) => {
      const input = { guardianId: c.req.valid('param').guardianId, ...c.req.valid('json') };
      const result = await settleDispute(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}

function addEndRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/guardians/{guardianId}/end',
      summary: 'End the access of a guardian, now or on a day',
      tags: ['guardians'],
      request: { ...guardianPath, ...jsonBody(guardianEndRequest) },
      responses: done,
    }),
    async (c) => {
      const input = { guardianId: c.req.valid('param').guardianId, ...c.req.valid('json') };
      const result = await endGuardian(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/guardians/{guardianId}/restoration',
      summary: 'Take back the end of a guardian, for a second person to confirm',
      tags: ['guardians'],
      request: guardianPath,
      responses: done,
    }),
    async (c) => {
      const { guardianId } = c.req.valid('param');
      const result = await restoreGuardian(c.get('gateway').identity, c.get('actor'), guardianId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}
