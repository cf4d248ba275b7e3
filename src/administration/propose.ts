import type { Transaction } from '../database/connection.ts';
import { scopeOf } from '../policy/actor.ts';
import { schoolOf, type VerbContext } from '../transfers/act.ts';
import { newId } from '../transfers/ids.ts';
import { logPlainEvent } from '../transfers/record.ts';
import type { ProposedAct } from './proposed-acts.ts';
import { proposalDays } from './rules.ts';
import { insertProposal } from './store.ts';

/** Writes down what somebody wants, for a second person to confirm. Whether they may want it was checked before. */
export async function propose(tx: Transaction, context: VerbContext, act: ProposedAct): Promise<string> {
  const { actor, gateway } = context;
  const schoolCode = schoolOf(actor);
  if (actor.kind !== 'staff' || schoolCode === null) throw new Error(`${scopeOf(actor).actor} cannot propose`);
  const now = gateway.clock.now();
  const id = newId();
  await insertProposal(tx, {
    id,
    schoolCode,
    act,
    proposedBy: actor.staffId,
    proposedAt: now,
    expiresAt: new Date(now.getTime() + proposalDays * 86_400_000),
  });
  await logPlainEvent(tx, context, 'proposal.made', { proposal: id, kind: act.kind });
  return id;
}
