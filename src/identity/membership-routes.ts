import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { chooseMembership, listMemberships } from './choose-membership.ts';
import { writeSessionCookie } from './cookies.ts';
import { membershipChoice, membershipList } from './schemas.ts';

export function addMembershipRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/memberships',
      summary: 'List the schools and roles I may act in',
      tags: ['identity'],
      responses: { 200: jsonContent(membershipList, 'Memberships in force today'), ...problemResponses },
    }),
    async (c) => {
      const result = await listMemberships(c.get('gateway').identity, c.get('actor'));
      return result.ok ? c.json({ memberships: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/session/membership',
      summary: 'Choose the school and role to act in',
      tags: ['identity'],
      request: jsonBody(membershipChoice),
      responses: { 204: { description: 'Chosen; the session cookie is renewed' }, ...problemResponses },
    }),
    async (c) => {
      const result = await chooseMembership(
        c.get('gateway').identity,
        c.get('actor'),
        c.req.valid('json').membershipId,
      );
      if (!result.ok) return sendProblem(c, result.fault);
      writeSessionCookie(c, result.value.token);
      return c.body(null, 204);
    },
  );
}
