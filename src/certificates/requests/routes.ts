import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AppEnv } from '../../app-env.ts';
import type { FlattenedJws } from '../../crypto/jose.ts';
import type { Result } from '../../result.ts';
import { verbContext } from '../../transfers/context.ts';
import { etagOf, jsonBody, jsonContent, problemResponses, sendProblem, versionFrom } from '../../web/answer.ts';
import { approveRequest } from './approve-request.ts';
import { askCertificate } from './ask-certificate.ts';
import { checkRequest } from './check-request.ts';
import { consentText } from './consent-text.ts';
import { enterRequest } from './enter-request.ts';
import { listOwnRequests, showOwnRequest, withdrawRequest } from './follow-requests.ts';
import { showRequest, showRequests } from './list-requests.ts';
import { readConsent, readOwnConsent } from './read-consent.ts';
import { refuseRequest } from './refuse-request.ts';
import { openStates, requestStates } from './rules.ts';
import {
  askBody,
  enterBody,
  flattenedJws,
  listedRequest,
  outlook,
  ownRequests,
  refusalBody,
  requestView,
} from './schemas.ts';

const tags = ['certificates'];
const requestId = z.object({ requestId: z.string().max(100) });
const consentFile = {
  200: {
    description: 'A flattened JWS (docs/formats.md, Consent)',
    content: { 'application/json': { schema: flattenedJws } },
  },
  ...problemResponses,
};
const answered = { 200: jsonContent(requestView, 'The request as it is now'), ...problemResponses };

/** Asking for certificates, and what the school does with it. */
export function requestRoutes(app: OpenAPIHono<AppEnv>): void {
  personRoutes(app);
  schoolRoutes(app);
  actRoutes(app);
}

function personRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/own-certificates',
      summary: 'What I can ask for, and what I have asked for',
      tags,
      responses: { 200: jsonContent(ownRequests, 'Offers of my schools, and requests'), ...problemResponses },
    }),
    async (c) => {
      const result = await listOwnRequests(await verbContext(c));
      if (!result.ok) return sendProblem(c, result.fault);
      return c.json({ ...result.value, consent: await consentText(c.get('locale')) }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/own-certificates',
      summary: 'Ask for a certificate of mine, or of my minor child',
      tags,
      request: jsonBody(askBody),
      responses: { 201: jsonContent(requestView, 'Asked'), ...problemResponses },
    }),
    async (c) => {
      const { consent: _given, ...wish } = c.req.valid('json');
      const result = await askCertificate(await verbContext(c), wish);
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/own-certificates/{requestId}',
      summary: 'One request of mine',
      tags,
      request: { params: requestId },
      responses: answered,
    }),
    async (c) => {
      const result = await showOwnRequest(await verbContext(c), c.req.valid('param').requestId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/own-certificates/{requestId}/consent',
      summary: 'What I agreed to, signed by the gateway',
      tags,
      request: { params: requestId },
      responses: consentFile,
    }),
    async (c) => {
      const { requestId: id } = c.req.valid('param');
      return sendConsent(c, id, await readOwnConsent(await verbContext(c), id));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/own-certificates/{requestId}/withdrawal',
      summary: 'Take a request back',
      tags,
      request: { params: requestId },
      responses: answered,
    }),
    async (c) => {
      const result = await withdrawRequest(await verbContext(c), c.req.valid('param').requestId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}

function schoolRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-requests',
      summary: 'What the school was asked for: under way, or in one state',
      tags,
      request: { query: z.object({ state: z.enum(requestStates).optional() }) },
      responses: {
        200: jsonContent(z.object({ items: z.array(listedRequest).readonly() }), 'Newest first, at most 200'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const { state } = c.req.valid('query');
      const result = await showRequests(await verbContext(c), { states: state === undefined ? openStates : [state] });
      return result.ok ? c.json({ items: result.value }, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-requests',
      summary: 'Enter a request that came with a power of attorney',
      tags,
      request: jsonBody(enterBody),
      responses: { 201: jsonContent(requestView, 'Entered'), ...problemResponses },
    }),
    async (c) => {
      const result = await enterRequest(await verbContext(c), c.req.valid('json'));
      return result.ok ? c.json(result.value, 201) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-requests/{requestId}/consent',
      summary: 'What the person asking agreed to, signed by the gateway',
      tags,
      request: { params: requestId },
      responses: consentFile,
    }),
    async (c) => {
      const { requestId: id } = c.req.valid('param');
      return sendConsent(c, id, await readConsent(await verbContext(c), id));
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-requests/{requestId}',
      summary: 'One request, with what would be certified today',
      tags,
      request: { params: requestId },
      responses: {
        200: jsonContent(z.object({ request: listedRequest, outlook }), 'The request'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await showRequest(await verbContext(c), c.req.valid('param').requestId);
      if (!result.ok) return sendProblem(c, result.fault);
      c.header('ETag', etagOf(result.value.request.version));
      return c.json(result.value, 200);
    },
  );
}

function actRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-requests/{requestId}/check',
      summary: 'Say that request, person and register have been compared',
      tags,
      request: { params: requestId },
      responses: answered,
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), version: versionFrom(c) };
      const result = await checkRequest(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-requests/{requestId}/approval',
      summary: 'Approve the issue of exactly what was checked',
      tags,
      request: { params: requestId },
      responses: answered,
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), version: versionFrom(c) };
      const result = await approveRequest(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificate-requests/{requestId}/refusal',
      summary: 'Refuse a request, with the reason',
      tags,
      request: { params: requestId, ...jsonBody(refusalBody) },
      responses: answered,
    }),
    async (c) => {
      const { requestId: id } = c.req.valid('param');
      const version = versionFrom(c);
      const input = { requestId: id, version, reason: c.req.valid('json').reason };
      const result = await refuseRequest(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}

/** As a file to keep, with the number of the request for a name. */
function sendConsent(c: Context<AppEnv>, requestId: string, result: Result<FlattenedJws>) {
  if (!result.ok) return sendProblem(c, result.fault);
  c.header('Content-Disposition', `attachment; filename="consent-${requestId}.jws.json"`);
  return c.json(result.value, 200);
}
