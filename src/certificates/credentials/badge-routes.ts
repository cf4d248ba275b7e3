import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { Result } from '../../result.ts';
import { verbContext } from '../../transfers/context.ts';
import { jsonBody, problemResponses, sendProblem } from '../../web/answer.ts';
import { exportTranscript } from './export-transcript.ts';
import { issuersPath, showKey, showKeys, showProfile } from './issuer-profile.ts';
import { publishBitstringList } from './publish-bitstring-list.ts';
import { exportFormats } from './rules.ts';
import { sendExport } from './send-credential.ts';
import { sendList } from './send-list.ts';

const tags = ['credentials'];
const code = z.string().max(100);

/** Transcripts as Open Badges 3.0 and CLR 2.0, and what their readers ask for. */
export function badgeRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/exports',
      summary: 'Take a transcript as Open Badge 3.0 or CLR 2.0 (VC-JWT, RS256)',
      tags,
      request: {
        params: z.object({ certificateId: z.string().max(100) }),
        ...jsonBody(z.strictObject({ format: z.enum(exportFormats) })),
      },
      responses: {
        200: { description: 'A compact JWS', content: { 'application/jwt': { schema: z.any() } } },
        ...problemResponses,
      },
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await exportTranscript(await verbContext(c), input);
      return result.ok ? sendExport(c, result.value, input.format) : sendProblem(c, result.fault);
    },
  );
  issuerRoutes(app);
  bitstringRoute(app);
}

function issuerRoutes(app: OpenAPIHono<AppEnv>): void {
  const responses = { 200: { description: 'JSON, for everybody' }, ...problemResponses };
  const school = z.object({ schoolCode: code });
  app.openapi(
    createRoute({
      method: 'get',
      path: `${issuersPath}/{schoolCode}`,
      summary: 'A school as an issuer of Open Badges (Profile)',
      tags,
      request: { params: school },
      responses,
    }),
    async (c) => publicJson(c, await showProfile(c.get('gateway'), c.req.valid('param').schoolCode)),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: `${issuersPath}/{schoolCode}/jwks.json`,
      summary: 'The keys of a school’s Open Badges (JWK Set)',
      tags,
      request: { params: school },
      responses,
    }),
    async (c) => publicJson(c, await showKeys(c.get('gateway'), c.req.valid('param').schoolCode)),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: `${issuersPath}/{schoolCode}/keys/{thumbprint}`,
      summary: 'One key of a school’s Open Badges: what `kid` leads to (JWK)',
      tags,
      request: { params: school.extend({ thumbprint: z.string().max(100) }) },
      responses,
    }),
    async (c) => {
      const { schoolCode, thumbprint } = c.req.valid('param');
      return publicJson(c, await showKey(c.get('gateway'), { school: schoolCode, thumbprint }));
    },
  );
}

/** For everybody who has an export to verify. */
function bitstringRoute(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: `${issuersPath}/{schoolCode}/status-lists/{listId}`,
      summary: 'Which Open Badges and learner records of a school have been revoked (Bitstring Status List, VC-JWT)',
      tags,
      request: { params: z.object({ schoolCode: code, listId: z.string().max(100) }) },
      responses: {
        200: { description: 'Signed by the key of its badges', content: { [listType]: { schema: z.any() } } },
        304: { description: 'As you have it (If-None-Match)' },
        ...problemResponses,
      },
    }),
    async (c) => {
      const { schoolCode: school, listId } = c.req.valid('param');
      const result = await publishBitstringList(c.get('gateway'), { school, listId });
      return result.ok ? sendList(c, result.value, listType) : sendProblem(c, result.fault);
    },
  );
}

const listType = 'application/vc+jwt';

function publicJson(c: Context<AppEnv>, result: Result<object>): Response {
  if (!result.ok) return sendProblem(c, result.fault);
  return c.body(JSON.stringify(result.value), 200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'public, max-age=300',
    'Access-Control-Allow-Origin': '*',
  });
}
