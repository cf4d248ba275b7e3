import { z } from '@hono/zod-openapi';
import { machineScopes } from '../../policy/actor.ts';

const instant = z.iso.datetime();

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
