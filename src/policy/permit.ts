import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { Actor } from './actor.ts';
import { type Action, type Circumstances, decide, type Resource } from './decide.ts';

/**
 * The decision as a verb needs it: yes, or the fault that refuses. The one place that turns obligations into faults.
 *
 * @returns `login.required`, `policy.denied` with the rule as its detail, `login.not-checked` or `login.fresh-required`
 */
export function permit(actor: Actor, action: Action, resource: Resource, circumstances: Circumstances): Result<true> {
  if (actor.kind === 'anonymous' || actor.kind === 'unboundStaff') return refuse(fault('login.required'));
  const { allowed, rule, obligations } = decide(actor, action, resource, circumstances);
  // Told as it is: it comes only after everything else would have allowed, and the person can do something about it.
  if (rule === 'revocation-not-checked') return refuse(fault('login.not-checked', { detail: rule }));
  if (!allowed) return refuse(fault('policy.denied', { detail: rule }));
  return obligations.includes('freshLogin') ? refuse(fault('login.fresh-required', { detail: rule })) : ok(true);
}
