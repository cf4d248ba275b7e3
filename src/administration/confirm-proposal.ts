import type { Transaction } from '../database/connection.ts';
import { findAccountsById, findMembers, isInForce, type MemberRow } from '../directory/members.ts';
import { notifyStaff } from '../directory/notify-staff.ts';
import { fault } from '../faults.ts';
import { dayInJapan } from '../identity/rules.ts';
import type { StaffActor } from '../policy/actor.ts';
import { isAllowed, ownThing } from '../policy/decide.ts';
import { ok, type Result, refuse } from '../result.ts';
import { answeredBefore, look, perform, refuseLogged, type VerbContext } from '../transfers/act.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { applyChanges } from './change-members.ts';
import { carryOutClientAct } from './clients/carry-out.ts';
import { staffFor } from './manager.ts';
import { splitPerson } from './persons.ts';
import { actionOf, type ProposedAct } from './proposed-acts.ts';
import type { Changer } from './rules.ts';
import { recheckSealKey, registerSealKey, withdrawSealKey } from './seal-key.ts';
import { decideProposal, findProposal, lockProposal, type ProposalRow } from './store.ts';

/**
 * The second person's yes: what was proposed is checked again and done, in one transaction. Another *person* than the
 * proposer, whatever the accounts (ASVS 2.3.5); of two confirmations at once one is told that it is over.
 *
 * Faults: proposal.not-found, proposal.over, proposal.same-person, and those of the act itself
 */
export async function confirmProposal(context: VerbContext, id: string): Promise<Result<{ readonly id: string }>> {
  const attempt = { event: 'proposal.confirmed', caseId: null } as const;
  const before = await answeredBefore<{ readonly id: string }>(context);
  if (before !== null) return before;
  const fit = await recheck(context, id);
  if (!fit.ok) return refuseLogged(context, attempt, fit.fault);
  return perform(context, attempt, async (tx) => {
    const manager = staffFor(context, 'member.manage');
    if (!manager.ok) return manager;
    const row = await lockProposal(tx, id);
    const confirmable = await checkConfirmable(tx, context, { row, by: manager.value });
    if (!confirmable.ok) return confirmable;
    const done = await carryOut(tx, context, { ...confirmable.value, by: manager.value });
    if (!done.ok) return done;
    const at = context.gateway.clock.now();
    await decideProposal(tx, { id, state: 'confirmed', by: manager.value.staffId, at });
    const { act, proposedBy, schoolCode } = confirmable.value.row;
    await logPlainEvent(tx, context, 'proposal.confirmed', { proposal: id, kind: act.kind, proposedBy });
    await notifyStaff(tx, { staffIds: [proposedBy], school: schoolCode, subject: 'proposal-confirmed', id });
    return ok({ id });
  });
}

/** What asks others than the database is done before the transaction: a key proposed days ago may be revoked by now. */
async function recheck(context: VerbContext, id: string): Promise<Result<true>> {
  const manager = staffFor(context, 'member.manage');
  if (!manager.ok) return manager;
  const row = await look(context, async (tx) => ok(await findProposal(tx, id)));
  if (!row.ok || row.value === null || row.value.act.kind !== 'sealKeyRegister') return ok(true);
  return recheckSealKey(context, row.value.act.key);
}

interface Confirmable {
  readonly row: ProposalRow;
  readonly proposer: Changer & { readonly staffId: string };
}

async function checkConfirmable(
  tx: Transaction,
  context: VerbContext,
  { row, by }: { readonly row: ProposalRow | null; readonly by: StaffActor },
): Promise<Result<Confirmable>> {
  if (row === null) return refuse(fault('proposal.not-found'));
  if (row.state !== 'pending') return refuse(fault('proposal.over', { detail: row.state }));
  const now = context.gateway.clock.now();
  if (now >= row.expiresAt) return refuse(fault('proposal.over', { detail: 'expired' }));
  const [account] = await findAccountsById(tx, [row.proposedBy]);
  if (account?.personKey === by.personKey) return refuse(fault('proposal.same-person', { detail: 'proposer' }));
  const today = dayInJapan(now);
  const own = (await findMembers(tx, row.schoolCode, today)).filter(({ staffId }) => staffId === row.proposedBy);
  const terms = own.filter((one) => isInForce(one, today) && couldPropose(row.act, by, one));
  const term = terms.find(({ role }) => role === 'administrator') ?? terms[0];
  if (account === undefined || term === undefined) {
    return refuse(fault('proposal.over', { detail: 'proposer-has-left' }));
  }
  const proposer = { staffId: account.id, personKey: account.personKey, role: term.role };
  return ok({ row, proposer });
}

/** Would the table let the proposer propose it today, in this role? */
function couldPropose(act: ProposedAct, by: StaffActor, { staffId, personKey, role }: MemberRow): boolean {
  return isAllowed({ ...by, staffId, personKey, role }, actionOf(act.kind), ownThing);
}

function carryOut(
  tx: Transaction,
  context: VerbContext,
  { row, proposer, by }: Confirmable & { readonly by: StaffActor },
): Promise<Result<true>> {
  const { act } = row;
  switch (act.kind) {
    case 'members':
      return applyChanges(tx, context, { changes: act.changes, by, proposer });
    case 'personSplit':
      return splitPerson(tx, context, { staffId: act.staffId, by });
    case 'sealKeyRegister':
      return registerSealKey(tx, context, act.key);
    case 'sealKeyWithdraw':
      return withdrawSealKey(tx, context, act.fingerprint);
    case 'clientRegister':
    case 'clientChange':
    case 'clientKey':
      return carryOutClientAct(tx, context, { act, school: row.schoolCode, proposedBy: row.proposedBy });
  }
}
