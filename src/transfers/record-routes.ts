import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { findSchool, searchForSchools } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import { scopeOf } from '../policy/actor.ts';
import { jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { verbContext } from './context.ts';
import { importSealKey, showSealKey } from './import-seal-key.ts';
import { listOwnPupils } from './list-pupils.ts';

const school = z
  .object({
    code: z.string(),
    name: z.string(),
    nameKana: z.string(),
    nameEnglish: z.string(),
    prefecture: z.string(),
    town: z.string(),
    state: z.enum(['open', 'closed']),
    successor: z.object({ code: z.string(), name: z.string() }).readonly().nullable(),
  })
  .openapi('School');

const pupil = z
  .object({
    id: z.string(),
    officialName: z.string(),
    displayName: z.string(),
    kana: z.string(),
    birthDate: z.string(),
    grade: z.string(),
    homeroom: z.string(),
  })
  .openapi('Pupil');

const sealKey = z
  .object({
    subject: z.string(),
    algorithm: z.string(),
    fingerprint: z.string(),
    notAfter: z.iso.datetime(),
    addedAt: z.iso.datetime(),
  })
  .openapi('SealKey');

/** What the procedure needs around it: schools to send to, pupils to send for, the key to seal with. */
export function recordRoutes(app: OpenAPIHono<AppEnv>): void {
  schoolRoutes(app);
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/pupils',
      summary: 'Pupils of this school',
      tags: ['directory'],
      responses: { 200: jsonContent(z.object({ items: z.array(pupil).readonly() }), 'The roll'), ...problemResponses },
    }),
    async (c) => {
      const result = await listOwnPupils(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  sealKeyRoutes(app);
}

function schoolRoutes(app: OpenAPIHono<AppEnv>): void {
  const query = z.object({ prefecture: z.string().length(2).optional(), q: z.string().max(100).default('') });
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/schools',
      summary: 'Find schools by prefecture, name, town or code',
      tags: ['directory'],
      request: { query },
      responses: {
        200: jsonContent(z.object({ items: z.array(school).readonly() }), 'At most 50'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const { prefecture = null, q } = c.req.valid('query');
      const actor = c.get('actor');
      if (actor.kind === 'anonymous') return sendProblem(c, fault('login.required'));
      const items = await c
        .get('gateway')
        .database.transaction(scopeOf(actor), (tx) => searchForSchools(tx, { prefecture, text: q }));
      return c.json({ items }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/schools/{code}',
      summary: 'One school',
      tags: ['directory'],
      request: { params: z.object({ code: z.string().max(20) }) },
      responses: { 200: jsonContent(school, 'The school'), ...problemResponses },
    }),
    async (c) => {
      const actor = c.get('actor');
      if (actor.kind === 'anonymous') return sendProblem(c, fault('login.required'));
      const { code } = c.req.valid('param');
      const found = await c.get('gateway').database.transaction(scopeOf(actor), (tx) => findSchool(tx, code));
      return found === null ? sendProblem(c, fault('recipient.unknown')) : c.json(found, 200);
    },
  );
}

function sealKeyRoutes(app: OpenAPIHono<AppEnv>): void {
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
      method: 'put',
      path: '/api/seal-key',
      summary: 'Register a seal key from a PKCS#12 file',
      tags: ['keys'],
      request: {
        body: {
          required: true,
          content: {
            'application/json': {
              schema: z
                .strictObject({ pkcs12: z.base64().max(100_000), password: z.string().max(200) })
                .openapi('SealKeyImport'),
            },
          },
        },
      },
      responses: { 200: jsonContent(sealKey, 'The key now in force'), ...problemResponses },
    }),
    async (c) => {
      const { pkcs12, password } = c.req.valid('json');
      const file = new Uint8Array(Buffer.from(pkcs12, 'base64'));
      const result = await importSealKey(await verbContext(c), { file, password });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
