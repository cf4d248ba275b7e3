import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { dpopAlgorithms } from '../crypto/dpop.ts';
import { systemScope } from '../database/scope.ts';
import { type Fault, fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { clientAddress } from './client-address.ts';
import { readSessionCookie } from './cookies.ts';
import { proofNonce } from './proof-nonce.ts';
import {
  type AskedFor,
  askedFor,
  isLinkPath,
  isWalletCall,
  presentationRequestsPath,
  type RateVerdict,
  verificationsPath,
} from './rate-rules.ts';
import { takeRates } from './rates.ts';
import { type Identified, type Identity, nobody, resolveSession } from './resolve-session.ts';
import type { IdentityServices } from './services.ts';
import { type TokenError, verifyAccessToken } from './verify-access-token.ts';

export interface IdentityVariables {
  actor: Actor;
  /** The actor with the names that a page's header shows. */
  identity: Identity;
}

export const tokenPath = '/api/token';
/** Where OpenID providers, not browsers, tell of a log-out. */
export const backChannelPath = '/login/backchannel';

/**
 * Finds out who is asking, before any route: an access token, else the session cookie, else nobody. A request with a
 * token is judged by it alone; its cookies are never read, which is what exempts it from the same-origin rule.
 *
 * @param refuseWith - renders the 401 of a token that is no good
 */
export function identifyActor(
  services: IdentityServices,
  refuseWith: (c: Context, reason: Fault) => Response | Promise<Response>,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    // RFC 9449 §8.2: the next nonce comes with every answer, so that a client rarely has to ask twice.
    if (hasToken(c)) c.header('DPoP-Nonce', proofNonce(services.proofNonceKey, services.clock.now()));
    const identified = await identify(services, c);
    if (!identified.ok) {
      // RFC 9449 §7.1; why the token or its proof is no good is not told.
      c.header('WWW-Authenticate', `DPoP error="${identified.fault}", algs="${dpopAlgorithms.join(' ')}"`);
      return refuseWith(c, fault('login.required', { detail: identified.fault }));
    }
    const { identity, rate, uploadsAgainInSeconds } = identified.value;
    c.set('identity', identity);
    c.set('actor', identity.actor);
    if (uploadsAgainInSeconds !== undefined && uploadsAgainInSeconds !== null) {
      c.header('Retry-After', String(uploadsAgainInSeconds));
      return refuseWith(c, fault('client.uploads-spent'));
    }
    if (rate === null) return next();
    if (rate.allowed) await next();
    else c.res = await refuseWith(c, fault('request.too-often', { params: { seconds: `${rate.retryAfterSeconds}` } }));
    for (const [name, value] of rateHeaders(rate)) c.res.headers.set(name, value);
    return undefined;
  };
}

async function identify(services: IdentityServices, c: Context<AppEnv>): Promise<Result<Identified, TokenError>> {
  const address = clientAddress(c, services.rates.addressHeader);
  const asked = askedFor({ method: c.req.method, path: c.req.path, address });
  if (hasToken(c)) return identityOfToken(services, c, asked);
  const token = isCookielessPath(c.req.path) ? null : readSessionCookie(c);
  if (token !== null) return ok(await resolveSession(services, token, asked));
  if (asked.doors.length === 0) return ok({ identity: nobody, rate: null });
  const rate = await services.database.transaction(systemScope('login'), (tx) => takeRates(tx, services, asked.doors));
  return ok({ identity: nobody, rate });
}

/** Requests that no cookie can authenticate need no proof of having come from our own page. */
export function isCookieless(c: Context): boolean {
  return hasToken(c) || isCookielessPath(c.req.path);
}

function isCookielessPath(path: string): boolean {
  return (
    path === tokenPath ||
    path === verificationsPath ||
    // By a key in a header of its own.
    path === presentationRequestsPath ||
    path.startsWith(`${presentationRequestsPath}/`) ||
    path.startsWith(`${backChannelPath}/`) ||
    isLinkPath(path) ||
    isWalletCall(path)
  );
}

function hasToken(c: Context): boolean {
  return !isWalletCall(c.req.path) && /^(bearer|dpop) /i.test(c.req.header('Authorization') ?? '');
}

/** Every token of ours is bound to a key, so none of them is worth anything as a bearer token (RFC 9449 §7.2). */
async function identityOfToken(
  services: IdentityServices,
  c: Context,
  asked: AskedFor,
): Promise<Result<Identified, TokenError>> {
  const token = /^dpop ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  if (token === undefined) return refuse('invalid_token');
  const url = `${services.publicOrigin}${new URL(c.req.url).pathname}`;
  // Two headers reach us joined by a comma, which no proof contains.
  const use = { token, proof: c.req.header('DPoP') ?? '', method: c.req.method, url };
  const verified = await verifyAccessToken(services, use, asked);
  if (!verified.ok) return verified;
  const { actor, ...limits } = verified.value;
  return ok({ identity: { ...nobody, actor }, ...limits });
}

/** draft-ietf-httpapi-ratelimit-headers-10 §3, §4, and RFC 9110 §10.2.3 when it was too often. */
function rateHeaders(rate: RateVerdict): [name: string, value: string][] {
  const headers: [string, string][] = [
    ['RateLimit-Policy', `"${rate.name}";q=${rate.perMinute};w=60`],
    ['RateLimit', `"${rate.name}";r=${rate.remaining};t=${rate.allowed ? rate.resetSeconds : rate.retryAfterSeconds}`],
  ];
  return rate.allowed ? headers : [...headers, ['Retry-After', String(rate.retryAfterSeconds)]];
}
