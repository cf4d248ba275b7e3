import { z } from 'zod';
import { verifyCompactJwt } from '../crypto/jose.ts';
import type { JwtClaims } from '../crypto/jose-claims.ts';
import { systemScope } from '../database/scope.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent, logRefusal } from './audit.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { after } from './rules.ts';
import { hashToken, providerNameHash } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { deleteSessionsOfProvider, useTokenOnce } from './store.ts';

const logoutEvents = z.object({
  'http://schemas.openid.net/event/backchannel-logout': z.record(z.string(), z.unknown()),
});
const skewSeconds = 30;

/**
 * OpenID Connect Back-Channel Logout 1.0: a provider tells that somebody has logged out there, or is no longer let in.
 * The sessions it vouched for end here, in whatever browser they are.
 *
 * @param input.token - the `logout_token`; nothing of it is believed before its signature (ASVS 10.5.5)
 * @returns how many sessions ended; refused with the exact reason, which only the log is told
 */
export async function endByProvider(
  services: IdentityServices,
  input: { readonly providerId: string; readonly token: string },
): Promise<Result<number, 'refused' | 'unavailable'>> {
  const providers = [...services.identityProviders, ...services.personProviders];
  const provider = providers.find(({ id }) => id === input.providerId);
  if (provider === undefined || input.token.length > 16_384) return refuse('refused');
  const keys = await provider.keys();
  if (!keys.ok) return refuse('unavailable');
  const verified = await verifyCompactJwt({
    token: input.token,
    algorithms: [provider.idTokenAlgorithm],
    // §2.4: so that no ID token, whose audience is the same, is taken for it.
    typ: 'logout+jwt',
    permit: ['x5t'],
    keyFrom: ({ kid }) => keys.value.find(kid),
    now: services.clock.now(),
    issuer: provider.issuer,
    audience: provider.clientId,
    required: ['iss', 'aud', 'iat', 'exp', 'jti', 'events'],
    maxLifetimeSeconds: 600,
    skewSeconds,
  });
  const named = verified.ok ? namedBy(verified.value.claims) : verified;
  if (!named.ok) {
    await logRefusal(services, { name: 'logout.done', refused: `logout-token:${named.fault}`, actorRole: 'anonymous' });
    return refuse('refused');
  }
  return endSessionsOf(services, provider, named.value);
}

interface Named {
  readonly sub: string | null;
  readonly sid: string | null;
  readonly jti: string;
  readonly expiresAt: Date;
}

/** §2.4 and §2.6: the event, no nonce, and at least one of subject and session. */
function namedBy(claims: JwtClaims): Result<Named, string> {
  // Sound: both are required, and claims of these names are of these types.
  const { nonce, sub, sid, jti, exp } = claims as JwtClaims & { readonly jti: string; readonly exp: number };
  if (!logoutEvents.safeParse(claims['events']).success) return refuse('event-missing');
  if (nonce !== undefined) return refuse('nonce-present');
  if (sid !== undefined && typeof sid !== 'string') return refuse('sid-malformed');
  if (sub === undefined && sid === undefined) return refuse('nobody-named');
  if (jti.length > 200) return refuse('jti-malformed');
  return ok({
    sub: sub ?? null,
    sid: sid ?? null,
    jti,
    expiresAt: after(new Date(exp * 1000), { seconds: skewSeconds }),
  });
}

async function endSessionsOf(
  services: IdentityServices,
  { id, issuer }: Pick<IdentityProvider<unknown>, 'id' | 'issuer'>,
  { sub, sid, jti, expiresAt }: Named,
): Promise<Result<number, 'refused'>> {
  return services.database.transaction(systemScope('login'), async (tx) => {
    if (!(await useTokenOnce(tx, hashToken(JSON.stringify(['logout', issuer, jti])), expiresAt))) {
      await logEvent(tx, services, { name: 'logout.done', refused: 'logout-token:replayed', actorRole: 'anonymous' });
      return refuse('refused');
    }
    const ended = await deleteSessionsOfProvider(tx, {
      provider: id,
      subjectHash: sub === null ? null : providerNameHash(issuer, 'sub', sub),
      sidHash: sid === null ? null : providerNameHash(issuer, 'sid', sid),
    });
    for (const session of ended) {
      await logEvent(tx, services, {
        name: 'logout.done',
        refused: null,
        actorRole: session.personId === null ? 'staff' : 'person',
        detail: { session: session.id, by: 'provider' },
      });
    }
    return ok(ended.length);
  });
}
