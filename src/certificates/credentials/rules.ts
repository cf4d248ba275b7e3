import type { CredentialStatus } from '../../crypto/status-list/reference.ts';
import type { IssuedState } from '../tables.ts';

/** The scope of whoever answers for a status list: it finds the list, and after that works for its school. */
export const statusJob = 'credential-status';

const day = 86_400_000;

/** How long a credential lasts. Whoever has one without a holder's key can show it, so that one ends soon. */
const lifetimeMs = { bearer: 30 * day, bound: 365 * day } as const;

/** What is exported says nothing of its state later, so it ends like a credential that anybody can show. */
export const exportLifetimeMs: number = lifetimeMs.bearer;

/** How long a fetched list may be used; it is signed anew when a state changes, so a change shows within this. */
export const listTtlSeconds = 300;
/** From then on a list says nothing, also where nobody can fetch another. */
export const listLifetimeSeconds = 24 * 3600;
/** A list without changes is signed anew after this, so that whoever fetches one can use it for most of a day. */
export const resignAfterMs = 3_600_000;

/** Of one certificate at a time, counting those that have not run out; of each of its shares, as many by themselves. */
export const maxLiveCredentials = 20;

/** When a credential of now runs out: never after the certificate that signs it, nor after any of `ends`. */
export function expiryOf(at: Date, of: { readonly isBound: boolean; readonly ends: readonly Date[] }): Date {
  const lifetime = of.isBound ? lifetimeMs.bound : lifetimeMs.bearer;
  return new Date(Math.min(at.getTime() + lifetime, ...of.ends.map((end) => end.getTime())));
}

/** What decides about the state of its credentials. */
export interface Standing {
  readonly state: 'issuing' | IssuedState;
  readonly revocationAskedAt: Date | null;
}

/** One that was taken back by itself is revoked, whatever becomes of its certificate. */
export function statusOfCredential(of: Standing & { readonly endedAt: Date | null }): CredentialStatus {
  return of.endedAt === null ? statusOfCertificate(of) : 'revoked';
}

/** What the list says of the credentials of a certificate: suspended from the moment when somebody asks to revoke it. */
export function statusOfCertificate({ state, revocationAskedAt }: Standing): CredentialStatus {
  switch (state) {
    case 'valid':
      return revocationAskedAt === null ? 'valid' : 'suspended';
    case 'superseded':
    case 'revoked':
      return state;
    case 'issuing':
      // Nothing was issued for it yet, or the database says what cannot be.
      return 'revoked';
  }
}
