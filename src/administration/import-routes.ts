import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { verbContext } from '../transfers/context.ts';
import { jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { charsetOf } from './csv.ts';
import { type CsvFile, exportMembers, previewImport, proposeImport } from './import-members.ts';
import { memberChange } from './schemas.ts';

const csv = z.string().openapi({
  description:
    'Columns account, name, role, homeroom, from, to (or their Japanese names), in any order; UTF-8 or cp932, told by ' +
    'the charset of Content-Type or found out; at most 64 KB and 500 lines. Without an account a line invites.',
});
const csvBody = { body: { required: true, content: { 'text/csv': { schema: csv } } } };

const preview = z
  .object({
    changes: z.int(),
    faults: z.int(),
    lines: z
      .array(
        z.object({
          line: z.int(),
          account: z.string(),
          name: z.string(),
          change: memberChange.nullable().openapi({ description: 'Null when wrong, or already so' }),
          faults: z.array(z.string()).readonly(),
        }),
      )
      .readonly(),
  })
  .openapi('ImportPreview');

/** People and roles as CSV: out, looked at, and in by two persons. */
export function importRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/members.csv',
      summary: 'The people of this school as CSV',
      tags: ['people'],
      responses: {
        200: { description: 'UTF-8', content: { 'text/csv': { schema: z.string() } } },
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await exportMembers(await verbContext(c));
      return result.ok ? c.body(result.value, 200, csvHeaders) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/members/import/preview',
      summary: 'See what a CSV would change; nothing is done',
      tags: ['people'],
      request: csvBody,
      responses: { 200: jsonContent(preview, 'Line by line'), ...problemResponses },
    }),
    async (c) => {
      const result = await previewImport(await verbContext(c), await fileOf(c));
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/members/import',
      summary: 'Propose all that a CSV says, for a second person to confirm',
      tags: ['people'],
      request: csvBody,
      responses: {
        202: jsonContent(z.object({ proposalId: z.string(), changes: z.int() }), 'Waiting for a second person'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await proposeImport(await verbContext(c), await fileOf(c));
      return result.ok ? c.json(result.value, 202) : sendProblem(c, result.fault);
    },
  );
}

export const csvHeaders = {
  'Content-Type': 'text/csv; charset=utf-8',
  'Content-Disposition': 'attachment; filename="members.csv"',
} as const;

async function fileOf(c: Context<AppEnv>): Promise<CsvFile> {
  return { bytes: new Uint8Array(await c.req.arrayBuffer()), charset: charsetOf(c.req.header('content-type')) };
}
