import { systemScope } from '../database/scope.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logRefusal } from './audit.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { invitationCodeHash } from './join.ts';
import { after, localPath, signInMinutes } from './rules.ts';
import { hashToken, randomToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { signInFault } from './sign-in-rules.ts';
import { insertAttempt, purgeExpired } from './store.ts';

export interface SignInBegun {
  /** Where the browser goes next. */
  readonly location: string;
  /** Value of the cookie that ties the callback to this browser (ASVS 10.1.2). */
  readonly cookie: string;
}

/**
 * Sends a browser to an OpenID provider: code flow, PKCE S256, state and nonce (RFC 9700 §2.1.1).
 *
 * @param input.returnTo - a path of ours; anything else is ignored
 * @returns `login.provider-unavailable` when discovery fails, `request.not-found` for an unknown provider
 */
export async function beginSignIn(
  services: IdentityServices,
  input: {
    readonly kind: 'organisation' | 'person';
    readonly providerId: string;
    readonly returnTo: string | undefined;
    /** The code of an invitation to a role, as typed; redeemed when the account is known. */
    readonly invitation?: string | undefined;
  },
): Promise<Result<SignInBegun>> {
  const providers = input.kind === 'organisation' ? services.identityProviders : services.personProviders;
  const provider = providers.find(({ id }) => id === input.providerId);
  if (provider === undefined) return refuse(fault('request.not-found'));
  const maxAgeSeconds = services.sessionLimits.absoluteHours * 3600;
  const invitation = input.invitation === undefined ? null : invitationCodeHash(input.invitation);
  const { returnTo } = input;
  return sendToProvider(services, { provider, returnTo, maxAgeSeconds, stepUpOf: null, bindTo: null, invitation });
}

interface Sending {
  readonly provider: Pick<IdentityProvider<unknown>, 'id' | 'begin'>;
  readonly returnTo: string | undefined;
  readonly maxAgeSeconds: number;
  readonly stepUpOf: string | null;
  readonly bindTo: string | null;
  readonly invitation: string | null;
}

/** Begins at the provider and remembers the attempt. */
export async function sendToProvider(services: IdentityServices, sending: Sending): Promise<Result<SignInBegun>> {
  const { provider, returnTo, maxAgeSeconds, stepUpOf, bindTo, invitation } = sending;
  const begun = await provider.begin({ maxAgeSeconds });
  if (!begun.ok) {
    await logRefusal(services, { name: 'login.done', refused: begun.fault.detail, actorRole: 'anonymous' });
    return refuse(fault(signInFault(begun.fault), { detail: begun.fault.detail }));
  }
  const { location, ...secrets } = begun.value;
  const cookie = randomToken();
  const now = services.clock.now();
  await services.database.transaction(systemScope('login'), async (tx) => {
    await purgeExpired(tx, now);
    await insertAttempt(tx, {
      ...secrets,
      cookieHash: hashToken(cookie),
      provider: provider.id,
      returnTo: localPath(returnTo),
      stepUpOf,
      bindTo,
      invitation,
      expiresAt: after(now, { minutes: signInMinutes }),
    });
  });
  return ok({ location, cookie });
}
