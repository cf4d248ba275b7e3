import { createRoute, z } from '@hono/zod-openapi';
import { type Answers, type IdentityApi, json, refusal } from './answers.ts';
import { issueLinkingCode } from './issue-linking-code.ts';
import { endLink, listLinks } from './links.ts';
import { redeemLinkingCode } from './redeem-linking-code.ts';
import { linkAnswer, linkingCodeAnswer, linkingCodeRequest, linkList, linkRequest } from './schemas.ts';
import type { IdentityServices } from './services.ts';

export function addLinkRoutes(api: IdentityApi, services: IdentityServices, answers: Answers): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/pupils/{pupilId}/linking-codes',
      summary: 'Issue a linking code for a pupil or guardian',
      tags: ['identity'],
      request: {
        params: z.object({ pupilId: z.string().max(100) }),
        body: json(linkingCodeRequest, 'Who the code is for'),
      },
      responses: { 201: json(linkingCodeAnswer, 'The code, shown once'), ...answers.problems(400, 401, 403, 404) },
    }),
    async (c) => {
      const { pupilId } = c.req.valid('param');
      const { relation } = c.req.valid('json');
      const result = await issueLinkingCode(services, c.get('actor'), { pupilId, relation });
      if (!result.ok) return refusal(answers, c, result.fault);
      return c.json({ ...result.value, expiresAt: result.value.expiresAt.toISOString() }, 201);
    },
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/links',
      summary: 'Redeem a linking code',
      tags: ['identity'],
      request: { body: json(linkRequest, 'The code on the sheet and the birth date of the pupil') },
      responses: { 201: json(linkAnswer, 'Linked'), ...answers.problems(400, 401, 422, 429) },
    }),
    async (c) => {
      const result = await redeemLinkingCode(services, c.get('actor'), c.req.valid('json'));
      return result.ok ? c.json(result.value, 201) : refusal(answers, c, result.fault);
    },
  );
  api.openapi(
    createRoute({
      method: 'get',
      path: '/api/links',
      summary: 'List links between persons and pupils',
      tags: ['identity'],
      request: { query: z.object({ pupil: z.string().max(100).optional() }) },
      responses: {
        200: json(linkList, 'My own links, or those of a pupil of my school'),
        ...answers.problems(401, 403),
      },
    }),
    async (c) => {
      const result = await listLinks(services, c.get('actor'), c.req.valid('query').pupil ?? null);
      if (!result.ok) return refusal(answers, c, result.fault);
      const links = result.value.map((link) => ({ ...link, linkedAt: link.linkedAt.toISOString() }));
      return c.json({ links }, 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'delete',
      path: '/api/links/{linkId}',
      summary: 'End a link',
      tags: ['identity'],
      request: { params: z.object({ linkId: z.string().max(100) }) },
      responses: { 204: { description: 'Ended' }, ...answers.problems(401, 403, 404) },
    }),
    async (c) => {
      const result = await endLink(services, c.get('actor'), c.req.valid('param').linkId);
      return result.ok ? c.body(null, 204) : refusal(answers, c, result.fault);
    },
  );
}
