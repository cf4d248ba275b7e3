import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { verbContext } from '../../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { listFields, listShares, showShare } from './list-shares.ts';
import { makeShare } from './make-share.ts';
import { madeShare, shareBody, shareFields, sharesOf, shareView } from './schemas.ts';
import { withdrawShare } from './withdraw-share.ts';

const tags = ['certificates'];
const certificateId = z.object({ certificateId: z.string().max(100) });
const shareId = z.object({ shareId: z.string().max(100) });

/** What the holder of a certificate lets others see of it. */
export function shareRoutes(app: OpenAPIHono<AppEnv>): void {
  ofCertificate(app);
  ofShare(app);
}

function ofCertificate(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/issued-certificates/{certificateId}/share-fields',
      summary: 'What of my certificate can be chosen for a share',
      tags,
      request: { params: certificateId },
      responses: { 200: jsonContent(shareFields, 'Names of facts, not what they say'), ...problemResponses },
    }),
    async (c) => {
      const result = await listFields(await verbContext(c), c.req.valid('param').certificateId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/issued-certificates/{certificateId}/shares',
      summary: 'What I let others see of my certificate, and when they looked',
      tags,
      request: { params: certificateId },
      responses: { 200: jsonContent(sharesOf, 'Newest first, without the links'), ...problemResponses },
    }),
    async (c) => {
      const result = await listShares(await verbContext(c), c.req.valid('param').certificateId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/shares',
      summary: 'Make a link by which somebody sees what I choose of my certificate',
      tags,
      request: { params: certificateId, ...jsonBody(shareBody) },
      responses: { 201: jsonContent(madeShare, 'The link is in this answer and nowhere else'), ...problemResponses },
    }),
    async (c) => {
      const wish = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await makeShare(await verbContext(c), wish);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
}

function ofShare(app: OpenAPIHono<AppEnv>): void {
  const responses = { 200: jsonContent(shareView, 'The share as it is now'), ...problemResponses };
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-shares/{shareId}',
      summary: 'One share of mine, with its history',
      tags,
      request: { params: shareId },
      responses,
    }),
    async (c) => {
      const result = await showShare(await verbContext(c), c.req.valid('param').shareId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-shares/{shareId}/withdrawal',
      summary: 'End a share, at once',
      tags,
      request: { params: shareId },
      responses,
    }),
    async (c) => {
      const result = await withdrawShare(await verbContext(c), c.req.valid('param').shareId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
