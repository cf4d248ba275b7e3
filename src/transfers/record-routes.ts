import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { findSchool, searchForSchools } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import { scopeOf } from '../policy/actor.ts';
import { jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { verbContext } from './context.ts';
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
    isProtected: z.boolean(),
  })
  .openapi('Pupil');

/** What the procedure needs around it: schools to send to, pupils to send for. */
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
