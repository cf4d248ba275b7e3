import { fault } from '../../faults.ts';
import { clientManager, ownClient } from '../../identity/clients/act.ts';
import { addedScopes, changeClient, presentTerms, termsOf, widens } from '../../identity/clients/change-client.ts';
import { checkKeyAddition } from '../../identity/clients/exchange-key.ts';
import { parsePublicKey } from '../../identity/clients/public-key.ts';
import { type ClientTerms, checkRegistration, newClientId } from '../../identity/clients/register-client.ts';
import type { MachineScope } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { logPlainEvent } from '../../transfers/record.ts';
import { propose } from '../propose.ts';

export interface ClientInput extends ClientTerms {
  /** Somebody has looked twice at scopes for health cards; needed when they are asked for anew. */
  readonly confirmHealth: boolean;
}

export interface ProposedRegistration {
  readonly proposalId: string;
  /** What the client will be called from the day it is confirmed; before, nobody lets it in. */
  readonly clientId: string;
  readonly thumbprint: string;
}

export interface ClientOutcome {
  readonly outcome: 'done' | 'proposed';
  readonly proposalId: string | null;
}

/**
 * Proposes that a school-affairs system be registered with its first public key.
 * Faults: policy.denied, login.fresh-required, client.private-key, client.key-refused, client.key-known,
 * client.health-unconfirmed, client.too-many, proposal.too-many.
 */
export async function proposeClient(
  context: VerbContext,
  input: ClientInput & { readonly publicKey: string },
): Promise<Result<ProposedRegistration>> {
  return perform(context, { event: 'machine.registered', caseId: null }, async (tx) => {
    const manager = clientManager(context.gateway, context.actor);
    if (!manager.ok) return manager;
    const key = parsePublicKey(input.publicKey);
    if (!key.ok) return key;
    if (isHealthUnconfirmed(input, [])) return refuse(fault('client.health-unconfirmed'));
    const fits = await checkRegistration(tx, { schoolCode: manager.value.school, key: key.value });
    if (!fits.ok) return fits;
    const clientId = newClientId();
    const terms = termsOf(input, perMinuteOf(context));
    const proposed = await propose(tx, context, { kind: 'clientRegister', clientId, terms, key: key.value });
    const { thumbprint } = key.value;
    return proposed.ok ? ok({ proposalId: proposed.value, clientId, thumbprint }) : proposed;
  });
}

/**
 * Changes names, scopes and limits: at once when nothing widens, else all of it waits for a second person.
 * Faults: policy.denied, login.fresh-required, client.not-found, client.health-unconfirmed, proposal.too-many.
 */
export async function proposeClientChange(
  context: VerbContext,
  input: ClientInput & { readonly clientId: string },
): Promise<Result<ClientOutcome>> {
  return perform<ClientOutcome>(context, { event: 'machine.changed', caseId: null }, async (tx) => {
    const manager = clientManager(context.gateway, context.actor);
    if (!manager.ok) return manager;
    const client = await ownClient(tx, manager.value.school, input.clientId);
    if (!client.ok) return client;
    if (isHealthUnconfirmed(input, client.value.scopes)) return refuse(fault('client.health-unconfirmed'));
    const perMinute = perMinuteOf(context);
    const [before, terms] = [presentTerms(client.value), termsOf(input, perMinute)];
    const { clientId } = input;
    if (widens(before, terms, perMinute)) {
      const proposed = await propose(tx, context, { kind: 'clientChange', clientId, before, terms });
      return proposed.ok ? ok({ outcome: 'proposed', proposalId: proposed.value }) : proposed;
    }
    await changeClient(tx, clientId, terms);
    await logPlainEvent(tx, context, 'machine.changed', { client: clientId });
    return ok({ outcome: 'done', proposalId: null });
  });
}

/**
 * Proposes a new key; once it is confirmed, the ones before stay good for the days of overlap.
 * Faults: policy.denied, login.fresh-required, client.not-found, client.private-key, client.key-refused,
 * client.key-known, client.too-many, proposal.too-many.
 */
export async function proposeClientKey(
  context: VerbContext,
  input: { readonly clientId: string; readonly publicKey: string; readonly overlapDays: number },
): Promise<Result<{ readonly proposalId: string; readonly thumbprint: string }>> {
  return perform(context, { event: 'machine.key-added', caseId: null }, async (tx) => {
    const manager = clientManager(context.gateway, context.actor);
    if (!manager.ok) return manager;
    const parsed = parsePublicKey(input.publicKey);
    if (!parsed.ok) return parsed;
    const { clientId, overlapDays } = input;
    const key = parsed.value;
    const { school } = manager.value;
    const fits = await checkKeyAddition(tx, { clientId, schoolCode: school, key, now: context.gateway.clock.now() });
    if (!fits.ok) return fits;
    const client = await ownClient(tx, school, clientId);
    if (!client.ok) return client;
    const terms = presentTerms(client.value);
    const proposed = await propose(tx, context, { kind: 'clientKey', clientId, terms, key, overlapDays });
    return proposed.ok ? ok({ proposalId: proposed.value, thumbprint: key.thumbprint }) : proposed;
  });
}

function isHealthUnconfirmed(input: ClientInput, had: readonly MachineScope[]): boolean {
  const added = addedScopes({ scopes: had }, input);
  return !input.confirmHealth && added.some((scope) => scope.startsWith('health:'));
}

function perMinuteOf({ gateway }: VerbContext): number {
  return gateway.identity.rates.perMinute.client;
}
