import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import type { OwnSlice } from '../audit/export-slice.ts';
import { maxExportedEntries } from '../audit/slice-file.ts';
import { verbContext } from '../transfers/context.ts';
import { jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { type EntriesExport, exportEntries, listSlices } from './export-entries.ts';

const sliceSchema = z
  .object({
    id: z.string(),
    log: z.string(),
    kind: z.enum(['board', 'school']),
    owner: z.string(),
    entries: z.int(),
    checkpointSize: z.int(),
  })
  .openapi('LogSlice');

/** The API of own log entries, for boards and schools. */
export function boardLogRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/board/slices',
      summary: 'The slices of the log that are the own board’s or school’s',
      tags: ['log'],
      responses: { 200: jsonContent(z.object({ items: z.array(sliceSchema) }), 'At most 50'), ...problemResponses },
    }),
    async (c) => {
      const slices = await listSlices(await verbContext(c));
      return slices.ok ? c.json({ items: slices.value.map(toJson) }, 200) : sendProblem(c, slices.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/board/slices/{sliceId}/entries',
      summary: 'Own log entries, as a file for `hikitsugi verify-log`',
      tags: ['log'],
      request: {
        params: z.object({ sliceId: z.string().max(64) }),
        query: z.object({
          from: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).default(1),
          limit: z.coerce.number().int().min(1).max(maxExportedEntries).default(maxExportedEntries),
        }),
      },
      responses: {
        200: {
          description: '`hikitsugi-entries@v1`: a line with the signed statement, then a line for each entry',
          content: { 'application/octet-stream': { schema: z.any() } },
        },
        ...problemResponses,
      },
    }),
    async (c) => {
      const { from, limit } = c.req.valid('query');
      const range = { slice: c.req.valid('param').sliceId, from, limit };
      const exported = await exportEntries(await verbContext(c), range);
      if (!exported.ok) return sendProblem(c, exported.fault);
      return c.body(streamOf(exported.value), 200, {
        'Content-Type': 'application/x-ndjson',
        'Content-Disposition': `attachment; filename="log-entries-${range.slice.slice(0, 8)}-${from}.jsonl"`,
        'Cache-Control': 'no-store',
      });
    },
  );
}

function toJson({ slice, origin, kind, owner, entries, checkpointSize }: OwnSlice) {
  return { id: slice, log: origin, kind, owner, entries: Number(entries), checkpointSize: Number(checkpointSize) };
}

/** Read as fast as it is sent, and no further once nobody listens. */
function streamOf({ lines }: EntriesExport): ReadableStream<Uint8Array> {
  const rest = lines[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await rest.next();
      if (next.done === true) controller.close();
      else controller.enqueue(new TextEncoder().encode(next.value));
    },
    async cancel() {
      await rest.return?.();
    },
  });
}
