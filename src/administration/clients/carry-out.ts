import type { Transaction } from '../../database/connection.ts';
import { notifyPrincipals } from '../../directory/notify-staff.ts';
import { fault } from '../../faults.ts';
import { ownClient } from '../../identity/clients/act.ts';
import { changeClient, isUnchanged } from '../../identity/clients/change-client.ts';
import { addClientKey } from '../../identity/clients/exchange-key.ts';
import { registerClient } from '../../identity/clients/register-client.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { VerbContext } from '../../transfers/act.ts';
import { logPlainEvent } from '../../transfers/record.ts';
import type { ClientAct } from '../proposed-acts.ts';

interface Confirmed<Act> {
  readonly act: Act;
  readonly school: string;
  readonly proposedBy: string;
}

/**
 * What a confirmed proposal about a school-affairs system does, checked again as it meets the present.
 * Faults: client.not-found, client.key-known, client.too-many; proposal.over when the client was changed meanwhile.
 */
export async function carryOutClientAct(
  tx: Transaction,
  context: VerbContext,
  confirmed: Confirmed<ClientAct>,
): Promise<Result<true>> {
  const { act, school, proposedBy } = confirmed;
  const now = context.gateway.clock.now();
  const { clientId } = act;
  const detail = { client: clientId, proposedBy };
  switch (act.kind) {
    case 'clientRegister': {
      const { terms, key } = act;
      const done = await registerClient(tx, { clientId, schoolCode: school, terms, key, at: now });
      if (!done.ok) return done;
      await logPlainEvent(tx, context, 'machine.registered', detail);
      break;
    }
    case 'clientKey': {
      const { key, overlapDays } = act;
      const done = await addClientKey(tx, { clientId, schoolCode: school, key, overlapDays, now });
      if (!done.ok) return done;
      await logPlainEvent(tx, context, 'machine.key-added', { ...detail, thumbprint: key.thumbprint });
      break;
    }
    case 'clientChange':
      return carryOutChange(tx, context, { act, school, proposedBy });
  }
  await notifyPrincipals(tx, { school, day: dayInJapan(now), subject: 'client-key-added', id: clientId });
  return ok(true);
}

async function carryOutChange(
  tx: Transaction,
  context: VerbContext,
  { act, school, proposedBy }: Confirmed<ClientAct & { kind: 'clientChange' }>,
): Promise<Result<true>> {
  const client = await ownClient(tx, school, act.clientId);
  if (!client.ok) return client;
  // Else a scope that somebody took away meanwhile would come back without anybody having seen it come back.
  if (!isUnchanged(act.before, client.value)) return refuse(fault('proposal.over', { detail: 'client-changed' }));
  await changeClient(tx, act.clientId, act.terms);
  await logPlainEvent(tx, context, 'machine.changed', { client: act.clientId, proposedBy });
  return ok(true);
}
