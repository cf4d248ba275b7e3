import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import { type Actor, type AssuranceLevel, scopeOf } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent } from './audit.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { deleteOwnSessions, deleteSession, deleteSessionByToken, findSessions } from './store.ts';

export interface SessionView {
  readonly id: string;
  readonly browser: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  /** When its owner last proved who they are, and how strongly. */
  readonly authenticatedAt: Date;
  readonly assurance: AssuranceLevel;
  /** The session this request came with. */
  readonly current: boolean;
}

/** Ends the session of this cookie; a token that is worth nothing already is no error. */
export async function logOut(services: IdentityServices, token: string): Promise<void> {
  await services.database.transaction(systemScope('login'), async (tx) => {
    const ended = await deleteSessionByToken(tx, hashToken(token));
    if (ended === null) return;
    await logEvent(tx, services, {
      name: 'logout.done',
      refused: null,
      actorRole: ended.personId === null ? 'staff' : 'person',
      detail: { session: ended.id },
    });
  });
}

/** One's own sessions, in every browser (ASVS 7.5.2). */
export async function listSessions(services: IdentityServices, actor: Actor): Promise<Result<SessionView[]>> {
  if (!hasSession(actor)) return refuse(fault('login.required'));
  const rows = await services.database.transaction(scopeOf(actor), (tx) => findSessions(tx, services.clock.now()));
  return ok(
    rows.map(({ id, browser, createdAt, lastSeenAt, expiresAt, authenticatedAt, assurance }) => {
      const current = id === actor.sessionId;
      return { id, browser, createdAt, lastSeenAt, expiresAt, authenticatedAt, assurance, current };
    }),
  );
}

/** Ends one of one's own sessions; another's is not there for row level security, as is an unknown one. */
export async function endSession(
  services: IdentityServices,
  actor: Actor,
  sessionId: string,
): Promise<Result<{ readonly current: boolean }>> {
  if (!hasSession(actor)) return refuse(fault('login.required'));
  return services.database.transaction(scopeOf(actor), async (tx) => {
    if (!(await deleteSession(tx, sessionId))) return refuse(fault('session.not-found'));
    await logEvent(tx, services, {
      name: 'logout.done',
      refused: null,
      actorRole: actor.kind === 'person' ? 'person' : 'staff',
      detail: { session: sessionId, by: actor.sessionId },
    });
    return ok({ current: sessionId === actor.sessionId });
  });
}

/**
 * Ends all of one's own sessions, or all but this one: after a lost phone, or a shared computer that one forgot to leave.
 *
 * @returns how many have ended
 */
export async function endSessions(
  services: IdentityServices,
  actor: Actor,
  which: 'all' | 'others',
): Promise<Result<number>> {
  if (!hasSession(actor)) return refuse(fault('login.required'));
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const ended = await deleteOwnSessions(tx, which === 'others' ? actor.sessionId : null);
    for (const session of ended) {
      await logEvent(tx, services, {
        name: 'logout.done',
        refused: null,
        actorRole: actor.kind === 'person' ? 'person' : 'staff',
        detail: { session, by: actor.sessionId },
      });
    }
    return ok(ended.length);
  });
}

function hasSession(actor: Actor): actor is Extract<Actor, { sessionId: string }> {
  return actor.kind === 'staff' || actor.kind === 'unboundStaff' || actor.kind === 'person';
}
