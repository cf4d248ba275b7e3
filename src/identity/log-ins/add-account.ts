import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logRefusal } from '../audit.ts';
import { type SignInBegun, sendToProvider } from '../begin-sign-in.ts';
import type { SignInAnswer } from '../consume-attempt.ts';
import { permitPerson } from '../permit-person.ts';
import { isSessionOver } from '../rules.ts';
import { hashToken } from '../secrets.ts';
import type { IdentityServices } from '../services.ts';
import type { SignedIn } from '../session.ts';
import { type AttemptRow, findSession } from '../store.ts';
import type { SessionRow } from '../tables.ts';
import { addWay } from './add-way.ts';

/**
 * Sends a person who is logged in to デジタル認証アプリ, to add that account to themselves: they authenticate there anew,
 * so that no session of somebody else at the provider answers.
 *
 * @returns where the browser goes; `login.required`, `policy.denied`, `login.fresh-required`, `login.not-checked`,
 *   `request.not-found` for an unknown provider, `login.provider-unavailable`
 */
export async function beginAddAccount(
  services: IdentityServices,
  actor: Actor,
  input: { readonly providerId: string; readonly returnTo: string | undefined },
): Promise<Result<SignInBegun>> {
  const permitted = await permitPerson(services, actor, { action: 'login.bind', event: 'login.way-added' });
  if (!permitted.ok) return permitted;
  if (permitted.value.revocation !== 'good') return refuseAdding(services, 'login.not-checked', 'session-not-checked');
  const provider = services.personProviders.find(({ id }) => id === input.providerId);
  if (provider === undefined) return refuse(fault('request.not-found'));
  const { sessionId } = permitted.value;
  const { returnTo } = input;
  return sendToProvider(services, {
    provider,
    returnTo,
    maxAgeSeconds: 0,
    stepUpOf: null,
    bindTo: sessionId,
    invitation: null,
  });
}

/**
 * Takes the browser back: it must be the one that went, in the session that it went from.
 *
 * @returns the same session; `login.refused`, `login.way-taken`
 */
export async function addAccount(
  services: IdentityServices,
  { answer, attempt, key }: { readonly answer: SignInAnswer; readonly attempt: AttemptRow; readonly key: string },
): Promise<Result<SignedIn>> {
  const { formerToken, browser } = answer;
  const session = formerToken === null ? null : await sessionOf(services, formerToken);
  // Whoever lures a browser here with an account of theirs has no session in it that began this.
  if (formerToken === null || session === null || session.id !== attempt.bindTo || session.personId === null) {
    return refuseAdding(services, 'login.refused', 'other-session');
  }
  const { personId, assurance, id: sessionId } = session;
  const way = { assurance: 'digitalAuthenticationApp', key, notAfter: null } as const;
  const added = await services.database.transaction(systemScope('login'), (tx) =>
    addWay(tx, services, { way, session: { personId, assurance, sessionId }, browser }),
  );
  return added.ok ? ok({ sessionId, token: formerToken, returnTo: attempt.returnTo, mustChoose: false }) : added;
}

async function sessionOf(services: IdentityServices, token: string): Promise<SessionRow | null> {
  const session = await services.database.transaction(systemScope('login'), (tx) => findSession(tx, hashToken(token)));
  if (session === null) return null;
  return isSessionOver(session, { now: services.clock.now(), limits: services.sessionLimits }) ? null : session;
}

async function refuseAdding(
  services: IdentityServices,
  code: 'login.not-checked' | 'login.refused',
  reason: string,
): Promise<Result<never>> {
  await logRefusal(services, { name: 'login.way-added', refused: reason, actorRole: 'person' });
  return refuse(fault(code, { detail: reason }));
}
