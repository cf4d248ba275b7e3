import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { verbContext } from './context.ts';
import { cancelExpectation, expectPupil, showExpectations } from './expect-pupil.ts';
import { announcedSchema, expectationSchema, expectSchema } from './schemas.ts';

/** Pupils that a school announces, and their acceptance codes. */
export function expectationRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/expectations',
      summary: 'Pupils announced by this school',
      tags: ['cases'],
      responses: {
        200: jsonContent(z.object({ items: z.array(expectationSchema).readonly() }), 'The announcements'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showExpectations(await verbContext(c));
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/expectations',
      summary: 'Announce a pupil and get an acceptance code',
      tags: ['cases'],
      request: jsonBody(expectSchema),
      responses: { 201: jsonContent(announcedSchema, 'The code, told once'), ...problemResponses },
    }),
    async (c) => {
      const result = await expectPupil(await verbContext(c), c.req.valid('json'));
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/expectations/{id}',
      summary: 'Take an announcement back',
      tags: ['cases'],
      request: { params: z.object({ id: z.string().max(64) }) },
      responses: { 204: { description: 'Taken back' }, ...problemResponses },
    }),
    async (c) => {
      const result = await cancelExpectation(await verbContext(c), c.req.valid('param').id);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}
