import { z } from '@hono/zod-openapi';

/** Where a school keeps a paper: a number of its files, and nothing that could be a sentence about somebody. */
export const fileNumber = z.string().regex(/^[\p{L}\p{N}・\-–/ 　]{1,40}$/u);
