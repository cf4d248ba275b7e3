import { z } from '@hono/zod-openapi';
import { personScopes } from '../../policy/actor.ts';
import { guardianRelations } from '../guardians/tables.ts';

const instant = z.iso.datetime();

export const consentRequest = z
  .strictObject({
    guardianId: z.string().min(1).max(100),
    scope: z.array(z.enum(personScopes)).min(1).max(3),
    until: z.iso.date().openapi({ description: 'The last day in Japan, a year from today at most' }),
  })
  .openapi('ConsentRequest');

export const consentList = z
  .object({
    pupils: z.array(
      z.object({
        pupilId: z.string(),
        pupilName: z.string(),
        ofAgeFrom: z.iso.date(),
        isOfAge: z.boolean(),
        latest: z.iso.date().openapi({ description: 'The last day that a consent given today may have' }),
        former: z
          .array(
            z.object({
              id: z.string(),
              name: z.string(),
              kana: z.string(),
              relation: z.enum(guardianRelations),
            }),
          )
          .readonly(),
        consents: z.array(
          z.object({
            id: z.string(),
            guardianId: z.string(),
            guardianName: z.string().nullable(),
            scope: z.array(z.enum(personScopes)).readonly(),
            givenAt: instant,
            until: z.iso.date(),
            withdrawnAt: instant.nullable(),
            state: z.enum(['inForce', 'resting', 'over', 'withdrawn']).openapi({
              description: '`resting`: without effect while the school’s record of the guardian does not stand',
            }),
          }),
        ),
      }),
    ),
  })
  .openapi('ConsentList');
