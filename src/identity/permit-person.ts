import type { AuditEventName } from '../audit/event-names.ts';
import { fault } from '../faults.ts';
import type { Actor, PersonActor } from '../policy/actor.ts';
import { ownThing } from '../policy/decide.ts';
import { permit } from '../policy/permit.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logRefusal } from './audit.ts';
import type { IdentityServices } from './services.ts';

/**
 * May this person do something with their own log-ins and links, at the level of this log-in? What is refused is logged.
 *
 * @returns `login.required` for everybody but persons, `policy.denied`, `login.fresh-required`
 */
export async function permitPerson(
  services: Pick<IdentityServices, 'database' | 'clock' | 'sealDetail'>,
  actor: Actor,
  act: { readonly action: 'login.bind' | 'link.manage'; readonly event: AuditEventName },
): Promise<Result<PersonActor>> {
  if (actor.kind !== 'person') return refuse(fault('login.required'));
  const permitted = permit(actor, act.action, ownThing, { now: services.clock.now() });
  if (permitted.ok) return ok(actor);
  await logRefusal(services, {
    name: act.event,
    refused: permitted.fault.detail ?? permitted.fault.code,
    actorRole: 'person',
    detail: { person: actor.personId, assurance: actor.assurance },
  });
  return permitted;
}
