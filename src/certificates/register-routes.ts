import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { charsetOf } from '../administration/csv.ts';
import type { AppEnv } from '../app-env.ts';
import { certificateKinds, issuedKinds } from '../records/certificate-kinds.ts';
import { verbContext } from '../transfers/context.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem, versionFrom } from '../web/answer.ts';
import { saveEntry } from './enter-entry.ts';
import { registerFacts } from './facts.ts';
import { draftFromCore } from './from-core.ts';
import { importRegister, previewRegisterImport, type RegisterCsv } from './import-register.ts';
import { mayKeepRegister } from './may.ts';
import { correction } from './register-corrections.ts';
import { showEntry, showRegister } from './show-register.ts';
import { correctionGrounds } from './tables.ts';

const tags = ['certificates'];
const entryId = z.object({ entryId: z.string().max(100) });
const entryBody = z
  .strictObject({
    pupilId: z.string().max(100).nullable().default(null).openapi({ description: 'Of the school’s roll' }),
    facts: registerFacts,
    correction: correction.nullable().default(null).openapi({
      description: 'For an entry that a closed school has left: why it is changed, and where the evidence lies',
    }),
  })
  .openapi('RegisterEntryInput');
const entry = z
  .object({
    id: z.string(),
    pupilId: z.string().nullable(),
    formerSchool: z
      .object({ code: z.string(), name: z.string() })
      .readonly()
      .nullable()
      .openapi({ description: 'The closed school whose entry it is, read by its successor' }),
    corrections: z
      .array(
        z.object({
          ground: z.enum(correctionGrounds),
          reference: z.string(),
          bySchool: z.object({ code: z.string(), name: z.string() }),
          version: z.int(),
          at: z.iso.datetime(),
        }),
      )
      .readonly()
      .openapi({ description: 'What was corrected since the school closed' }),
    version: z.int(),
    changedAt: z.iso.datetime(),
    facts: registerFacts,
    certifiable: z
      .array(
        z
          .object({
            asked: z.enum(certificateKinds),
            answer: z.union([
              z.object({ can: z.literal(true), kind: z.enum(issuedKinds), until: z.iso.date().nullable() }),
              z.object({ can: z.literal(false), reason: z.enum(['school-only', 'not-fulfilled', 'future']) }),
            ]),
          })
          .readonly(),
      )
      .readonly()
      .openapi({ description: 'Today; after the term the kind is inabilityCertificate' }),
    issued: z
      .array(
        z.object({
          requestId: z.string(),
          number: z.string(),
          kind: z.enum(issuedKinds),
          issuedOn: z.iso.date(),
          beforeChange: z.boolean(),
        }),
      )
      .readonly()
      .openapi({
        description: 'What counts today of what was made from it, and whether that was before its last change',
      }),
  })
  .openapi('RegisterEntry');
const entryRef = z.object({ id: z.string() });
const csv = z.string().openapi({
  description:
    'Columns number, name, kana, birthDate (needed), nameEnglish, course, grade, enrolledOn, leftOn, leaving, subjects, or ' +
    'their Japanese names, in any order; UTF-8 or cp932; at most 90 KB and 500 lines. Subjects: 2024:国語:4:5; …',
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
          number: z.string(),
          name: z.string(),
          outcome: z.enum(['new', 'changed', 'same', 'wrong']),
          faults: z.array(z.string()).readonly(),
        }),
      )
      .readonly(),
  })
  .openapi('RegisterImportPreview');

/** 証明の台帳: what the school certifies from. */
export function registerRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-register',
      summary: 'The register: the entries changed last, or the one with a number',
      tags,
      request: { query: z.object({ number: z.string().max(40).optional() }) },
      responses: {
        200: jsonContent(z.object({ items: z.array(entry).readonly() }), 'At most 100 entries'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showRegister(await verbContext(c), { number: c.req.valid('query').number ?? null });
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-register',
      summary: 'Enter a pupil or graduate to certify from',
      tags,
      request: jsonBody(entryBody),
      responses: { 201: jsonContent(entryRef, 'Entered'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), entryId: null, version: null };
      const result = await saveEntry(await verbContext(c), input);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-register/{entryId}',
      summary: 'One entry of the register',
      tags,
      request: { params: entryId },
      responses: { 200: jsonContent(entry, 'The entry; its version is the ETag'), ...problemResponses },
    }),
    async (c) => {
      const result = await showEntry(await verbContext(c), c.req.valid('param').entryId);
      if (!result.ok) return sendProblem(c, result.fault);
      c.header('ETag', `"v${result.value.version}"`);
      return c.json(result.value, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/certificate-register/{entryId}',
      summary: 'Change an entry of the register',
      tags,
      request: { params: entryId, ...jsonBody(entryBody) },
      responses: { 200: jsonContent(entryRef, 'Changed'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), ...c.req.valid('param'), version: versionFrom(c) };
      const result = await saveEntry(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  importRoutes(app);
}

function importRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-register/core',
      summary: 'Begin an entry from the JSON core of a 指導要録; nothing is stored',
      tags,
      request: jsonBody(z.unknown().openapi({ type: 'object', description: 'docs/formats.md, JSON core' })),
      responses: {
        200: jsonContent(registerFacts.omit({ number: true }).openapi('RegisterFactsDraft'), 'To be completed'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const allowed = mayKeepRegister(await verbContext(c));
      const result = allowed.ok ? draftFromCore(c.req.valid('json')) : allowed;
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-register/import/preview',
      summary: 'See what a CSV would enter; nothing is done',
      tags,
      request: csvBody,
      responses: { 200: jsonContent(preview, 'Line by line'), ...problemResponses },
    }),
    async (c) => {
      const result = await previewRegisterImport(await verbContext(c), await fileOf(c));
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-register/import',
      summary: 'Enter all that a CSV says, or nothing',
      tags,
      request: csvBody,
      responses: { 200: jsonContent(z.object({ changes: z.int() }), 'Entered'), ...problemResponses },
    }),
    async (c) => {
      const result = await importRegister(await verbContext(c), await fileOf(c));
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}

async function fileOf(c: Context<AppEnv>): Promise<RegisterCsv> {
  return { bytes: new Uint8Array(await c.req.arrayBuffer()), charset: charsetOf(c.req.header('content-type')) };
}
