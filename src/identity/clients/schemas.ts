import { z } from '@hono/zod-openapi';
import { machineScopes } from '../../policy/actor.ts';

const instant = z.iso.datetime();

/** As they are, without what stands for a missing one. */
export const clientLimits = {
  requestsPerMinute: z.int().min(1).max(100_000).nullable(),
  uploadsPerDay: z.int().min(0).max(100_000),
};

/** Members of a client that the school decides. */
export const clientFields = {
  name: z.string().trim().min(1).max(100),
  vendor: z.string().trim().max(100).default(''),
  scopes: z.array(z.enum(machineScopes)).min(1).max(machineScopes.length),
  confirmHealth: z.boolean().default(false).openapi({ description: 'Needed to give health:read or health:write' }),
  requestsPerMinute: clientLimits.requestsPerMinute.default(null),
  uploadsPerDay: clientLimits.uploadsPerDay.default(2000),
};

const publicKey = z.string().min(1).max(10_000).openapi({ description: 'A public key, as JWK or PEM' });

export const clientChange = z.strictObject(clientFields).openapi('ClientChange');
export const clientRegistration = z.strictObject({ ...clientFields, publicKey }).openapi('ClientRegistration');
export const registeredClient = z.object({ id: z.string() }).openapi('RegisteredClient');

export const overlapDays = z.coerce.number().int().min(0).max(90);
export const keyAddition = z
  .strictObject({
    publicKey,
    overlapDays: z.int().min(0).max(90).default(14).openapi({ description: 'How long the keys before stay good' }),
  })
  .openapi('ClientKeyAddition');
export const addedKey = z.object({ thumbprint: z.string() }).openapi('AddedClientKey');

export const clientList = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        vendor: z.string(),
        scopes: z.array(z.enum(machineScopes)).readonly(),
        createdAt: instant,
        lastUsedAt: instant.nullable(),
        blockedAt: instant.nullable(),
        requestsPerMinute: z.number(),
        uploadsPerDay: z.number(),
        uploadsToday: z.number(),
        keys: z.array(
          z.object({
            thumbprint: z.string(),
            kid: z.string(),
            algorithm: z.string(),
            addedAt: instant,
            retiresAt: instant.nullable(),
            lastUsedAt: instant.nullable(),
            state: z.enum(['inForce', 'ending', 'retired']),
          }),
        ),
      }),
    ),
  })
  .openapi('ClientList');
