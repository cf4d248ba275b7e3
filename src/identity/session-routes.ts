import { createRoute, z } from '@hono/zod-openapi';
import { type Answers, type IdentityApi, json, refusal } from './answers.ts';
import { clearSessionCookie, readSessionCookie } from './cookies.ts';
import { endSession, listSessions, logOut } from './end-session.ts';
import { identityAnswer, sessionList } from './schemas.ts';
import type { IdentityServices } from './services.ts';
import { identityView } from './view.ts';

export function addSessionRoutes(api: IdentityApi, services: IdentityServices, answers: Answers): void {
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/session',
      summary: 'Who am I',
      tags: ['identity'],
      responses: { 200: json(identityAnswer, 'The caller as the gateway sees it') },
    }),
    (c) => c.json(identityView(c.get('identity')), 200),
  );
  api.openapi(
    createRoute({
      method: 'delete',
      path: '/api/session',
      summary: 'Log out',
      tags: ['identity'],
      responses: { 204: { description: 'Logged out' } },
    }),
    async (c) => {
      const token = readSessionCookie(c);
      if (token !== null) await logOut(services, token);
      clearSessionCookie(c);
      return c.body(null, 204);
    },
  );
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/sessions',
      summary: 'List my sessions',
      tags: ['identity'],
      responses: { 200: json(sessionList, 'Sessions in force, in every browser'), ...answers.problems(401) },
    }),
    async (c) => {
      const result = await listSessions(services, c.get('actor'));
      if (!result.ok) return refusal(answers, c, result.fault);
      const sessions = result.value.map((session) => ({
        ...session,
        createdAt: session.createdAt.toISOString(),
        lastSeenAt: session.lastSeenAt.toISOString(),
        expiresAt: session.expiresAt.toISOString(),
      }));
      return c.json({ sessions }, 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'delete',
      path: '/api/sessions/{sessionId}',
      summary: 'End one of my sessions',
      tags: ['identity'],
      request: { params: z.object({ sessionId: z.string().max(100) }) },
      responses: { 204: { description: 'Ended' }, ...answers.problems(401, 404) },
    }),
    async (c) => {
      const result = await endSession(services, c.get('actor'), c.req.valid('param').sessionId);
      if (!result.ok) return refusal(answers, c, result.fault);
      if (result.value.current) clearSessionCookie(c);
      return c.body(null, 204);
    },
  );
}
