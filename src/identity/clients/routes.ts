import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { blockClient, deleteClient, unblockClient } from './block-client.ts';
import { retireClientKey } from './exchange-key.ts';
import { listClients } from './list-clients.ts';
import { clientList } from './schemas.ts';

const clientParam = z.object({ clientId: z.string().max(200) });
const keyParam = clientParam.extend({ thumbprint: z.string().max(64) });
const done = { 204: { description: 'Done' }, ...problemResponses };
const tags = ['clients'];

/** What one person may do alone with a school's clients: look, and take away. The rest waits for a second (administration/). */
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
