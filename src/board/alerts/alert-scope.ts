import { systemScope } from '../../database/scope.ts';
import { accountsOfPerson } from '../../directory/members.ts';
import { fault } from '../../faults.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, ownResource, type VerbContext } from '../../transfers/act.ts';
import { alertsJob } from './tables.ts';

/** Heads of a school, auditors of a board; and the administrators of a founder, of trouble of the log alone. */
export function readerOf(
  context: VerbContext,
  action: 'alert.read' | 'alert.configure' = 'alert.read',
): Result<StaffActor> {
  const { actor } = context;
  const allowed = authorise(context, action, ownResource(actor));
  if (!allowed.ok) return allowed;
  return actor.kind === 'staff' ? ok(actor) : refuse(fault('policy.denied', { detail: 'staff-only' }));
}

/** How the log names this person, by each of their accounts: one human with two of them is one person still. */
export async function namesInLog(
  { gateway }: VerbContext,
  { staffId, personKey }: StaffActor,
): Promise<readonly string[]> {
  const accounts = await gateway.database.transaction(systemScope(alertsJob), (tx) => accountsOfPerson(tx, personKey));
  return [...new Set([staffId, ...accounts])].map((id) => `staff:${id}`);
}

/** Is the alert about whoever is called so? */
export function isAbout(actors: readonly string[], names: readonly string[]): boolean {
  return names.some((name) => actors.includes(name));
}
