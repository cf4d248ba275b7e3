import { z } from '@hono/zod-openapi';
import type { Context, TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Fault, publicFault } from '../faults.ts';
import type { Locale } from './locale.ts';
import { problemOf } from './problem.ts';

/** RFC 9457, as the API sends it. */
const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** The refusals that any operation may give; each has its code in `code`. */
export const problemResponses = {
  400: problem('The request is malformed'),
  401: problem('Log in first'),
  403: problem('Your role may not do this'),
  404: problem('Not found, or not yours'),
  405: problem('Not this method'),
  408: problem('Too slow'),
  409: problem('Not possible in the present state'),
  410: problem('Gone'),
  412: problem('It has changed in the meantime'),
  413: problem('Too large'),
  415: problem('Not this kind of content'),
  422: problem('Understood and refused'),
  429: problem('Too often'),
  500: problem('Internal error'),
  501: problem('Not built'),
  503: problem('A part that is needed does not answer'),
  507: problem('No room'),
} as const;

export function jsonContent<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

export function jsonBody<T extends z.ZodType>(schema: T) {
  return { body: { required: true, content: { 'application/json': { schema } } } };
}

/** Fits every typed route, since a problem is declared by {@link problemResponses}. */
export type ProblemResponse = Response & TypedResponse<never, never, never>;

interface AnswerVariables {
  Variables: { locale: Locale; requestId: string };
}

/** A fault as problem+json in the reader's language. */
export function sendProblem<E extends AnswerVariables>(c: Context<E>, reason: Fault): ProblemResponse {
  const { status } = publicFault(reason.code);
  // RFC 9470 §3, as far as it fits a session: authenticate again, and not longer ago than this.
  if (reason.code === 'login.fresh-required') {
    c.header('WWW-Authenticate', 'Session error="insufficient_user_authentication", max_age="600"');
  }
  const body = problemOf(reason, c.get('locale'), c.get('requestId'));
  const answer = c.json(body, status satisfies ContentfulStatusCode, { 'Content-Type': 'application/problem+json' });
  // Typed routes know JSON answers only; the shape of this one stands in problemResponses.
  return answer as unknown as ProblemResponse;
}

/** A strong ETag for a version of a thing (RFC 9110 §8.8.3). */
export function etagOf(version: number): string {
  return `"v${version}"`;
}

/** The version that an If-Match names; null without one. A tag that is not ours matches nothing. */
export function versionFrom(c: Context): number | null {
  const header = c.req.header('if-match');
  if (header === undefined || header === '*') return null;
  const version = /^"v(\d{1,9})"$/.exec(header.trim())?.[1];
  return version === undefined ? -1 : Number(version);
}
