import type { Context, MiddlewareHandler } from 'hono';
import { type Fault, fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { readSessionCookie } from './cookies.ts';
import { type Identity, nobody, resolveSession } from './resolve-session.ts';
import type { IdentityServices } from './services.ts';
import { verifyAccessToken } from './verify-access-token.ts';

export interface IdentityVariables {
  actor: Actor;
  /** The actor with the names that a page's header shows. */
  identity: Identity;
}

export interface IdentityEnv {
  Variables: IdentityVariables;
}

export const tokenPath = '/api/token';

/**
 * Finds out who is asking, before any route: a bearer token, else the session cookie, else nobody. A request with a
 * bearer token is judged by it alone; its cookies are never read, which is what exempts it from the
 * same-origin rule.
 *
 * @param refuseWith - renders the 401 of a token that is no good
 */
export function identifyActor(
  services: IdentityServices,
  refuseWith: (c: Context, reason: Fault) => Response | Promise<Response>,
): MiddlewareHandler<IdentityEnv> {
  return async (c, next) => {
    if (hasBearer(c)) {
      const identity = await identityOfToken(services, c);
      if (identity === null) {
        // RFC 6750 §3.1; why the token is no good is not told.
        c.header('WWW-Authenticate', 'Bearer error="invalid_token"');
        return refuseWith(c, fault('login.required', { detail: 'bearer-token' }));
      }
      setIdentity(c, identity);
      return next();
    }
    const token = c.req.path === tokenPath ? null : readSessionCookie(c);
    setIdentity(c, token === null ? nobody : await resolveSession(services, token));
    return next();
  };
}

/** Requests that no cookie can authenticate need no proof of having come from our own page. */
export function isCookieless(c: Context): boolean {
  return hasBearer(c) || c.req.path === tokenPath;
}

function hasBearer(c: Context): boolean {
  return /^(bearer|dpop) /i.test(c.req.header('Authorization') ?? '');
}

async function identityOfToken(services: IdentityServices, c: Context): Promise<Identity | null> {
  const token = /^bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  if (token === undefined) return null;
  const verified = await verifyAccessToken(services, token);
  return verified.ok ? { ...nobody, actor: verified.value } : null;
}

function setIdentity(c: Context<IdentityEnv>, identity: Identity): void {
  c.set('identity', identity);
  c.set('actor', identity.actor);
}
