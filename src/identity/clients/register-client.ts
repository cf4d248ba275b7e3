import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import type { MachineScope } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { randomToken } from '../secrets.ts';
import type { ClientKey } from './public-key.ts';
import { findAllKeys, findClients, insertClient, insertKey, lockSchoolClients } from './store.ts';

/** What a school decides about a client. */
export interface ClientTerms {
  readonly name: string;
  readonly vendor: string;
  readonly scopes: readonly MachineScope[];
  /** Null: as many as the gateway gives to every client. */
  readonly requestsPerMinute: number | null;
  readonly uploadsPerDay: number;
}

interface Registration {
  readonly clientId: string;
  readonly schoolCode: string;
  readonly terms: ClientTerms;
  readonly key: ClientKey;
}

const clientsPerSchool = 20;

/** It says nothing of the school (P-06). */
export function newClientId(): string {
  return `machine-${randomToken(12)}`;
}

/**
 * Could a system with this key be registered at the school? No other registration there changes the answer until the
 * transaction ends. Faults: client.key-known, client.too-many.
 */
export async function checkRegistration(
  tx: Transaction,
  { schoolCode, key }: Pick<Registration, 'schoolCode' | 'key'>,
): Promise<Result<true>> {
  await lockSchoolClients(tx, schoolCode);
  const present = await findClients(tx, schoolCode);
  if (present.length >= clientsPerSchool) return refuse(fault('client.too-many', { detail: 'clients' }));
  return (await isKnown(tx, schoolCode, key)) ? refuse(fault('client.key-known')) : ok(true);
}

/**
 * Registers a school-affairs system with its first public key, in the transaction of the second person's yes. Who asks
 * is checked and logged by the caller. Faults: those of {@link checkRegistration}.
 */
export async function registerClient(
  tx: Transaction,
  { clientId, schoolCode, terms, key, at }: Registration & { readonly at: Date },
): Promise<Result<true>> {
  const fits = await checkRegistration(tx, { schoolCode, key });
  if (!fits.ok) return fits;
  await insertClient(tx, { ...terms, clientId, schoolCode, createdAt: at });
  await insertKey(tx, { ...key, clientId, schoolCode, addedAt: at });
  return ok(true);
}

/** The same key at two clients of a school would be one secret in two places. */
export async function isKnown(tx: Transaction, schoolCode: string, { thumbprint }: ClientKey): Promise<boolean> {
  return (await findAllKeys(tx, schoolCode)).some((key) => key.thumbprint === thumbprint);
}
