import { notifyPrincipals } from '../../directory/notify-staff.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result } from '../../result.ts';
import { dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { actOnClients, ownClient } from './act.ts';
import { deleteClientRow, updateClient } from './store.ts';

/** Stops a client with its next request, whatever tokens it holds, and uploads under way at their end. */
export async function blockClient(services: IdentityServices, actor: Actor, clientId: string): Promise<Result<true>> {
  return actOnClients(services, actor, {
    event: 'machine.blocked',
    async work(tx, { school }) {
      const client = await ownClient(tx, school, clientId);
      if (!client.ok) return client;
      await updateClient(tx, clientId, { blockedAt: client.value.blockedAt ?? services.clock.now() });
      return ok({ clientId, value: true });
    },
  });
}

/** Lets it in again, with the keys and scopes that it had. */
export async function unblockClient(services: IdentityServices, actor: Actor, clientId: string): Promise<Result<true>> {
  return actOnClients(services, actor, {
    event: 'machine.unblocked',
    async work(tx, { school }) {
      const client = await ownClient(tx, school, clientId);
      if (!client.ok) return client;
      await updateClient(tx, clientId, { blockedAt: null });
      return ok({ clientId, value: true });
    },
  });
}

/** Takes it off the list with its keys; what it did stays in the log under its id. */
export async function deleteClient(services: IdentityServices, actor: Actor, clientId: string): Promise<Result<true>> {
  return actOnClients(services, actor, {
    event: 'machine.deleted',
    async work(tx, { school }) {
      const client = await ownClient(tx, school, clientId);
      if (!client.ok) return client;
      await deleteClientRow(tx, clientId);
      const day = dayInJapan(services.clock.now());
      await notifyPrincipals(tx, { school, day, subject: 'client-deleted', id: clientId });
      return ok({ clientId, value: true });
    },
  });
}
