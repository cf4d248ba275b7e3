import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { verbContext } from '../../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { proposeClient, proposeClientChange, proposeClientKey } from './propose-client.ts';
import {
  clientChange,
  clientOutcome,
  clientRegistration,
  keyAddition,
  proposedKey,
  proposedRegistration,
} from './schemas.ts';

const clientParam = z.object({ clientId: z.string().max(200) });
const tags = ['clients'];

/** What gives a school-affairs system a way in or widens it: each waits for a second person. */
export function clientProposalRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/clients',
      summary: 'Propose a school-affairs system with its public key',
      tags,
      request: jsonBody(clientRegistration),
      responses: { 202: jsonContent(proposedRegistration, 'Waiting for a second person'), ...problemResponses },
    }),
    async (c) => {
      const result = await proposeClient(await verbContext(c), c.req.valid('json'));
      return result.ok ? c.json(result.value, 202) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/clients/{clientId}',
      summary: 'Change name, scopes and limits of a school-affairs system',
      tags,
      request: { params: clientParam, ...jsonBody(clientChange) },
      responses: {
        200: jsonContent(clientOutcome, 'Done when nothing widens; else waiting for a second person'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), ...c.req.valid('param') };
      const result = await proposeClientChange(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/clients/{clientId}/keys',
      summary: 'Propose a new public key; once confirmed, the ones before end after the overlap',
      tags,
      request: { params: clientParam, ...jsonBody(keyAddition) },
      responses: { 202: jsonContent(proposedKey, 'Waiting for a second person'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), ...c.req.valid('param') };
      const result = await proposeClientKey(await verbContext(c), input);
      return result.ok ? c.json(result.value, 202) : sendProblem(c, result.fault);
    },
  );
}
