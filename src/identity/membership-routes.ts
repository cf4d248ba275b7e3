import { createRoute } from '@hono/zod-openapi';
import { type Answers, type IdentityApi, json, refusal } from './answers.ts';
import { chooseMembership, listMemberships } from './choose-membership.ts';
import { writeSessionCookie } from './cookies.ts';
import { membershipChoice, membershipList } from './schemas.ts';
import type { IdentityServices } from './services.ts';

export function addMembershipRoutes(api: IdentityApi, services: IdentityServices, answers: Answers): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/memberships',
      summary: 'List the schools and roles I may act in',
      tags: ['identity'],
      responses: { 200: json(membershipList, 'Memberships in force today'), ...answers.problems(401) },
    }),
    async (c) => {
      const result = await listMemberships(services, c.get('actor'));
      return result.ok ? c.json({ memberships: result.value }, 200) : refusal(answers, c, result.fault);
    },
  );
  api.openapi(
    createRoute({
      method: 'put',
      path: '/api/session/membership',
      summary: 'Choose the school and role to act in',
      tags: ['identity'],
      request: { body: json(membershipChoice, 'One of my memberships') },
      responses: { 204: { description: 'Chosen; the session cookie is renewed' }, ...answers.problems(400, 401, 404) },
    }),
    async (c) => {
      const result = await chooseMembership(services, c.get('actor'), c.req.valid('json').membershipId);
      if (!result.ok) return refusal(answers, c, result.fault);
      writeSessionCookie(c, result.value.token);
      return c.body(null, 204);
    },
  );
}
