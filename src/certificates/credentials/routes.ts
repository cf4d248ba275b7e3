import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { fault } from '../../faults.ts';
import { issuedKinds } from '../../records/certificate-kinds.ts';
import { typesPath, typeVersion } from '../../records/credential-type.ts';
import { verbContext } from '../../transfers/context.ts';
import { jsonBody, problemResponses, sendProblem } from '../../web/answer.ts';
import { collectCredential } from './collect-credential.ts';
import { publishStatusList } from './publish-status-list.ts';
import { sendCredential } from './send-credential.ts';
import { sendList } from './send-list.ts';
import { statusListsPath } from './status-address.ts';
import { typeMetadata } from './type-metadata.ts';

const tags = ['credentials'];

/** Credentials of issued certificates: taking one, and what it is. */
export function credentialRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/credentials',
      summary: 'Take a credential (SD-JWT VC) of an issued certificate; each call gives a new one',
      description:
        'With `proof`, a JWT of type openid4vci-proof+jwt by the holder’s P-256 key (`jwk` in its header, `aud` this gateway’s origin, `nonce` the id of the certificate, `iat` now), it is bound to that key and lasts a year; without one, 30 days.',
      tags,
      request: {
        params: z.object({ certificateId: z.string().max(100) }),
        ...jsonBody(z.strictObject({ proof: z.string().max(4096).nullable() })),
      },
      responses: {
        200: { description: 'The SD-JWT VC', content: { 'application/dc+sd-jwt': { schema: z.any() } } },
        ...problemResponses,
      },
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await collectCredential(await verbContext(c), input);
      return result.ok ? sendCredential(c, result.value) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: `${typesPath}/{kind}/{version}`,
      summary: 'What a credential of this kind is, for wallets (SD-JWT VC type metadata)',
      tags,
      request: { params: z.object({ kind: z.string().max(40), version: z.string().max(10) }) },
      responses: {
        200: { description: 'JSON, always the same bytes; credentials name their hash' },
        ...problemResponses,
      },
    }),
    (c) => {
      const { kind: asked, version } = c.req.valid('param');
      const kind = issuedKinds.find((one) => one === asked);
      if (kind === undefined || version !== String(typeVersion)) return sendProblem(c, fault('request.not-found'));
      return c.body(typeMetadata(c.get('gateway').settings.PUBLIC_ORIGIN, kind), 200, {
        'Content-Type': 'application/json',
        'Cache-Control': 'public, max-age=86400',
        // Wallets in a browser read it from anywhere; there is nothing about anybody in it.
        'Access-Control-Allow-Origin': '*',
      });
    },
  );
  statusListRoute(app);
}

/** For everybody who has a credential to verify. */
function statusListRoute(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: `${statusListsPath}/{listId}`,
      summary: 'A status list: whether credentials of a school still count (Token Status List)',
      tags,
      request: { params: z.object({ listId: z.string().max(100) }) },
      responses: {
        200: { description: 'Signed by the school, two bits an entry', content: { [listType]: { schema: z.any() } } },
        304: { description: 'As you have it (If-None-Match)' },
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await publishStatusList(c.get('gateway'), c.req.valid('param').listId);
      if (!result.ok) return sendProblem(c, result.fault);
      return sendList(c, result.value, listType);
    },
  );
}

const listType = 'application/statuslist+jwt';
