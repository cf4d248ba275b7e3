import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { type Result, refuse } from '../result.ts';
import { type SignInBegun, sendToProvider } from './begin-sign-in.ts';
import { hashToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { findSession } from './store.ts';

/**
 * Sends the owner of a session to the provider that opened it, to authenticate again and now: `prompt=login`, `max_age=0`.
 *
 * @param input.token - the session cookie
 * @returns `login.required` without a session; `request.not-found` when no OpenID provider opened this one
 */
export async function beginStepUp(
  services: IdentityServices,
  actor: Actor,
  input: { readonly token: string | null; readonly returnTo: string | undefined },
): Promise<Result<SignInBegun>> {
  const { token } = input;
  if (token === null || !('sessionId' in actor)) return refuse(fault('login.required'));
  const session = await services.database.transaction(systemScope('login'), (tx) => findSession(tx, hashToken(token)));
  const providers = [...services.identityProviders, ...services.personProviders];
  const provider = providers.find(({ id }) => id === session?.provider);
  if (provider === undefined || session?.id !== actor.sessionId) return refuse(fault('request.not-found'));
  const { returnTo } = input;
  const stepUp = { maxAgeSeconds: 0, stepUpOf: session.id, bindTo: null, invitation: null };
  return sendToProvider(services, { provider, returnTo, ...stepUp });
}
