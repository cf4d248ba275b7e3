import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { issuedKinds } from '../../records/certificate-kinds.ts';
import { verbContext } from '../../transfers/context.ts';
import { download } from '../../transfers/render.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { certificateStates, revocationReasons, revocationRefusals } from '../tables.ts';
import { declineRevocation, takeBackRevocation } from './keep-certificate.ts';
import { readCertificate } from './read-certificate.ts';
import { askRevocation, confirmRevocation } from './revoke.ts';
import { showState } from './show-state.ts';

const tags = ['certificates'];

const stateView = z
  .object({
    state: z.enum(certificateStates),
    reason: z.enum(revocationReasons).nullable(),
    number: z.string(),
    kind: z.enum(issuedKinds),
    school: z.object({
      code: z.string(),
      name: z.string(),
      nameEnglish: z.string(),
      state: z.enum(['open', 'closed']),
      successor: z.object({ code: z.string(), name: z.string() }).readonly().nullable(),
    }),
    issuedOn: z.iso.date(),
    files: z.array(z.string()),
    supersededBy: z
      .object({ number: z.string(), issuedOn: z.iso.date(), code: z.string() })
      .readonly()
      .nullable()
      .openapi({ description: 'What was issued in its place, with the code of its own state' }),
    checkedAt: z.iso.datetime(),
  })
  .openapi('CertificateState');

const revocation = z
  .object({ id: z.string(), state: z.enum(['valid', 'revoked']), reason: z.enum(revocationReasons).nullable() })
  .openapi('CertificateRevocation');
const revocationAnswers = { 200: jsonContent(revocation, 'The certificate as it is now'), ...problemResponses };
const certificateId = z.object({ certificateId: z.string().max(100) });

/** What was issued: the file for those whom it was issued to, the state for whoever holds the paper. */
export function issueRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/issued-certificates/{certificateId}',
      summary: 'Download an issued certificate',
      tags,
      request: { params: certificateId },
      responses: {
        200: { description: 'The sealed PDF', content: { 'application/pdf': { schema: z.any() } } },
        ...problemResponses,
      },
    }),
    async (c) => {
      const result = await readCertificate(await verbContext(c), c.req.valid('param').certificateId);
      return result.ok ? download(c, result.value) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/certificate-states/{certificateCode}',
      summary: 'Whether a certificate still counts, by the code on it',
      tags,
      request: { params: z.object({ certificateCode: z.string().max(100) }) },
      responses: { 200: jsonContent(stateView, 'Its state, and nothing about whose it is'), ...problemResponses },
    }),
    async (c) => {
      const result = await showState(c.get('gateway'), c.req.valid('param').certificateCode);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  revocationRoutes(app);
}

function revocationRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/revocation',
      summary: 'Ask to revoke a certificate; it counts until another person confirms',
      tags,
      request: { params: certificateId, ...jsonBody(z.strictObject({ reason: z.enum(revocationReasons) })) },
      responses: revocationAnswers,
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await askRevocation(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/revocation/confirmation',
      summary: 'Revoke a certificate that somebody else has asked to revoke',
      tags,
      request: { params: certificateId },
      responses: revocationAnswers,
    }),
    async (c) => {
      const result = await confirmRevocation(await verbContext(c), c.req.valid('param').certificateId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  keepingRoutes(app);
}

function keepingRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/revocation/refusal',
      summary: 'Decline to revoke a certificate, with the reason; it goes on counting',
      tags,
      request: { params: certificateId, ...jsonBody(z.strictObject({ reason: z.enum(revocationRefusals) })) },
      responses: revocationAnswers,
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await declineRevocation(await verbContext(c), input);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/issued-certificates/{certificateId}/revocation/withdrawal',
      summary: 'Take back that a certificate should be revoked, while nobody has confirmed it',
      tags,
      request: { params: certificateId },
      responses: revocationAnswers,
    }),
    async (c) => {
      const result = await takeBackRevocation(await verbContext(c), c.req.valid('param').certificateId);
      return result.ok ? c.json(result.value, 200) : sendProblem(c, result.fault);
    },
  );
}
