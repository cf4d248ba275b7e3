import type { Transaction } from '../../database/connection.ts';
import { notifyPrincipals } from '../../directory/notify-staff.ts';
import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { after, dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { actOnClients, ownClient } from './act.ts';
import type { ClientKey } from './public-key.ts';
import { isKnown } from './register-client.ts';
import { findMachineKeys, insertKey, lockSchoolClients, retireKeys } from './store.ts';
import type { MachineKeyRow } from './tables.ts';

interface KeyAddition {
  readonly clientId: string;
  readonly schoolCode: string;
  readonly key: ClientKey;
  readonly now: Date;
}

const keysPerClient = 3;

/**
 * Could the key be added to the client? Gives the keys in force before it, with the client and the school's
 * registrations locked. Faults: client.not-found, client.key-known, client.too-many.
 */
export async function checkKeyAddition(
  tx: Transaction,
  { clientId, schoolCode, key, now }: KeyAddition,
): Promise<Result<readonly MachineKeyRow[]>> {
  await lockSchoolClients(tx, schoolCode);
  const client = await ownClient(tx, schoolCode, clientId);
  if (!client.ok) return client;
  if (await isKnown(tx, schoolCode, key)) return refuse(fault('client.key-known'));
  const inForce = await findMachineKeys(tx, clientId, now);
  return inForce.length >= keysPerClient ? refuse(fault('client.too-many', { detail: 'keys' })) : ok(inForce);
}

/**
 * Adds a new key in the transaction of the second person's yes; the ones before stay good for the days of overlap, so
 * that the system can be switched over without a gap, and end by themselves. Faults: those of {@link checkKeyAddition}.
 */
export async function addClientKey(
  tx: Transaction,
  addition: KeyAddition & { readonly overlapDays: number },
): Promise<Result<true>> {
  const inForce = await checkKeyAddition(tx, addition);
  if (!inForce.ok) return inForce;
  const { clientId, schoolCode, key, now, overlapDays } = addition;
  await retireKeys(tx, { clientId, now, retiresAt: after(now, { days: overlapDays }) });
  const { thumbprint, jwk } = key;
  // Two keys of one name would be told apart by nothing: the new one goes by its thumbprint.
  const isTaken = inForce.value.some((other) => other.jwk.kid === jwk.kid);
  const named = isTaken ? { ...jwk, kid: thumbprint } : jwk;
  await insertKey(tx, { clientId, schoolCode, thumbprint, jwk: named, addedAt: now });
  return ok(true);
}

/** Ends a key at once, the last one too: then nobody gets a token until a new key is added. */
export async function retireClientKey(
  services: IdentityServices,
  actor: Actor,
  input: { readonly clientId: string; readonly thumbprint: string },
): Promise<Result<true>> {
  return actOnClients(services, actor, {
    event: 'machine.key-retired',
    async work(tx, { school }) {
      const client = await ownClient(tx, school, input.clientId);
      if (!client.ok) return client;
      const now = services.clock.now();
      const retired = await retireKeys(tx, { ...input, now, retiresAt: now });
      if (retired !== 1) return refuse(fault('client.key-not-found'));
      const { clientId } = input;
      await notifyPrincipals(tx, { school, day: dayInJapan(now), subject: 'client-key-retired', id: clientId });
      return ok({ clientId, value: true });
    },
  });
}
