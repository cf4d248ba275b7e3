import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { visibilities } from '../records/kinds.ts';
import { etagOf, jsonBody, jsonContent, problemResponses, sendProblem, versionFrom } from '../web/answer.ts';
import { acknowledgePackage } from './acknowledge-package.ts';
import { addDocument, announceDocument } from './add-document.ts';
import { addressCase } from './address-case.ts';
import { approvePackage } from './approve-package.ts';
import { uploadContext, verbContext } from './context.ts';
import { depositPackage } from './deposit-package.ts';
import { draftCase } from './draft-case.ts';
import { cancelExpectation, expectPupil, showExpectations } from './expect-pupil.ts';
import { showCases } from './list-cases.ts';
import { openPackage } from './open-package.ts';
import { readContainer } from './read-container.ts';
import { readDocument } from './read-document.ts';
import { removeDocument } from './remove-document.ts';
import { answerCase, bodyStream, declaredLength, download } from './render.ts';
import { returnPackage } from './return-package.ts';
import { reviseCase } from './revise-case.ts';
import {
  announcedSchema,
  announceSchema,
  approvalSchema,
  caseSchema,
  caseSummarySchema,
  documentSchema,
  draftSchema,
  expectationSchema,
  expectSchema,
  ledgerLineSchema,
  openingSchema,
  reasonSchema,
  receiptSchema,
  recipientSchema,
  sealSchema,
  submissionSchema,
} from './schemas.ts';
import { sealCase } from './seal-package.ts';
import { showCase, showLedger, showReceipts } from './show-case.ts';
import { submitCase } from './submit-case.ts';
import { caseStates } from './tables.ts';
import { verifyPackage } from './verify-package.ts';
import { withdrawPackage } from './withdraw-package.ts';

const caseParam = z.object({ caseId: z.string().max(64) });
const documentParam = caseParam.extend({ documentId: z.string().max(64) });
const caseAnswer = { 200: jsonContent(caseSchema, 'The case as it is now'), ...problemResponses };

/** The procedure as an API: parse, one verb, render. */
export function transferRoutes(app: OpenAPIHono<AppEnv>): void {
  draftingRoutes(app);
  sendingRoutes(app);
  receivingRoutes(app);
  readingRoutes(app);
  expectationRoutes(app);
}

function draftingRoutes(app: OpenAPIHono<AppEnv>): void {
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

function sendingRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/submission',
      summary: 'Ask for approval of exactly this content',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(submissionSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId, version: versionFrom(c) };
      return answerCase(c, await submitCase(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/approval',
      summary: 'Approve, as a second person',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(approvalSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await approvePackage(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/revision',
      summary: 'Take the package back into drafting',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { caseId: c.req.valid('param').caseId, version: versionFrom(c) };
      return answerCase(c, await reviseCase(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/seal',
      summary: 'Seal with the key of the school',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(sealSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await sealCase(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/deposit',
      summary: 'Deposit the sealed package in the locker',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await depositPackage(await verbContext(c), c.req.valid('param'))),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/withdrawal',
      summary: 'Take a package back before it is opened',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(reasonSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await withdrawPackage(await verbContext(c), input));
    },
  );
}

function receivingRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/opening',
      summary: 'Open a package after proving the pupil is expected',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(openingSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const context = await verbContext(c);
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      const opened = await openPackage(context, input);
      if (!opened.ok) return sendProblem(c, opened.fault);
      return answerCase(c, await verifyPackage({ ...context, idempotency: null }, { caseId: input.caseId }));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/verification',
      summary: 'Verify seal, issuer, time and digests again',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await verifyPackage(await verbContext(c), c.req.valid('param'))),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/return',
      summary: 'Return a wrong arrival unopened',
      tags: ['cases'],
      request: { params: caseParam, ...jsonBody(reasonSchema) },
      responses: caseAnswer,
    }),
    async (c) => {
      const input = { ...c.req.valid('json'), caseId: c.req.valid('param').caseId };
      return answerCase(c, await returnPackage(await verbContext(c), input));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/cases/{caseId}/acknowledgement',
      summary: 'Acknowledge: the records have been taken in',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await acknowledgePackage(await verbContext(c), c.req.valid('param'))),
  );
}

function readingRoutes(app: OpenAPIHono<AppEnv>): void {
  const query = z.object({
    side: z.enum(['sender', 'recipient']).default('recipient'),
    state: z.enum(caseStates).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  });
  const page = z.object({ items: z.array(caseSummarySchema).readonly(), next: z.string().nullable() });
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases',
      summary: 'List cases, newest first',
      tags: ['cases'],
      request: { query },
      responses: { 200: jsonContent(page.openapi('CasePage'), 'A page of cases'), ...problemResponses },
    }),
    async (c) => {
      const { side, state, cursor, limit } = c.req.valid('query');
      const input = { side, limit, states: state === undefined ? null : [state], cursor: cursor ?? null };
      const result = await showCases(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}',
      summary: 'Show one case',
      tags: ['cases'],
      request: { params: caseParam },
      responses: caseAnswer,
    }),
    async (c) => answerCase(c, await showCase(await verbContext(c), c.req.valid('param').caseId)),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/ledger',
      summary: 'Who did what with this case',
      tags: ['cases'],
      request: { params: caseParam },
      responses: {
        200: jsonContent(z.object({ items: z.array(ledgerLineSchema).readonly() }), 'The lines'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showLedger(await verbContext(c), c.req.valid('param').caseId);
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/receipts',
      summary: 'Signed receipts of this case',
      tags: ['cases'],
      request: { params: caseParam },
      responses: {
        200: jsonContent(z.object({ items: z.array(receiptSchema).readonly() }), 'The receipts'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showReceipts(await verbContext(c), c.req.valid('param').caseId);
      if (!result.ok) return sendProblem(c, result.fault);
      const items = result.value.map(({ id, event, eventId, issuedAt, evidence }) => ({
        id,
        event,
        eventId,
        issuedAt: issuedAt.toISOString(),
        evidence: { ...evidence },
      }));
      return c.json({ items }, 200);
    },
  );
  downloadRoutes(app);
}

function downloadRoutes(app: OpenAPIHono<AppEnv>): void {
  const file = { 200: { description: 'The bytes', content: { 'application/octet-stream': { schema: z.any() } } } };
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/documents/{documentId}/content',
      summary: 'Download one document',
      tags: ['cases'],
      request: { params: documentParam },
      responses: { ...file, ...problemResponses },
    }),
    async (c) => {
      const result = await readDocument(await verbContext(c), c.req.valid('param'));
      return result.ok ? download(c, result.value) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/cases/{caseId}/containers/{visibility}',
      summary: 'Download an ASiC-E container',
      tags: ['cases'],
      request: { params: caseParam.extend({ visibility: z.enum(visibilities) }) },
      responses: { ...file, ...problemResponses },
    }),
    async (c) => {
      const result = await readContainer(await verbContext(c), c.req.valid('param'));
      return result.ok ? download(c, result.value) : sendProblem(c, result.fault);
    },
  );
}

function expectationRoutes(app: OpenAPIHono<AppEnv>): void {
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
