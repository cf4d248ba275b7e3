import type { Transaction } from '../database/connection.ts';
import { findAccounts, findMembers, founderOf, kindOf, lockSchool } from '../directory/members.ts';
import { fault } from '../faults.ts';
import { dayInJapan } from '../identity/rules.ts';
import type { StaffActor } from '../policy/actor.ts';
import type { Action } from '../policy/decide.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, ownResource, type VerbContext } from '../transfers/act.ts';
import type { Present } from './rules.ts';

/** The member of staff who may do this at their school. */
export function staffFor(context: VerbContext, action: Action): Result<StaffActor> {
  const { actor } = context;
  const allowed = authorise(context, action, ownResource(actor));
  if (!allowed.ok) return allowed;
  // The table gives none of these actions to anybody else; the type does not know that.
  return actor.kind === 'staff' ? ok(actor) : refuse(fault('policy.denied', { detail: 'staff-only' }));
}

/** The people of the school as they are now, with nobody else changing them until the transaction ends. */
export async function lockPresent(tx: Transaction, context: VerbContext, school: string): Promise<Present> {
  await lockSchool(tx, school);
  return readPresent(tx, context, school);
}

export async function readPresent(tx: Transaction, context: VerbContext, school: string): Promise<Present> {
  const today = dayInJapan(context.gateway.clock.now());
  const members = await findMembers(tx, school, today);
  const accounts = await findAccounts(tx, (await founderOf(tx, school)) ?? '');
  const kind = (await kindOf(tx, school)) ?? 'school';
  return { kind, members, personKeyOf: new Map(accounts.map(({ id, personKey }) => [id, personKey])), today };
}
