import type { Term } from '../directory/members.ts';
import type { Role } from '../policy/actor.ts';

/** A change of people and roles, as it is proposed, checked and done. `name` is for those who read the proposal. */
export type MemberChange =
  | ({ readonly act: 'grant'; readonly staffId: string; readonly name: string } & Term)
  | ({ readonly act: 'invite'; readonly name: string } & Term)
  | ({ readonly act: 'change'; readonly membershipId: string; readonly name: string } & Term)
  | {
      readonly act: 'end';
      readonly membershipId: string;
      readonly name: string;
      readonly role: Role;
      /** The last day; null ends it at once. */
      readonly validTo: string | null;
    };

/** What waits for a second person. It lies as JSON in the proposal, so it holds nothing but plain values. */
export type ProposedAct =
  | { readonly kind: 'members'; readonly changes: readonly MemberChange[] }
  | { readonly kind: 'personSplit'; readonly staffId: string; readonly name: string }
  | { readonly kind: 'sealKeyRegister'; readonly subject: string; readonly key: KeyInWaiting }
  | { readonly kind: 'sealKeyWithdraw'; readonly fingerprint: string };

/** A seal key as `seal_keys` will hold it: encrypted under a secret that the key service has wrapped. */
export interface KeyInWaiting {
  readonly algorithm: 'RS256' | 'PS256' | 'ES256' | 'ES384';
  readonly chain: readonly string[];
  readonly fingerprint: string;
  /** This and the next two are null when the private key stays with the school's own system. */
  readonly rootRef: string | null;
  /** base64 */
  readonly wrappedKey: string | null;
  /** base64 */
  readonly sealedPrivateKey: string | null;
  readonly notAfter: string;
}
