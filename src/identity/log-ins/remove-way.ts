import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import { type Actor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent, logRefusal } from '../audit.ts';
import { permitPerson } from '../permit-person.ts';
import type { IdentityServices } from '../services.ts';
import { lockKey } from '../store.ts';
import { noteLogIn } from './note-log-in.ts';
import { notifyOfLogIn } from './notify-of-log-in.ts';
import { isLastWay, type Way } from './rules.ts';
import { deleteSessionsOfWay, deleteWay, findWays, hasLinks } from './store.ts';

/**
 * Takes one of a person's ways to log in away, and ends what it has opened. The last one stays while anything is linked
 * to the person; without links it may go, so that it can be added to the person whom the school knows.
 *
 * @returns whether this very session has ended; `login.required`, `policy.denied`, `login.fresh-required`,
 *   `login.not-checked`, `login-way.not-found`, `login.last-way`
 */
export async function removeWay(
  services: IdentityServices,
  actor: Actor,
  input: { readonly wayId: string; readonly browser: string },
): Promise<Result<{ readonly current: boolean }>> {
  const name = 'login.way-removed';
  const permitted = await permitPerson(services, actor, { action: 'login.bind', event: name });
  if (!permitted.ok) return permitted;
  const { personId, sessionId, assurance, revocation } = permitted.value;
  if (revocation !== 'good') {
    // A card that may have been stolen must not shut its owner out.
    await logRefusal(services, { name, refused: 'session-not-checked', actorRole: 'person' });
    return refuse(fault('login.not-checked', { detail: 'session-not-checked' }));
  }
  return services.database.transaction(scopeOf(permitted.value), async (tx) => {
    // Two at once are one after the other: never both of the last two.
    await lockKey(tx, `person-ways:${personId}`);
    const found = await findRemovable(tx, services, { personId, wayId: input.wayId });
    const detail = { person: personId, session: sessionId, way: input.wayId.slice(0, 64), assurance };
    const refused = found.ok ? null : found.fault.code;
    await logEvent(tx, services, { name, refused, actorRole: 'person', detail });
    if (!found.ok) return found;
    await deleteWay(tx, found.value);
    const ended = await endSessionsOf(tx, services, { wayId: found.value.id, by: sessionId });
    const noted = { personId, assurance: found.value.assurance, browser: input.browser };
    await noteLogIn(tx, services, { ...noted, outcome: 'removed' });
    await notifyOfLogIn(tx, { personId, subject: 'log-in-way-removed' });
    return ok({ current: ended.includes(sessionId) });
  });
}

async function findRemovable(
  tx: Transaction,
  { clock }: IdentityServices,
  { personId, wayId }: { readonly personId: string; readonly wayId: string },
): Promise<Result<Way>> {
  const ways = await findWays(tx, personId);
  const way = ways.find(({ id }) => id === wayId);
  if (way === undefined) return refuse(fault('login-way.not-found'));
  const isNeeded = isLastWay(ways, wayId, clock.now()) && (await hasLinks(tx, personId));
  return isNeeded ? refuse(fault('login.last-way')) : ok(way);
}

async function endSessionsOf(
  tx: Transaction,
  services: IdentityServices,
  { wayId, by }: { readonly wayId: string; readonly by: string },
): Promise<readonly string[]> {
  const ended = await deleteSessionsOfWay(tx, wayId);
  for (const session of ended) {
    await logEvent(tx, services, { name: 'logout.done', refused: null, actorRole: 'person', detail: { session, by } });
  }
  return ended;
}
