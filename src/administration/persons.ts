import type { Transaction } from '../database/connection.ts';
import { type AccountRow, findAccounts, founderOf, setPersonKey } from '../directory/members.ts';
import { fault } from '../faults.ts';
import type { StaffActor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { look, perform, type VerbContext } from '../transfers/act.ts';
import { newId } from '../transfers/ids.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { staffFor } from './manager.ts';
import { propose } from './propose.ts';

/** An account of the founder; accounts of one human share `person`. */
export interface AccountView {
  readonly staffId: string;
  readonly name: string;
  readonly account: string;
  readonly person: string;
}

/** All accounts of the founder, for its administrator: to see which are one human's. */
export async function listAccounts(context: VerbContext): Promise<Result<readonly AccountView[]>> {
  return look(context, async (tx) => {
    const administrator = administratorFor(context, 'member.list');
    if (!administrator.ok) return administrator;
    const accounts = await accountsOf(tx, administrator.value);
    return ok(accounts.map(({ id, name, account, personKey }) => ({ staffId: id, name, account, person: personKey })));
  });
}

/**
 * States that two accounts are one human's, so that they count as one person for four eyes. It takes rights away and
 * gives none, so one administrator suffices. Faults: member.not-found
 */
export async function mergePersons(
  context: VerbContext,
  input: { readonly staffIds: readonly [string, string] },
): Promise<Result<true>> {
  return perform(context, { event: 'persons.merged', caseId: null }, async (tx) => {
    const administrator = administratorFor(context, 'member.manage');
    if (!administrator.ok) return administrator;
    const accounts = await accountsOf(tx, administrator.value);
    const [one, two] = input.staffIds.map((wanted) => accounts.find(({ id }) => id === wanted));
    if (one === undefined || two === undefined || one === two) return refuse(fault('member.not-found'));
    // Whoever was one human with either of them is now one with both.
    const joined = accounts.filter(({ personKey }) => personKey === one.personKey || personKey === two.personKey);
    const ids = joined.map(({ id }) => id);
    await setPersonKey(tx, ids, one.personKey);
    await logPlainEvent(tx, context, 'persons.merged', { one: one.id, two: two.id, accounts: ids.length });
    return ok(true);
  });
}

/** Says that an account is a human of its own after all. It gives rights back, so a second person has to confirm. */
export async function proposeSplit(
  context: VerbContext,
  input: { readonly staffId: string },
): Promise<Result<{ readonly proposalId: string }>> {
  return perform(context, { event: 'proposal.made', caseId: null }, async (tx) => {
    const administrator = administratorFor(context, 'member.manage');
    if (!administrator.ok) return administrator;
    const account = (await accountsOf(tx, administrator.value)).find(({ id }) => id === input.staffId);
    if (account === undefined) return refuse(fault('member.not-found'));
    // With two accounts counted as two people, one's own would give one a second pair of eyes.
    if (account.personKey === administrator.value.personKey) return refuse(fault('member.own-role'));
    const { id: staffId, name } = account;
    const proposed = await propose(tx, context, { kind: 'personSplit', staffId, name });
    return proposed.ok ? ok({ proposalId: proposed.value }) : proposed;
  });
}

/** What a confirmed split does, in the transaction of its confirmation. */
export async function splitPerson(
  tx: Transaction,
  context: VerbContext,
  { staffId, by }: { readonly staffId: string; readonly by: StaffActor },
): Promise<Result<true>> {
  const account = (await accountsOf(tx, by)).find(({ id }) => id === staffId);
  // Only an administrator sees and may change the accounts of the founder, so only one can confirm.
  if (account === undefined || by.role !== 'administrator') return refuse(fault('policy.denied', { detail: 'split' }));
  if (account.personKey === by.personKey) return refuse(fault('proposal.same-person'));
  await setPersonKey(tx, [staffId], newId());
  await logPlainEvent(tx, context, 'person.split', { account: staffId });
  return ok(true);
}

function administratorFor(context: VerbContext, action: 'member.list' | 'member.manage'): Result<StaffActor> {
  const staff = staffFor(context, action);
  if (!staff.ok || staff.value.role === 'administrator') return staff;
  return refuse(fault('policy.denied', { detail: 'administrator-only' }));
}

async function accountsOf(tx: Transaction, { school }: StaffActor): Promise<readonly AccountRow[]> {
  return findAccounts(tx, (await founderOf(tx, school)) ?? '');
}
