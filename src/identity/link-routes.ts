import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { issueLinkingCode } from './issue-linking-code.ts';
import { endLink, listLinks } from './links.ts';
import { redeemLinkingCode } from './redeem-linking-code.ts';
import { linkAnswer, linkingCodeAnswer, linkingCodeRequest, linkList, linkRequest } from './schemas.ts';

export function addLinkRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/pupils/{pupilId}/linking-codes',
      summary: 'Issue a linking code for a pupil or guardian',
      tags: ['identity'],
      request: {
        params: z.object({ pupilId: z.string().max(100) }),
        ...jsonBody(linkingCodeRequest),
      },
      responses: { 201: jsonContent(linkingCodeAnswer, 'The code, shown once'), ...problemResponses },
    }),
    async (c) => {
      const { pupilId } = c.req.valid('param');
      const { relation } = c.req.valid('json');
      const result = await issueLinkingCode(c.get('gateway').identity, c.get('actor'), { pupilId, relation });
      if (!result.ok) return sendProblem(c, result.fault);
      return c.json({ ...result.value, expiresAt: result.value.expiresAt.toISOString() }, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/links',
      summary: 'Redeem a linking code',
      tags: ['identity'],
      request: jsonBody(linkRequest),
      responses: { 201: jsonContent(linkAnswer, 'Linked'), ...problemResponses },
    }),
    async (c) => {
      const result = await redeemLinkingCode(c.get('gateway').identity, c.get('actor'), c.req.valid('json'));
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/links',
      summary: 'List links between persons and pupils',
      tags: ['identity'],
      request: { query: z.object({ pupil: z.string().max(100).optional() }) },
      responses: {
        200: jsonContent(linkList, 'My own links, or those of a pupil of my school'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await listLinks(c.get('gateway').identity, c.get('actor'), c.req.valid('query').pupil ?? null);
      if (!result.ok) return sendProblem(c, result.fault);
      const links = result.value.map((link) => ({ ...link, linkedAt: link.linkedAt.toISOString() }));
      return c.json({ links }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/links/{linkId}',
      summary: 'End a link',
      tags: ['identity'],
      request: { params: z.object({ linkId: z.string().max(100) }) },
      responses: { 204: { description: 'Ended' }, ...problemResponses },
    }),
    async (c) => {
      const result = await endLink(c.get('gateway').identity, c.get('actor'), c.req.valid('param').linkId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}
