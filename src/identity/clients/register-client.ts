import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import type { Actor, MachineScope } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { randomToken } from '../secrets.ts';
import type { IdentityServices } from '../services.ts';
import { actOnClients, ownClient } from './act.ts';
import { type ClientKey, parsePublicKey } from './public-key.ts';
import { findAllKeys, findClients, insertClient, insertKey, lockSchoolClients, updateClient } from './store.ts';

export interface ClientInput {
  readonly name: string;
  readonly vendor: string;
  readonly scopes: readonly MachineScope[];
  /** Somebody has looked twice at scopes for health cards; needed when they are asked for anew. */
  readonly confirmHealth: boolean;
  /** Null: as many as the gateway gives to every client. */
  readonly requestsPerMinute: number | null;
  readonly uploadsPerDay: number;
}

const clientsPerSchool = 20;

/**
 * Registers a school-affairs system with its first public key. Its id says nothing of the school (P-06).
 * Faults: policy.denied, login.fresh-required, client.private-key, client.key-refused, client.key-known,
 * client.health-unconfirmed, client.too-many.
 */
export async function registerClient(
  services: IdentityServices,
  actor: Actor,
  input: ClientInput & { readonly publicKey: string },
): Promise<Result<{ readonly id: string }>> {
  return actOnClients(services, actor, {
    event: 'machine.registered',
    async work(tx, manager) {
      const key = parsePublicKey(input.publicKey);
      if (!key.ok) return key;
      if (needsConfirmation(input, [])) return refuse(fault('client.health-unconfirmed'));
      await lockSchoolClients(tx, manager.school);
      const present = await findClients(tx, manager.school);
      if (present.length >= clientsPerSchool) return refuse(fault('client.too-many', { detail: 'clients' }));
      if (await isKnown(tx, manager.school, key.value)) return refuse(fault('client.key-known'));
      const clientId = `machine-${randomToken(12)}`;
      const createdAt = services.clock.now();
      const { name, vendor, scopes, requestsPerMinute, uploadsPerDay } = input;
      const schoolCode = manager.school;
      const limits = { requestsPerMinute: withinGateway(services, requestsPerMinute), uploadsPerDay };
      await insertClient(tx, { clientId, schoolCode, name, vendor, scopes, ...limits, createdAt });
      await insertKey(tx, { ...key.value, clientId, schoolCode, addedAt: createdAt });
      return ok({ clientId, value: { id: clientId } });
    },
  });
}

/** Names, scopes and limits; new scopes and lower limits hold for tokens already issued, too. */
export async function changeClient(
  services: IdentityServices,
  actor: Actor,
  input: ClientInput & { readonly clientId: string },
): Promise<Result<true>> {
  return actOnClients(services, actor, {
    event: 'machine.changed',
    async work(tx, manager) {
      const client = await ownClient(tx, manager, input.clientId);
      if (!client.ok) return client;
      if (needsConfirmation(input, client.value.scopes)) return refuse(fault('client.health-unconfirmed'));
      const { clientId, name, vendor, scopes, uploadsPerDay } = input;
      const requestsPerMinute = withinGateway(services, input.requestsPerMinute);
      await updateClient(tx, clientId, { name, vendor, scopes, requestsPerMinute, uploadsPerDay });
      return ok({ clientId, value: true });
    },
  });
}

/** The same key at two clients of a school would be one secret in two places. */
export async function isKnown(tx: Transaction, schoolCode: string, { thumbprint }: ClientKey): Promise<boolean> {
  return (await findAllKeys(tx, schoolCode)).some((key) => key.thumbprint === thumbprint);
}

function needsConfirmation({ scopes, confirmHealth }: ClientInput, had: readonly MachineScope[]): boolean {
  const added = scopes.filter((scope) => !had.includes(scope));
  return !confirmHealth && added.some((scope) => scope.startsWith('health:'));
}

/** A school may ask for less than everybody has, never for more. */
function withinGateway({ rates }: IdentityServices, asked: number | null): number | null {
  return asked === null || asked >= rates.perMinute.client ? null : asked;
}
