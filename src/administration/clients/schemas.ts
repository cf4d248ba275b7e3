import { z } from '@hono/zod-openapi';
import { machineScopes } from '../../policy/actor.ts';

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
export const proposedRegistration = z
  .object({
    proposalId: z.string(),
    clientId: z.string().openapi({ description: 'Lets nobody in before a second person has confirmed' }),
    thumbprint: z.string(),
  })
  .openapi('ProposedRegistration');
export const clientOutcome = z
  .object({ outcome: z.enum(['done', 'proposed']), proposalId: z.string().nullable() })
  .openapi('ClientOutcome');

export const overlapDays = z.coerce.number().int().min(0).max(90);
export const keyAddition = z
  .strictObject({
    publicKey,
    overlapDays: z.int().min(0).max(90).default(14).openapi({ description: 'How long the keys before stay good' }),
  })
  .openapi('ClientKeyAddition');
export const proposedKey = z.object({ proposalId: z.string(), thumbprint: z.string() }).openapi('ProposedClientKey');

const terms = {
  name: z.string(),
  vendor: z.string(),
  scopes: z.array(z.enum(machineScopes)).readonly(),
  requestsPerMinute: z.number(),
  uploadsPerDay: z.number(),
};

export const proposedClientView = z
  .object({
    id: z.string(),
    ...terms,
    thumbprint: z.string().nullable(),
    overlapDays: z.number().nullable(),
    before: z.object(terms).nullable(),
  })
  .openapi('ProposedClient');
