import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { Actor } from './actor.ts';
import { type Action, type Circumstances, decide, type Resource } from './decide.ts';

/**
 * The decision as a verb needs it: yes, or the fault that refuses. The one place that turns obligations into faults.
 *
 * @returns `login.required`, `policy.denied` with the rule as its detail, or `login.fresh-required`
 */
export function permit(actor: Actor, action: Action, resource: Resource, circumstances: Circumstances): Result<true> {
  if (actor.kind === 'anonymous' || actor.kind === 'unboundStaff') return refuse(fault('login.required'));
  const { allowed, rule, obligations } = decide(actor, action, resource, circumstances);
  if (!allowed) return refuse(fault('policy.denied', { detail: rule }));
  return obligations.includes('freshLogin') ? refuse(fault('login.fresh-required', { detail: rule })) : ok(true);
}
