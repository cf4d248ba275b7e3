import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { blockClient, deleteClient, unblockClient } from './block-client.ts';
import { addClientKey, retireClientKey } from './exchange-key.ts';
import { listClients } from './list-clients.ts';
import { changeClient, registerClient } from './register-client.ts';
import { addedKey, clientChange, clientList, clientRegistration, keyAddition, registeredClient } from './schemas.ts';

const clientParam = z.object({ clientId: z.string().max(200) });
const keyParam = clientParam.extend({ thumbprint: z.string().max(64) });
const done = { 204: { description: 'Done' }, ...problemResponses };
const tags = ['clients'];

/** Registration of school-affairs systems, for those who look after a school's clients. */
export function clientRoutes(app: OpenAPIHono<AppEnv>): void {
  registrationRoutes(app);
  keyRoutes(app);
  blockRoutes(app);
}

function registrationRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/clients',
      summary: 'List the school-affairs systems of this school',
      tags,
      responses: { 200: jsonContent(clientList, 'With their keys and limits'), ...problemResponses },
    }),
    async (c) => {
      const result = await listClients(c.get('gateway').identity, c.get('actor'));
      if (!result.ok) return sendProblem(c, result.fault);
      // Dates become text by JSON itself.
      return c.json(clientList.parse({ items: JSON.parse(JSON.stringify(result.value)) as unknown }), 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/clients',
      summary: 'Register a school-affairs system with its public key',
      tags,
      request: jsonBody(clientRegistration),
      responses: { 201: jsonContent(registeredClient, 'Its client id'), ...problemResponses },
    }),
    async (c) => {
      const result = await registerClient(c.get('gateway').identity, c.get('actor'), c.req.valid('json'));
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/clients/{clientId}',
      summary: 'Change name, scopes and limits of a school-affairs system',
      tags,
      request: { params: clientParam, ...jsonBody(clientChange) },
      responses: done,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), clientId: c.req.valid('param').clientId };
      const result = await changeClient(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/clients/{clientId}',
      summary: 'Delete a school-affairs system',
      tags,
      request: { params: clientParam },
      responses: done,
    }),
    async (c) => {
      const { clientId } = c.req.valid('param');
      const result = await deleteClient(c.get('gateway').identity, c.get('actor'), clientId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}

function keyRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/clients/{clientId}/keys',
      summary: 'Add a new public key; the ones before end after the overlap',
      tags,
      request: { params: clientParam, ...jsonBody(keyAddition) },
      responses: { 201: jsonContent(addedKey, 'Added'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), clientId: c.req.valid('param').clientId };
      const result = await addClientKey(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/clients/{clientId}/keys/{thumbprint}',
      summary: 'End a public key at once',
      tags,
      request: { params: keyParam },
      responses: done,
    }),
    async (c) => {
      const result = await retireClientKey(c.get('gateway').identity, c.get('actor'), c.req.valid('param'));
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}

function blockRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/clients/{clientId}/block',
      summary: 'Block a school-affairs system at once',
      tags,
      request: { params: clientParam },
      responses: done,
    }),
    async (c) => {
      const { clientId } = c.req.valid('param');
      const result = await blockClient(c.get('gateway').identity, c.get('actor'), clientId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/clients/{clientId}/block',
      summary: 'Let a blocked school-affairs system in again',
      tags,
      request: { params: clientParam },
      responses: done,
    }),
    async (c) => {
      const { clientId } = c.req.valid('param');
      const result = await unblockClient(c.get('gateway').identity, c.get('actor'), clientId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}
