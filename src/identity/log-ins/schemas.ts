import { z } from '@hono/zod-openapi';
import { logInOutcomes, logInReasons } from './tables.ts';

const instant = z.iso.datetime();

export const wayList = z
  .object({
    ways: z.array(
      z.object({
        id: z.string(),
        assurance: z.enum(['certificate', 'digitalAuthenticationApp']),
        addedAt: instant,
        lastUsedAt: instant.nullable().openapi({ description: 'Null: added, and never used' }),
        notAfter: instant.nullable().openapi({ description: 'When the certificate runs out' }),
        state: z.enum(['inUse', 'expired']),
        mayRemove: z.boolean(),
      }),
    ),
  })
  .openapi('LoginWayList');

export const accountRequest = z
  .strictObject({
    provider: z.string().min(1).max(100),
    returnTo: z.string().max(500).optional().openapi({ description: 'A path of the gateway to come back to' }),
  })
  .openapi('LoginWayAccountRequest');

export const accountAnswer = z
  .object({ location: z.url().openapi({ description: 'Where this browser, with its cookies, goes next' }) })
  .openapi('LoginWayAccountBegun');

export const logInList = z
  .object({
    logIns: z.array(
      z.object({
        id: z.string(),
        at: instant,
        outcome: z.enum(logInOutcomes),
        reason: z.enum(logInReasons).nullable(),
        assurance: z.string(),
        browser: z.string(),
        disownedAt: instant.nullable(),
      }),
    ),
  })
  .openapi('LogInList');

export const disownAnswer = z
  .object({ ended: z.int().openapi({ description: 'How many other sessions have ended' }) })
  .openapi('DisownedLogIn');
