import { createRoute, type z } from '@hono/zod-openapi';
import { parseBase64 } from '../crypto/jose-encoding.ts';
import { type Answers, type IdentityApi, json, refusal } from './answers.ts';
import { readSessionCookie, writeSessionCookie } from './cookies.ts';
import { issueChallenge } from './issue-challenge.ts';
import { bindCertificate, logInWithCertificate } from './log-in-with-certificate.ts';
import { certificateProof, challengeAnswer, challengeRequest, identityAnswer } from './schemas.ts';
import type { IdentityServices } from './services.ts';
import type { CertificateProof } from './verify-certificate-login.ts';
import { identityView } from './view.ts';

export function addCertificateRoutes(api: IdentityApi, services: IdentityServices, answers: Answers): void {
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/login/challenges',
      summary: 'Begin a log-in by personal certificate',
      tags: ['identity'],
      request: { body: json(challengeRequest, 'What the certificate is to be used for') },
      responses: {
        201: json(challengeAnswer, 'A challenge for one answer within two minutes'),
        ...answers.problems(400),
      },
    }),
    async (c) => {
      const issued = await issueChallenge(services, c.req.valid('json').purpose);
      const { id, challenge, origin, expiresAt } = issued;
      return c.json({ id, challenge, origin, expiresAt: expiresAt.toISOString() }, 201);
    },
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/login/certificate',
      summary: 'Log in by personal certificate',
      tags: ['identity'],
      request: { body: json(certificateProof, 'Certificates and the signature over the challenge') },
      responses: { 200: json(identityAnswer, 'Logged in; the session cookie is set'), ...answers.problems(400, 401) },
    }),
    async (c) => {
      const result = await logInWithCertificate(services, {
        proof: proofOf(c.req.valid('json')),
        browser: c.req.header('User-Agent') ?? '',
        formerToken: readSessionCookie(c),
      });
      if (!result.ok) return refusal(answers, c, result.fault);
      writeSessionCookie(c, result.value.token);
      const actor = { kind: 'person', personId: '', assurance: 'certificate', sessionId: '' } as const;
      return c.json(identityView({ actor, name: null, school: null, canSwitch: false }), 200);
    },
  );
  api.openapi(
    createRoute({
      method: 'post',
      path: '/api/certificates',
      summary: 'Add a renewed certificate to the person who is logged in',
      tags: ['identity'],
      request: { body: json(certificateProof, 'Answer to a challenge of the purpose bind-certificate') },
      responses: { 204: { description: 'Added' }, ...answers.problems(400, 401) },
    }),
    async (c) => {
      const result = await bindCertificate(services, c.get('actor'), proofOf(c.req.valid('json')));
      return result.ok ? c.body(null, 204) : refusal(answers, c, result.fault);
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
