import type { FaultCode } from '../faults.ts';
import type { WantedAuthentication } from './check-id-token.ts';
import type { IdentityProvider, ProvenAccount } from './identity-provider.ts';
import { after, signInMinutes } from './rules.ts';
import { providerNameHash } from './secrets.ts';
import type { ProviderProof } from './session.ts';
import type { SignInReason } from './sign-in-reason.ts';
import type { AttemptRow } from './store.ts';

type Provider = Pick<IdentityProvider<unknown>, 'id' | 'issuer' | 'authTime'>;

/** Is this answer one to the attempt: at the redirect address of the same provider, and in time? */
export function isAnswered(
  attempt: Pick<AttemptRow, 'provider' | 'expiresAt'>,
  { providerId, now }: { readonly providerId: string; readonly now: Date },
): boolean {
  return attempt.provider === providerId && now < attempt.expiresAt;
}

/**
 * A step-up, and adding an account, asks for an authentication since it began; any other log-in for one that is no older
 * than a session may be.
 */
export function wantedOf(
  attempt: Pick<AttemptRow, 'stepUpOf' | 'bindTo' | 'expiresAt'>,
  given: { readonly authTime: Provider['authTime']; readonly absoluteHours: number; readonly now: Date },
): WantedAuthentication {
  if (attempt.stepUpOf === null && attempt.bindTo === null) {
    return { maxAgeSeconds: given.absoluteHours * 3600, mustSay: false };
  }
  const begunAt = after(attempt.expiresAt, { minutes: -signInMinutes });
  const maxAgeSeconds = Math.ceil((given.now.getTime() - begunAt.getTime()) / 1000);
  return { maxAgeSeconds, mustSay: given.authTime === 'required' };
}

/** What is kept of a provider's answer. */
export function proofOf(
  proven: Omit<ProvenAccount<unknown>, 'account'>,
  { provider, now }: { readonly provider: Provider; readonly now: Date },
): ProviderProof {
  const { subject, sid, authenticatedSecondsAgo: ago } = proven;
  // Who does not say when counts as long ago, unless the operator has said that this issuer never does.
  const unsaid = provider.authTime === 'unavailable' ? now : new Date(0);
  return {
    authenticatedAt: ago === null ? unsaid : after(now, { seconds: -ago }),
    provider: provider.id,
    subjectHash: providerNameHash(provider.issuer, 'sub', subject),
    sidHash: sid === null ? null : providerNameHash(provider.issuer, 'sid', sid),
  };
}

/** What the browser is told; why stays with the log. */
export function signInFault(reason: SignInReason): FaultCode {
  switch (reason.kind) {
    case 'unavailable':
      return 'login.provider-unavailable';
    case 'cancelled':
      return 'login.cancelled';
    case 'refused':
      return 'login.refused';
  }
}
