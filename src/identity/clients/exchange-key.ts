import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { after } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { findMachineKeys } from '../store.ts';
import { actOnClients, ownClient } from './act.ts';
import { parsePublicKey } from './public-key.ts';
import { isKnown } from './register-client.ts';
import { insertKey, lockSchoolClients, retireKeys } from './store.ts';

const keysPerClient = 3;

/**
 * Adds a new key; the ones before stay good for the days of overlap, so that the system can be switched over without a
 * gap, and end by themselves.
 * Faults: client.not-found, client.private-key, client.key-refused, client.key-known, client.too-many.
 */
export async function addClientKey(
  services: IdentityServices,
  actor: Actor,
  input: { readonly clientId: string; readonly publicKey: string; readonly overlapDays: number },
): Promise<Result<{ readonly thumbprint: string }>> {
  return actOnClients(services, actor, {
    event: 'machine.key-added',
    async work(tx, manager) {
      const key = parsePublicKey(input.publicKey);
      if (!key.ok) return key;
      await lockSchoolClients(tx, manager.school);
      const client = await ownClient(tx, manager, input.clientId);
      if (!client.ok) return client;
      if (await isKnown(tx, manager.school, key.value)) return refuse(fault('client.key-known'));
      const { clientId, schoolCode } = client.value;
      const now = services.clock.now();
      const inForce = await findMachineKeys(tx, clientId, now);
      if (inForce.length >= keysPerClient) return refuse(fault('client.too-many', { detail: 'keys' }));
      await retireKeys(tx, { clientId, now, retiresAt: after(now, { days: input.overlapDays }) });
      const { thumbprint, jwk } = key.value;
      // Two keys of one name would be told apart by nothing: the new one goes by its thumbprint.
      const isTaken = inForce.some((other) => other.jwk.kid === jwk.kid);
      await insertKey(tx, {
        clientId,
        schoolCode,
        thumbprint,
        jwk: isTaken ? { ...jwk, kid: thumbprint } : jwk,
        addedAt: now,
      });
      return ok({ clientId, value: { thumbprint } });
    },
  });
}

/** Ends a key at once, the last one too: then nobody gets a token until a new key is added. */
export async function retireClientKey(
  services: IdentityServices,
  actor: Actor,
  input: { readonly clientId: string; readonly thumbprint: string },
): Promise<Result<true>> {
  return actOnClients(services, actor, {
    event: 'machine.key-retired',
    async work(tx, manager) {
      const client = await ownClient(tx, manager, input.clientId);
      if (!client.ok) return client;
      const now = services.clock.now();
      const retired = await retireKeys(tx, { ...input, now, retiresAt: now });
      if (retired !== 1) return refuse(fault('client.key-not-found'));
      return ok({ clientId: input.clientId, value: true });
    },
  });
}
