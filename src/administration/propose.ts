import type { Transaction } from '../database/connection.ts';
import { notifyStaff } from '../directory/notify-staff.ts';
import { fault } from '../faults.ts';
import { scopeOf } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { schoolOf, type VerbContext } from '../transfers/act.ts';
import { newId } from '../transfers/ids.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { confirmersOf } from './confirmers.ts';
import { readPresent } from './manager.ts';
import type { ProposedAct } from './proposed-acts.ts';
import { proposalDays, proposalsAtOnce, reminderDays } from './rules.ts';
import { countPending, insertProposal } from './store.ts';

/**
 * Writes down what somebody wants, for a second person to confirm, and tells by mail those who could. Whether they may
 * want it was checked before. Faults: proposal.too-many
 */
export async function propose(tx: Transaction, context: VerbContext, act: ProposedAct): Promise<Result<string>> {
  const { actor, gateway } = context;
  const schoolCode = schoolOf(actor);
  if (actor.kind !== 'staff' || schoolCode === null) throw new Error(`${scopeOf(actor).actor} cannot propose`);
  const now = gateway.clock.now();
  if ((await countPending(tx, schoolCode, now)) >= proposalsAtOnce) return refuse(fault('proposal.too-many'));
  const id = newId();
  const expiresAt = new Date(now.getTime() + proposalDays * 86_400_000);
  await insertProposal(tx, { id, schoolCode, act, proposedBy: actor.staffId, proposedAt: now, expiresAt });
  await logPlainEvent(tx, context, 'proposal.made', { proposal: id, kind: act.kind });
  const present = await readPresent(tx, context, schoolCode);
  const confirmers = confirmersOf(act, present, actor.personKey).map(({ staffId }) => staffId);
  const about = { school: schoolCode, id };
  await notifyStaff(tx, { ...about, subject: 'proposal-waiting', staffIds: confirmers });
  const notBefore = new Date(expiresAt.getTime() - reminderDays * 86_400_000);
  const staffIds = [actor.staffId, ...confirmers];
  await notifyStaff(tx, { ...about, subject: 'proposal-expiring', staffIds, notBefore });
  return ok(id);
}
