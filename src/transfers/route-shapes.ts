import { z } from '@hono/zod-openapi';
import { jsonContent, problemResponses } from '../web/answer.ts';
import { caseSchema } from './schemas.ts';

export const caseParam = z.object({ caseId: z.string().max(64) });
export const documentParam = caseParam.extend({ documentId: z.string().max(64) });
export const caseAnswer = { 200: jsonContent(caseSchema, 'The case as it is now'), ...problemResponses };
