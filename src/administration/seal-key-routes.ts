import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { verbContext } from '../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { formerSealKeys, proposedKeyAct, sealKey } from './schemas.ts';
import { listFormerSealKeys, proposeSealKey, proposeSealKeyEnd, showSealKey } from './seal-key.ts';

const importBody = z
  .union([
    z.strictObject({ pkcs12: z.base64().max(100_000), password: z.string().max(200) }),
    z.strictObject({
      certificates: z.array(z.base64().max(20_000)).min(1).max(5).openapi({
        description: 'DER, leaf first, without the root: the private key stays with the school’s own system',
      }),
    }),
  ])
  .openapi('SealKeyImport');

/** The key that a school seals with; every change of it waits for a second person. */
export function sealKeyRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/seal-key',
      summary: 'The seal key of this school',
      tags: ['keys'],
      responses: { 200: jsonContent(sealKey.nullable(), 'The key in force, or null'), ...problemResponses },
    }),
    async (c) => {
      const result = await showSealKey(await verbContext(c));
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/seal-key/history',
      summary: 'The seal keys that this school has had, each held to the log',
      tags: ['keys'],
      responses: { 200: jsonContent(formerSealKeys, 'The newest first'), ...problemResponses },
    }),
    async (c) => {
      const result = await listFormerSealKeys(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/seal-key',
      summary: 'Propose a seal key from a PKCS#12 file, or its certificate alone',
      tags: ['keys'],
      request: jsonBody(importBody),
      responses: { 202: jsonContent(proposedKeyAct, 'Checked; waiting for a second person'), ...problemResponses },
    }),
    async (c) => {
      const body = c.req.valid('json');
      const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
      const input =
        'pkcs12' in body
          ? { file: bytes(body.pkcs12), password: body.password }
          : { certificates: body.certificates.map(bytes) };
      const result = await proposeSealKey(await verbContext(c), input);
      return result.ok ? c.json(result.value, 202) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/seal-key',
      summary: 'Propose that the seal key is used no more',
      tags: ['keys'],
      responses: { 202: jsonContent(proposedKeyAct, 'Waiting for a second person'), ...problemResponses },
    }),
    async (c) => {
      const result = await proposeSealKeyEnd(await verbContext(c));
      return result.ok ? c.json(result.value, 202) : sendProblem(c, result.fault);
    },
  );
}
