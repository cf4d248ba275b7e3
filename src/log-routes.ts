import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from './app-env.ts';
import { logOfYear } from './audit/log-name.ts';
import { systemScope } from './database/scope.ts';
import { fault } from './faults.ts';
import type { Gateway } from './gateway.ts';
import type { ObjectStore } from './objects/store.ts';
import { verbContext } from './transfers/context.ts';
import { showReceipts } from './transfers/show-case.ts';
import { problemResponses, sendProblem } from './web/answer.ts';

const year = z.string().regex(/^\d{4}$/);
const binary = { content: { 'application/octet-stream': { schema: z.any() } } };
// C2SP tlog-tiles: entry bundles mix the boards and are never served.
const tilePattern = /^\d\/(x\d{3}\/)*\d{3}(\.p\/\d{1,3})?$/;

/** The public half of the log: checkpoint and tiles of hashes; and, for parties, receipts with their proofs. */
export function logRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/log/{year}/checkpoint',
      summary: 'Newest signed checkpoint of a school year',
      tags: ['log'],
      request: { params: z.object({ year }) },
      responses: { 200: { description: 'C2SP tlog-checkpoint', ...binary }, ...problemResponses },
    }),
    async (c) => {
      const bytes = await readLogObject(c.get('gateway'), c.req.valid('param').year, 'checkpoint');
      if (bytes === null) return sendProblem(c, fault('request.not-found'));
      return c.body(bytes, 200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'public, max-age=5' });
    },
  );
  app.get('/log/:year/tile/:path{.+}', async (c) => {
    const path = c.req.param('path');
    const bytes = tilePattern.test(path)
      ? await readLogObject(c.get('gateway'), c.req.param('year'), `tile/${path}`)
      : null;
    if (bytes === null) return sendProblem(c, fault('request.not-found'));
    return c.body(bytes, 200, {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });
  receiptRoutes(app);
}

function receiptRoutes(app: OpenAPIHono<AppEnv>): void {
  const params = z.object({ caseId: z.string().max(64), receiptId: z.string().max(64) });
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/renewal',
      summary: 'The renewal record of seal and receipts, once they were renewed',
      tags: ['evidence'],
      request: { params: params.pick({ caseId: true }) },
      responses: {
        200: { description: 'The record, for `hikitsugi verify --renewal`', ...binary },
        ...problemResponses,
      },
    }),
    async (c) => {
      const { caseId } = c.req.valid('param');
      const found = await showReceipts(await verbContext(c), caseId);
      if (!found.ok) return sendProblem(c, found.fault);
      if (found.value.renewal === null) return sendProblem(c, fault('case.not-found'));
      return c.body(new Uint8Array(found.value.renewal), 200, {
        'Content-Type': 'application/json',
        'Content-Disposition': `attachment; filename="renewal-${caseId.slice(0, 8)}.json"`,
      });
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/receipts/{receiptId}',
      summary: 'One signed receipt (JWS)',
      tags: ['evidence'],
      request: { params },
      responses: { 200: { description: 'Flattened JWS', ...binary }, ...problemResponses },
    }),
    async (c) => {
      const { caseId, receiptId } = c.req.valid('param');
      const found = await showReceipts(await verbContext(c), caseId);
      if (!found.ok) return sendProblem(c, found.fault);
      const receipt = found.value.receipts.find(({ id }) => id === receiptId);
      if (receipt === undefined) return sendProblem(c, fault('case.not-found'));
      return c.body(JSON.stringify(receipt.evidence), 200, {
        'Content-Type': 'application/jose+json',
        'Content-Disposition': `attachment; filename="receipt-${receipt.event}-${receipt.id.slice(0, 8)}.jws.json"`,
      });
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/receipts/{receiptId}/proof',
      summary: 'Proof that the act of a receipt is in the log',
      tags: ['evidence'],
      request: { params },
      responses: { 200: { description: 'C2SP tlog-proof', ...binary }, ...problemResponses },
    }),
    async (c) => {
      const { caseId, receiptId } = c.req.valid('param');
      const found = await showReceipts(await verbContext(c), caseId);
      if (!found.ok) return sendProblem(c, found.fault);
      const receipt = found.value.receipts.find(({ id }) => id === receiptId);
      if (receipt === undefined) return sendProblem(c, fault('case.not-found'));
      // Whoever may see the receipt may have its proof, also when the act was the other school's.
      const proof = await c.get('gateway').log.findProof(systemScope('ledger'), receipt.eventId);
      if (proof === null) return sendProblem(c, fault('proof.not-yet'));
      return c.body(proof, 200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Disposition': `attachment; filename="receipt-${receipt.id.slice(0, 8)}.tlog-proof"`,
      });
    },
  );
}

async function readLogObject(
  { objects }: Gateway,
  schoolYear: string,
  path: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  // The origin does not matter for where it lies.
  const { prefix } = logOfYear('', Number(schoolYear));
  const body: Awaited<ReturnType<ObjectStore['get']>> = await objects.get(`${prefix}/${path}`);
  if (body === null) return null;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
