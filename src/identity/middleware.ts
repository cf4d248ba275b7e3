import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { systemScope } from '../database/scope.ts';
import { type Fault, fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { clientAddress } from './client-address.ts';
import { readSessionCookie } from './cookies.ts';
import { type AskedFor, askedFor } from './rate-rules.ts';
import { type RateVerdict, takeRates } from './rates.ts';
import { type Identified, type Identity, nobody, resolveSession } from './resolve-session.ts';
import type { IdentityServices } from './services.ts';
import { verifyAccessToken } from './verify-access-token.ts';

export interface IdentityVariables {
  actor: Actor;
  /** The actor with the names that a page's header shows. */
  identity: Identity;
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
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const identified = await identify(services, c);
    if (identified === null) {
      // RFC 6750 §3.1; why the token is no good is not told.
      c.header('WWW-Authenticate', 'Bearer error="invalid_token"');
      return refuseWith(c, fault('login.required', { detail: 'bearer-token' }));
    }
    const { identity, rate } = identified;
    c.set('identity', identity);
    c.set('actor', identity.actor);
    if (rate === null) return next();
    if (rate.allowed) await next();
    else c.res = await refuseWith(c, fault('request.too-often', { params: { seconds: `${rate.retryAfterSeconds}` } }));
    for (const [name, value] of rateHeaders(rate)) c.res.headers.set(name, value);
    return undefined;
  };
}

/** Null for a bearer token that is no good. */
async function identify(services: IdentityServices, c: Context<AppEnv>): Promise<Identified | null> {
  const address = clientAddress(c, services.rates.addressHeader);
  const asked = askedFor({ method: c.req.method, path: c.req.path, address });
  if (hasBearer(c)) return identityOfToken(services, c, asked);
  const token = c.req.path === tokenPath ? null : readSessionCookie(c);
  if (token !== null) return resolveSession(services, token, asked);
  if (asked.doors.length === 0) return { identity: nobody, rate: null };
  const rate = await services.database.transaction(systemScope('login'), (tx) => takeRates(tx, services, asked.doors));
  return { identity: nobody, rate };
}

/** Requests that no cookie can authenticate need no proof of having come from our own page. */
export function isCookieless(c: Context): boolean {
  return hasBearer(c) || c.req.path === tokenPath;
}

function hasBearer(c: Context): boolean {
  return /^(bearer|dpop) /i.test(c.req.header('Authorization') ?? '');
}

async function identityOfToken(services: IdentityServices, c: Context, asked: AskedFor): Promise<Identified | null> {
  const token = /^bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  if (token === undefined) return null;
  const verified = await verifyAccessToken(services, token, asked);
  if (!verified.ok) return null;
  return { identity: { ...nobody, actor: verified.value.actor }, rate: verified.value.rate };
}

/** draft-ietf-httpapi-ratelimit-headers-10 §3, §4, and RFC 9110 §10.2.3 when it was too often. */
function rateHeaders(rate: RateVerdict): [name: string, value: string][] {
  const headers: [string, string][] = [
    ['RateLimit-Policy', `"${rate.name}";q=${rate.perMinute};w=60`],
    ['RateLimit', `"${rate.name}";r=${rate.remaining};t=${rate.allowed ? rate.resetSeconds : rate.retryAfterSeconds}`],
  ];
  return rate.allowed ? headers : [...headers, ['Retry-After', String(rate.retryAfterSeconds)]];
}
