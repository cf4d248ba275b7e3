import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { parseBase64 } from '../crypto/jose-encoding.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../web/answer.ts';
import { readSessionCookie, writeSessionCookie } from './cookies.ts';
import { issueChallenge } from './issue-challenge.ts';
import { bindCertificate, confirmWithCertificate, logInWithCertificate } from './log-in-with-certificate.ts';
import { certificateProof, challengeAnswer, challengeRequest, identityAnswer } from './schemas.ts';
import type { CertificateProof } from './verify-certificate-login.ts';
import { personView } from './view.ts';

export function addCertificateRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/login/challenges',
      summary: 'Begin a log-in by personal certificate',
      tags: ['identity'],
      request: jsonBody(challengeRequest),
      responses: {
        201: jsonContent(challengeAnswer, 'A challenge for one answer within two minutes'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const issued = await issueChallenge(c.get('gateway').identity, c.req.valid('json').purpose);
      const { id, challenge, origin, expiresAt } = issued;
      return c.json({ id, challenge, origin, expiresAt: expiresAt.toISOString() }, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/login/certificate',
      summary: 'Log in by personal certificate',
      tags: ['identity'],
      request: jsonBody(certificateProof),
      responses: { 200: jsonContent(identityAnswer, 'Logged in; the session cookie is set'), ...problemResponses },
    }),
    async (c) => {
      const result = await logInWithCertificate(c.get('gateway').identity, {
        proof: proofOf(c.req.valid('json')),
        browser: c.req.header('User-Agent') ?? '',
        formerToken: readSessionCookie(c),
      });
      if (!result.ok) return sendProblem(c, result.fault);
      writeSessionCookie(c, result.value.token);
      return c.json(personView({ assurance: 'certificate', revocation: result.value.revocation }), 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/session/authentication',
      summary: 'Confirm my session by certificate: a fresh log-in for weighty acts',
      tags: ['identity'],
      request: jsonBody(certificateProof),
      responses: { 204: { description: 'Confirmed; the session cookie is renewed' }, ...problemResponses },
    }),
    async (c) => {
      const result = await confirmWithCertificate(c.get('gateway').identity, c.get('actor'), {
        proof: proofOf(c.req.valid('json')),
        browser: c.req.header('User-Agent') ?? '',
        formerToken: readSessionCookie(c),
      });
      if (!result.ok) return sendProblem(c, result.fault);
      writeSessionCookie(c, result.value.token);
      return c.body(null, 204);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificates',
      summary: 'Add a certificate to the person who is logged in',
      tags: ['identity'],
      request: jsonBody(certificateProof),
      responses: { 204: { description: 'Added' }, ...problemResponses },
    }),
    async (c) => {
      const input = { proof: proofOf(c.req.valid('json')), browser: c.req.header('User-Agent') ?? '' };
      const result = await bindCertificate(c.get('gateway').identity, c.get('actor'), input);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}

function proofOf(body: z.output<typeof certificateProof>): CertificateProof {
  const bytes = (text: string) => parseBase64(text) ?? new Uint8Array();
  return {
    challengeId: body.challengeId,
    certificates: body.certificates.map(bytes),
    signature: bytes(body.signature),
  };
}
