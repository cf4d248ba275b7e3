import type { Transaction } from '../../database/connection.ts';
import { fault } from '../../faults.ts';
import { enqueue } from '../../notices/outbox.ts';
import { type Actor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import type { IdentityServices } from '../services.ts';
import { deleteOwnSessions } from '../store.ts';
import { markDisowned } from './store.ts';
import { tellKeepersJob } from './tell-keepers.ts';

type Owner = Extract<Actor, { readonly sessionId: string }>;

/**
 * "That was not me": whoever came in is out again. Every session of the account or person but this one ends, whichever way
 * opened it; what was read meanwhile stands in the ledger of each case, where it can be reported. Of staff, those who keep
 * the school's people are told.
 *
 * @returns how many sessions have ended; `login.required`, `policy.denied`, `log-in.not-found`
 */
export async function disownLogIn(
  services: IdentityServices,
  actor: Actor,
  logInId: string,
): Promise<Result<{ readonly ended: number }>> {
  if (actor.kind === 'anonymous') return refuse(fault('login.required'));
  if (actor.kind === 'machine') return refuse(fault('policy.denied', { detail: 'no-session' }));
  return services.database.transaction(scopeOf(actor), async (tx) => {
    // Row level security leaves everybody their own.
    const isKnown = await markDisowned(tx, logInId, services.clock.now());
    const ended = isKnown ? await deleteOwnSessions(tx, actor.sessionId) : [];
    await logDisowned(tx, services, { actor, logInId, isKnown, ended });
    if (!isKnown) return refuse(fault('log-in.not-found'));
    if (actor.kind !== 'person') await enqueue(tx, { kind: tellKeepersJob, payload: { staffId: actor.staffId } });
    return ok({ ended: ended.length });
  });
}

interface Disowned {
  readonly actor: Owner;
  readonly logInId: string;
  readonly isKnown: boolean;
  readonly ended: readonly string[];
}

async function logDisowned(tx: Transaction, services: IdentityServices, done: Disowned): Promise<void> {
  const { actor, logInId, isKnown, ended } = done;
  const by = {
    refused: isKnown ? null : 'log-in.not-found',
    actorRole: actor.kind === 'person' ? 'person' : 'staff',
    organisation: actor.kind === 'staff' ? actor.school : null,
  };
  const who = actor.kind === 'person' ? { person: actor.personId } : { staff: actor.staffId };
  const how = actor.kind === 'unboundStaff' ? {} : { assurance: actor.assurance };
  const detail = { logIn: logInId.slice(0, 64), session: actor.sessionId, ...who, ...how };
  await logEvent(tx, services, { ...by, name: 'login.disowned', detail });
  for (const session of ended) {
    const over = { session, by: actor.sessionId, ...who, ...how };
    await logEvent(tx, services, { ...by, name: 'logout.done', detail: over });
  }
}
