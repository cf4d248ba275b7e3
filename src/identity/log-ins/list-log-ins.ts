import { fault } from '../../faults.ts';
import { type Actor, type AssuranceLevel, type PersonActor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { IdentityServices } from '../services.ts';
import { isLastWay, isUsable, type Way } from './rules.ts';
import { findLogIns, findWays, hasLinks, type Owner } from './store.ts';
import type { LogInOutcome, LogInReason } from './tables.ts';

export interface WayView extends Way {
  readonly state: 'inUse' | 'expired';
  /** False for the last one of a person with links. */
  readonly mayRemove: boolean;
}

/** One line of somebody's own history. */
export interface LogInView {
  readonly id: string;
  readonly at: Date;
  readonly outcome: LogInOutcome;
  /** Of a refused one. */
  readonly reason: LogInReason | null;
  readonly assurance: AssuranceLevel;
  readonly browser: string;
  readonly disownedAt: Date | null;
}

const shownLogIns = 50;

/** The person's ways to log in: kind, since when, last use. */
export async function listWays(services: IdentityServices, actor: Actor): Promise<Result<readonly WayView[]>> {
  const person = personOf(actor);
  if (!person.ok) return person;
  const { personId } = person.value;
  const at = services.clock.now();
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const ways = await findWays(tx, personId);
    const isLinked = await hasLinks(tx, personId);
    return ok(
      ways.map((way) => ({
        ...way,
        state: isUsable(way, at) ? 'inUse' : 'expired',
        mayRemove: !isLinked || !isLastWay(ways, way.id, at),
      })),
    );
  });
}

/** What happened to one's own log-ins, whichever way they came, newest first (ASVS 6.3.5). */
export async function listLogIns(services: IdentityServices, actor: Actor): Promise<Result<readonly LogInView[]>> {
  const owner = ownerOf(actor);
  if (!owner.ok) return owner;
  const newest = { after: services.clock.now(), limit: shownLogIns };
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const rows = await findLogIns(tx, owner.value, newest);
    return ok(
      rows.map(({ id, at, outcome, reason, assurance, browser, disownedAt }) => ({
        id,
        at,
        outcome,
        reason,
        assurance,
        browser,
        disownedAt,
      })),
    );
  });
}

/** Whoever has sessions has log-ins. */
export function ownerOf(actor: Actor): Result<Owner> {
  switch (actor.kind) {
    case 'person':
      return ok({ personId: actor.personId });
    case 'staff':
    case 'unboundStaff':
      return ok({ staffId: actor.staffId });
    case 'anonymous':
      return refuse(fault('login.required'));
    case 'machine':
      return refuse(fault('policy.denied', { detail: 'no-session' }));
  }
}

function personOf(actor: Actor): Result<PersonActor> {
  if (actor.kind === 'person') return ok(actor);
  if (actor.kind === 'anonymous' || actor.kind === 'unboundStaff') return refuse(fault('login.required'));
  return refuse(fault('policy.denied', { detail: 'person-only' }));
}
