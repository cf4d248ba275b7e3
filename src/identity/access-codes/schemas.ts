import { z } from '@hono/zod-openapi';
import { linkRelations } from '../links/tables.ts';

const instant = z.iso.datetime();

export const accessCodeRequest = z
  .object({
    guardianId: z
      .string()
      .max(100)
      .nullable()
      .openapi({ description: 'The guardian it is printed for; null for the pupil' }),
  })
  .openapi('AccessCodeRequest');

export const accessCodeAnswer = z
  .object({
    id: z.string(),
    code: z.string().openapi({ description: 'Shown once; only its hash is kept' }),
    address: z.string().openapi({ description: 'For a QR; the code stands behind # and reaches no server log' }),
    expiresAt: instant,
  })
  .openapi('AccessCode');

export const accessCodeList = z
  .object({
    codes: z.array(
      z.object({
        id: z.string(),
        relation: z.enum(linkRelations),
        guardianId: z.string().nullable(),
        holder: z.string().nullable(),
        state: z.enum(['open', 'used', 'expired', 'locked', 'withdrawn']),
        issuedAt: instant,
        expiresAt: instant,
        usedAt: instant.nullable(),
      }),
    ),
  })
  .openapi('AccessCodeList');

export const codeLoginRequest = z
  .object({ code: z.string().min(1).max(100).openapi({ description: 'As printed on the paper' }) })
  .openapi('CodeLoginRequest');

export const codeLoginBegun = z
  .object({
    attempt: z.string().openapi({ description: 'Send it back with the number' }),
    expiresAt: instant,
  })
  .openapi('CodeLoginBegun');

export const codeLoginProof = z
  .object({ attempt: z.string().max(100), number: z.string().min(1).max(40) })
  .openapi('CodeLoginProof');
