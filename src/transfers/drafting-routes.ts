import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { etagOf, jsonBody, jsonContent, problemResponses, sendProblem, versionFrom } from '../web/answer.ts';
import { addDocument, announceDocument } from './add-document.ts';
import { addressCase } from './address-case.ts';
import { uploadContext, verbContext } from './context.ts';
import { draftCase } from './draft-case.ts';
import { removeDocument } from './remove-document.ts';
import { answerCase, bodyStream, declaredLength, declaredType } from './render.ts';
import { caseAnswer, caseParam, documentParam } from './route-shapes.ts';
import { announceSchema, caseSchema, documentSchema, draftSchema, recipientSchema } from './schemas.ts';

/** Making a case: pupil, recipient, documents. */
export function draftingRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases',
      summary: 'Begin a case for one pupil',
      tags: ['cases'],
      request: jsonBody(draftSchema),
      responses: { 201: jsonContent(caseSchema, 'The new case'), ...problemResponses },
    }),
    async (c) => {
      const result = await draftCase(await verbContext(c), c.req.valid('json'));
      if (!result.ok) return sendProblem(c, result.fault);
      c.header('ETag', etagOf(result.value.version));
      return c.json(result.value, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/cases/{caseId}/recipient',
      summary: 'Choose the receiving school',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(recipientSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId, version: versionFrom(c) };
      return answerCase(c, await addressCase(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/documents',
      summary: 'Announce a document before its bytes are sent',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(announceSchema) },
      responses: { 201: jsonContent(documentSchema, 'Where to send the bytes'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      const result = await announceDocument(await verbContext(c), input);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'put',
      path: '/api/cases/{caseId}/documents/{documentId}/content',
      summary: 'Send the bytes of a document',
      tags: ['cases'],
      request: {
        params: documentParam,
        headers: z.object({ 'repr-digest': z.string().max(200).optional() }),
      },
      responses: { 200: jsonContent(documentSchema, 'The document, checked and encrypted'), ...problemResponses },
    }),
    async (c) => {
      const result = await addDocument(await uploadContext(c), {
        ...c.req.valid('param'),
        body: bodyStream(c),
        declaredBytes: declaredLength(c),
        declaredType: declaredType(c),
        reprDigest: c.req.header('repr-digest') ?? null,
      });
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/cases/{caseId}/documents/{documentId}',
      summary: 'Remove a document from a draft',
      tags: ['cases'],
      request: { params: documentParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await removeDocument(await verbContext(c), c.req.valid('param'))),
  );
}
