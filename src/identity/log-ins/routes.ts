import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { endBrowserSession, writeSignInCookie } from '../cookies.ts';
import { signInMinutes } from '../rules.ts';
import { beginAddAccount } from './add-account.ts';
import { disownLogIn } from './disown-log-in.ts';
import { listLogIns, listWays } from './list-log-ins.ts';
import { removeWay } from './remove-way.ts';
import { accountAnswer, accountRequest, disownAnswer, logInList, wayList } from './schemas.ts';

/** A person's own ways to log in, and what happened to anybody's log-ins. */
export function addLogInRoutes(app: OpenAPIHono<AppEnv>): void {
  addWayRoutes(app);
  addHistoryRoutes(app);
}

function addWayRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/login-ways',
      summary: 'List my ways to log in',
      tags: ['identity'],
      responses: { 200: jsonContent(wayList, 'Certificates and accounts'), ...problemResponses },
    }),
    async (c) => {
      const result = await listWays(c.get('gateway').identity, c.get('actor'));
      if (!result.ok) return sendProblem(c, result.fault);
      const ways = result.value.map((way) => ({
        ...way,
        addedAt: way.addedAt.toISOString(),
        lastUsedAt: way.lastUsedAt?.toISOString() ?? null,
        notAfter: way.notAfter?.toISOString() ?? null,
      }));
      return c.json({ ways }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/login-ways/account',
      summary: 'Begin to add an account of an app to me; the browser finishes it',
      tags: ['identity'],
      request: jsonBody(accountRequest),
      responses: { 201: jsonContent(accountAnswer, 'Begun; a cookie is set'), ...problemResponses },
    }),
    async (c) => {
      const { provider: providerId, returnTo } = c.req.valid('json');
      const begun = await beginAddAccount(c.get('gateway').identity, c.get('actor'), { providerId, returnTo });
      if (!begun.ok) return sendProblem(c, begun.fault);
      writeSignInCookie(c, begun.value.cookie, signInMinutes * 60);
      return c.json({ location: begun.value.location }, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/login-ways/{wayId}',
      summary: 'Take one of my ways to log in away',
      tags: ['identity'],
      request: { params: z.object({ wayId: z.string().max(100) }) },
      responses: { 204: { description: 'Taken away; what it had opened has ended' }, ...problemResponses },
    }),
    async (c) => {
      const input = { wayId: c.req.valid('param').wayId, browser: c.req.header('User-Agent') ?? '' };
      const result = await removeWay(c.get('gateway').identity, c.get('actor'), input);
      if (!result.ok) return sendProblem(c, result.fault);
      if (result.value.current) endBrowserSession(c);
      return c.body(null, 204);
    },
  );
}

function addHistoryRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/log-ins',
      summary: 'List what happened to my log-ins, refused ones too',
      tags: ['identity'],
      responses: { 200: jsonContent(logInList, 'The newest fifty of half a year'), ...problemResponses },
    }),
    async (c) => {
      const result = await listLogIns(c.get('gateway').identity, c.get('actor'));
      if (!result.ok) return sendProblem(c, result.fault);
      const logIns = result.value.map((line) => ({
        ...line,
        at: line.at.toISOString(),
        disownedAt: line.disownedAt?.toISOString() ?? null,
      }));
      return c.json({ logIns }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/log-ins/{logInId}/disowning',
      summary: 'That was not me: end all of my other sessions',
      tags: ['identity'],
      request: { params: z.object({ logInId: z.string().max(100) }) },
      responses: { 200: jsonContent(disownAnswer, 'Noted, and ended'), ...problemResponses },
    }),
    async (c) => {
      const result = await disownLogIn(c.get('gateway').identity, c.get('actor'), c.req.valid('param').logInId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
