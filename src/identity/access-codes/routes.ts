import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { AppEnv } from '../../app-env.ts';
import { jsonBody, jsonContent, problemResponses, sendProblem } from '../../web/answer.ts';
import { readSessionCookie, writeSessionCookie } from '../cookies.ts';
import { identityAnswer } from '../schemas.ts';
import { personView } from '../view.ts';
import { beginCodeLogin } from './begin-code-login.ts';
import { releaseAccessCode, withdrawAccessCode } from './change-access-code.ts';
import { completeCodeLogin } from './complete-code-login.ts';
import { issueAccessCode } from './issue-access-code.ts';
import { listAccessCodes } from './list-access-codes.ts';
import {
  accessCodeAnswer,
  accessCodeList,
  accessCodeRequest,
  codeLoginBegun,
  codeLoginProof,
  codeLoginRequest,
} from './schemas.ts';

const pupil = z.object({ pupilId: z.string().max(100) });
const code = z.object({ codeId: z.string().max(100) });

/** Papers by which people without card and app log in: the school's side, and the log-in. */
export function addAccessCodeRoutes(app: OpenAPIHono<AppEnv>): void {
  addSchoolRoutes(app);
  addChangeRoutes(app);
  addLoginRoutes(app);
}

function addSchoolRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/pupils/{pupilId}/access-codes',
      summary: 'Issue a one-time paper for somebody without card and app',
      tags: ['identity'],
      request: { params: pupil, ...jsonBody(accessCodeRequest) },
      responses: { 201: jsonContent(accessCodeAnswer, 'The code, shown once'), ...problemResponses },
    }),
    async (c) => {
      const input = { ...c.req.valid('param'), ...c.req.valid('json') };
      const result = await issueAccessCode(c.get('gateway').identity, c.get('actor'), input);
      if (!result.ok) return sendProblem(c, result.fault);
      return c.json({ ...result.value, expiresAt: result.value.expiresAt.toISOString() }, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/api/pupils/{pupilId}/access-codes',
      summary: 'List the papers handed out for a pupil',
      tags: ['identity'],
      request: { params: pupil },
      responses: { 200: jsonContent(accessCodeList, 'The newest first'), ...problemResponses },
    }),
    async (c) => {
      const { pupilId } = c.req.valid('param');
      const result = await listAccessCodes(c.get('gateway').identity, c.get('actor'), pupilId);
      if (!result.ok) return sendProblem(c, result.fault);
      const codes = result.value.codes.map(({ issuedAt, expiresAt, usedAt, ...rest }) => ({
        ...rest,
        issuedAt: issuedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        usedAt: usedAt?.toISOString() ?? null,
      }));
      return c.json({ codes }, 200);
    },
  );
}

function addChangeRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/api/access-codes/{codeId}',
      summary: 'Withdraw a paper, and end what it has opened',
      tags: ['identity'],
      request: { params: code },
      responses: { 204: { description: 'Withdrawn' }, ...problemResponses },
    }),
    async (c) => {
      const { codeId } = c.req.valid('param');
      const result = await withdrawAccessCode(c.get('gateway').identity, c.get('actor'), codeId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/access-codes/{codeId}/release',
      summary: 'Release a paper that wrong numbers have locked',
      tags: ['identity'],
      request: { params: code },
      responses: { 204: { description: 'Released' }, ...problemResponses },
    }),
    async (c) => {
      const { codeId } = c.req.valid('param');
      const result = await releaseAccessCode(c.get('gateway').identity, c.get('actor'), codeId);
      return result.ok ? c.body(null, 204) : sendProblem(c, result.fault);
    },
  );
}

function addLoginRoutes(app: OpenAPIHono<AppEnv>): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/login/code-attempts',
      summary: 'Begin a log-in by a paper from the school',
      tags: ['identity'],
      request: jsonBody(codeLoginRequest),
      responses: {
        201: jsonContent(codeLoginBegun, 'If the code is right, a number is on its way; the answer is always the same'),
        ...problemResponses,
      },
    }),
    async (c) => {
      const begun = await beginCodeLogin(c.get('gateway').identity, c.req.valid('json').code);
      return c.json({ attempt: begun.attempt, expiresAt: begun.expiresAt.toISOString() }, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/api/login/code',
      summary: 'Log in by a paper from the school and the number sent to the guardian',
      tags: ['identity'],
      request: jsonBody(codeLoginProof),
      responses: { 200: jsonContent(identityAnswer, 'Logged in; the session cookie is set'), ...problemResponses },
    }),
    async (c) => {
      const result = await completeCodeLogin(c.get('gateway').identity, {
        ...c.req.valid('json'),
        browser: c.req.header('User-Agent') ?? '',
        formerToken: readSessionCookie(c),
      });
      if (!result.ok) return sendProblem(c, result.fault);
      writeSessionCookie(c, result.value.token);
      return c.json(personView({ assurance: 'schoolCode', revocation: 'good' }), 200);
    },
  );
}
