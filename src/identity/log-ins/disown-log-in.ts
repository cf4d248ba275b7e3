import { fault } from '../../faults.ts';
import { type Actor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import type { IdentityServices } from '../services.ts';
import { deleteOwnSessions } from '../store.ts';
import { markDisowned } from './store.ts';

/**
 * "That was not me": whoever came in is out again. Every session of the person but this one ends, whichever way opened
 * it; what was read meanwhile stands in the ledger of each case, where it can be reported.
 *
 * @returns how many sessions have ended; `login.required`, `policy.denied`, `log-in.not-found`
 */
export async function disownLogIn(
  services: IdentityServices,
  actor: Actor,
  logInId: string,
): Promise<Result<{ readonly ended: number }>> {
  if (actor.kind === 'anonymous' || actor.kind === 'unboundStaff') return refuse(fault('login.required'));
  if (actor.kind !== 'person') return refuse(fault('policy.denied', { detail: 'person-only' }));
  const { personId, sessionId, assurance } = actor;
  return services.database.transaction(scopeOf(actor), async (tx) => {
    // Row level security leaves a person their own.
    const isKnown = await markDisowned(tx, logInId, services.clock.now());
    const ended = isKnown ? await deleteOwnSessions(tx, sessionId) : [];
    const events = [
      { name: 'login.disowned', detail: { logIn: logInId.slice(0, 64), session: sessionId } },
      ...ended.map((session) => ({ name: 'logout.done', detail: { session, by: sessionId } }) as const),
    ] as const;
    for (const { name, detail } of events) {
      const refused = isKnown ? null : 'log-in.not-found';
      await logEvent(tx, services, {
        name,
        refused,
        actorRole: 'person',
        detail: { ...detail, person: personId, assurance },
      });
    }
    return isKnown ? ok({ ended: ended.length }) : refuse(fault('log-in.not-found'));
  });
}
