import type { Transaction } from '../../database/connection.ts';
import { type MachineScope, machineScopes } from '../../policy/actor.ts';
import type { ClientTerms } from './register-client.ts';
import { updateClient } from './store.ts';

/**
 * Names, scopes and limits, in the caller's transaction; the client is under its lock. New scopes and lower limits hold
 * for tokens already issued, too.
 */
export async function changeClient(tx: Transaction, clientId: string, terms: ClientTerms): Promise<void> {
  await updateClient(tx, clientId, presentTerms(terms));
}

/** What is decided about a client, without what else is known of it. */
export function presentTerms({ name, vendor, scopes, requestsPerMinute, uploadsPerDay }: ClientTerms): ClientTerms {
  return { name, vendor, scopes, requestsPerMinute, uploadsPerDay };
}

/** As they are stored. A school may ask for less than everybody has, never for more. */
export function termsOf(asked: ClientTerms, perMinute: number): ClientTerms {
  const { name, vendor, scopes, requestsPerMinute: most, uploadsPerDay } = asked;
  const requestsPerMinute = most === null || most >= perMinute ? null : most;
  return {
    name,
    vendor,
    scopes: machineScopes.filter((scope) => scopes.includes(scope)),
    requestsPerMinute,
    uploadsPerDay,
  };
}

/** Would the client be able to do more than before, or oftener? `perMinute` is what the gateway gives to every client. */
export function widens(before: ClientTerms, after: ClientTerms, perMinute: number): boolean {
  return (
    addedScopes(before, after).length > 0 ||
    after.uploadsPerDay > before.uploadsPerDay ||
    (after.requestsPerMinute ?? perMinute) > (before.requestsPerMinute ?? perMinute)
  );
}

export function addedScopes(before: Pick<ClientTerms, 'scopes'>, after: Pick<ClientTerms, 'scopes'>): MachineScope[] {
  return after.scopes.filter((scope) => !before.scopes.includes(scope));
}

/** Is the client still as somebody saw it? */
export function isUnchanged(seen: ClientTerms, now: ClientTerms): boolean {
  return (
    seen.name === now.name &&
    seen.vendor === now.vendor &&
    seen.requestsPerMinute === now.requestsPerMinute &&
    seen.uploadsPerDay === now.uploadsPerDay &&
    seen.scopes.length === now.scopes.length &&
    addedScopes(now, seen).length === 0
  );
}
