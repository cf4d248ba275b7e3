import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { verbContext } from '../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { changeMembership, endMembership, grantRole } from './change-members.ts';
import { issueInvitationCode, withdrawInvitation } from './invitations.ts';
import { listMembers } from './list-members.ts';
import { changeBody, endBody, grantBody, invitationCode, memberList, outcome } from './schemas.ts';

const membershipId = z.object({ membershipId: z.string().max(100) });
const invitationId = z.object({ invitationId: z.string().max(100) });

/** The people of a school and their roles. */
export function memberRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/members',
      summary: 'The people of this school and their roles',
      tags: ['people'],
      responses: { 200: jsonContent(memberList, 'Who is or will be what'), ...problemResponses },
    }),
    async (c) => {
      const result = await listMembers(await verbContext(c));
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/members',
      summary: 'Give somebody a role, or invite them to it',
      tags: ['people'],
      request: jsonBody(grantBody),
      responses: { 200: jsonContent(outcome, 'Done, or waiting for a second person'), ...problemResponses },
    }),
    async (c) => {
      const result = await grantRole(await verbContext(c), c.req.valid('json'));
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/members/{membershipId}',
      summary: 'Change the class or the period of a role',
      tags: ['people'],
      request: { params: membershipId, ...jsonBody(changeBody) },
      responses: { 200: jsonContent(outcome, 'Done, or waiting for a second person'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), ...c.req.valid('param') };
      const result = await changeMembership(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/members/{membershipId}/end',
      summary: 'End a role at once or on a day; take one back that has not begun',
      tags: ['people'],
      request: { params: membershipId, ...jsonBody(endBody) },
      responses: { 200: jsonContent(outcome, 'Done, or waiting for a second person'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), ...c.req.valid('param') };
      const result = await endMembership(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  invitationRoutes(app);
}

function invitationRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/invitations/{invitationId}/code',
      summary: 'Issue the code of an invitation; an earlier one ends',
      tags: ['people'],
      request: { params: invitationId },
      responses: { 201: jsonContent(invitationCode, 'The code, shown once'), ...problemResponses },
    }),
    async (c) => {
      const result = await issueInvitationCode(await verbContext(c), c.req.valid('param').invitationId);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/invitations/{invitationId}',
      summary: 'Take an invitation back',
      tags: ['people'],
      request: { params: invitationId },
      responses: { 204: { description: 'Taken back' }, ...problemResponses },
    }),
    async (c) => {
      const result = await withdrawInvitation(await verbContext(c), c.req.valid('param').invitationId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}
