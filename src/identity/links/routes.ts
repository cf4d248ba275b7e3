import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { confirmLink } from '../guardians/confirm-link.ts';
import { endLink } from '../guardians/end-link.ts';
import { guardianJson } from '../guardians/guardian-routes.ts';
import { listNotices } from '../guardians/list-notices.ts';
import { listPending } from '../guardians/list-pending.ts';
import { linkConfirmation, linkView, noticeList, pendingList } from '../guardians/schemas.ts';
import { withdrawLinkingCode } from '../guardians/withdraw-code.ts';
import { linkAnswer, linkingCodeAnswer, linkingCodeRequest, linkRequest } from '../schemas.ts';
import { issueLinkingCode } from './issue-linking-code.ts';
import { listLinks } from './links.ts';
import { redeemLinkingCode } from './redeem-linking-code.ts';

/** Codes on paper, the links that come of them, and their confirmation. */
export function addLinkRoutes(app: OpenAPIHono<AppEnv>): void {
  addCodeRoutes(app);
  addConfirmationRoutes(app);
  addOwnLinkRoutes(app);
}

function addCodeRoutes(app: OpenAPIHono<AppEnv>): void {
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
      const input = { pupilId: c.req.valid('param').pupilId, ...c.req.valid('json') };
      const result = await issueLinkingCode(c.get('gateway').identity, c.get('actor'), input);
      if (!result.ok) return sendProblem(c, result.fault);
      return c.json({ ...result.value, expiresAt: result.value.expiresAt.toISOString() }, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/linking-codes/{codeId}',
      summary: 'Withdraw a linking code that has not been used',
      tags: ['identity'],
      request: { params: z.object({ codeId: z.string().max(100) }) },
      responses: { 204: { description: 'Withdrawn' }, ...problemResponses },
    }),
    async (c) => {
      const { codeId } = c.req.valid('param');
      const result = await withdrawLinkingCode(c.get('gateway').identity, c.get('actor'), codeId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/links',
      summary: 'Redeem a linking code; the school confirms it then',
      tags: ['identity'],
      request: jsonBody(linkRequest),
      responses: { 201: jsonContent(linkAnswer, 'Asked for'), ...problemResponses },
    }),
    async (c) => {
      const result = await redeemLinkingCode(c.get('gateway').identity, c.get('actor'), c.req.valid('json'));
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
}

function addConfirmationRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/links/pending',
      summary: 'List what waits for a second member of staff',
      tags: ['guardians'],
      responses: { 200: jsonContent(pendingList, 'Links and guardians'), ...problemResponses },
    }),
    async (c) => {
      const result = await listPending(c.get('gateway').identity, c.get('actor'));
      if (!result.ok) return sendProblem(c, result.fault);
      const links = result.value.links.map(({ askedAt, guardian, ...link }) => ({
        ...link,
        askedAt: askedAt.toISOString(),
        guardian: guardian === null ? null : guardianJson(guardian),
      }));
      const guardians = result.value.guardians.map(({ pupil, guardian }) => ({
        pupil,
        guardian: guardianJson(guardian),
      }));
      return c.json({ links, guardians }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/links/{linkId}/confirmation',
      summary: 'Confirm a link by the number that its person tells',
      tags: ['guardians'],
      request: { params: z.object({ linkId: z.string().max(100) }), ...jsonBody(linkConfirmation) },
      responses: { 204: { description: 'Confirmed' }, ...problemResponses },
    }),
    async (c) => {
      const input = { linkId: c.req.valid('param').linkId, checkNumber: c.req.valid('json').checkNumber };
      const result = await confirmLink(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}

function addOwnLinkRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/links',
      summary: 'List links between persons and pupils',
      tags: ['identity'],
      request: { query: z.object({ pupil: z.string().max(100).optional() }) },
      responses: {
        200: jsonContent(z.object({ links: z.array(linkView) }), 'My own links, or those of a pupil of my school'),
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
      summary: 'End a link, or refuse one that waits',
      tags: ['identity'],
      request: { params: z.object({ linkId: z.string().max(100) }) },
      responses: { 204: { description: 'Ended' }, ...problemResponses },
    }),
    async (c) => {
      const result = await endLink(c.get('gateway').identity, c.get('actor'), c.req.valid('param').linkId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/notices',
      summary: 'What I was told about the guardians of my pupils',
      tags: ['guardians'],
      responses: { 200: jsonContent(noticeList, 'The newest twenty'), ...problemResponses },
    }),
    async (c) => {
      const result = await listNotices(c.get('gateway').identity, c.get('actor'));
      if (!result.ok) return sendProblem(c, result.fault);
      return c.json({ notices: result.value.map((notice) => ({ ...notice, at: notice.at.toISOString() })) }, 200);
    },
  );
}
