import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { endBrowserSession, readSessionCookie } from './cookies.ts';
import { endSession, endSessions, listSessions, logOut } from './end-session.ts';
import { identityAnswer, sessionList } from './schemas.ts';
import { identityView } from './view.ts';

export function addSessionRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/session',
      summary: 'Who am I',
      tags: ['identity'],
      responses: { 200: jsonContent(identityAnswer, 'The caller as the gateway sees it'), ...problemResponses },
    }),
    (c) => c.json(identityView(c.get('identity')), 200),
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/session',
      summary: 'Log out',
      tags: ['identity'],
      responses: { 204: { description: 'Logged out' }, ...problemResponses },
    }),
    async (c) => {
      const token = readSessionCookie(c);
      if (token !== null) await logOut(c.get('gateway').identity, token);
      endBrowserSession(c);
      return c.body(null, 204);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/sessions',
      summary: 'List my sessions',
      tags: ['identity'],
      responses: { 200: jsonContent(sessionList, 'Sessions in force, in every browser'), ...problemResponses },
    }),
    async (c) => {
      const result = await listSessions(c.get('gateway').identity, c.get('actor'));
      if (!result.ok) return sendProblem(c, result.fault);
      const sessions = result.value.map((session) => ({
        ...session,
        createdAt: session.createdAt.toISOString(),
        lastSeenAt: session.lastSeenAt.toISOString(),
        expiresAt: session.expiresAt.toISOString(),
        authenticatedAt: session.authenticatedAt.toISOString(),
      }));
      return c.json({ sessions }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/sessions',
      summary: 'End all of my sessions, or all but this one',
      tags: ['identity'],
      request: { query: z.object({ which: z.enum(['all', 'others']) }) },
      responses: { 204: { description: 'Ended' }, ...problemResponses },
    }),
    async (c) => {
      const { which } = c.req.valid('query');
      const result = await endSessions(c.get('gateway').identity, c.get('actor'), which);
      if (!result.ok) return sendProblem(c, result.fault);
      if (which === 'all') endBrowserSession(c);
      return c.body(null, 204);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/sessions/{sessionId}',
      summary: 'End one of my sessions',
      tags: ['identity'],
      request: { params: z.object({ sessionId: z.string().max(100) }) },
      responses: { 204: { description: 'Ended' }, ...problemResponses },
    }),
    async (c) => {
      const result = await endSession(c.get('gateway').identity, c.get('actor'), c.req.valid('param').sessionId);
      if (!result.ok) return sendProblem(c, result.fault);
      if (result.value.current) endBrowserSession(c);
      return c.body(null, 204);
    },
  );
}
