import type { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context, TypedResponse } from 'hono';
import type { Fault } from '../faults.ts';
import type { IdentityEnv } from './middleware.ts';

/** How the gateway shows a refusal: problem+json in the caller's language. */
export interface Answers {
  problem(c: Context, reason: Fault): Response;
  /** Response objects of the API description, by status. */
  problems(...statuses: readonly number[]): Record<number, { description: string }>;
}

export type IdentityApi = OpenAPIHono<IdentityEnv>;

/** A refusal as the answer of a described route. */
export function refusal(answers: Answers, c: Context, reason: Fault): Response & TypedResponse<never, never, never> {
  // True: it is a Response. The type only says that a refusal is none of the route's described successes.
  return answers.problem(c, reason) as Response & TypedResponse<never, never, never>;
}

/** A JSON body in a route's description. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } }, required: true } as const;
}
