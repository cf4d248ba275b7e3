import type { Term } from '../directory/members.ts';
import type { ClientKey } from '../identity/clients/public-key.ts';
import type { ClientTerms } from '../identity/clients/register-client.ts';
import type { Role } from '../policy/actor.ts';
import type { Action } from '../policy/decide.ts';

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
  | { readonly kind: 'sealKeyWithdraw'; readonly fingerprint: string }
  | ClientAct;

/** What gives a school-affairs system a way in, or a wider one. `before` is what the client was when it was proposed. */
export type ClientAct =
  | {
      readonly kind: 'clientRegister';
      readonly clientId: string;
      readonly terms: ClientTerms;
      readonly key: ClientKey;
    }
  | {
      readonly kind: 'clientChange';
      readonly clientId: string;
      readonly before: ClientTerms;
      readonly terms: ClientTerms;
    }
  | {
      readonly kind: 'clientKey';
      readonly clientId: string;
      readonly terms: ClientTerms;
      readonly key: ClientKey;
      readonly overlapDays: number;
    };

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

/** What the table of permissions is asked about whoever proposes such an act. */
export function actionOf(kind: ProposedAct['kind']): Action {
  switch (kind) {
    case 'members':
    case 'personSplit':
      return 'member.manage';
    case 'sealKeyRegister':
    case 'sealKeyWithdraw':
      return 'key.manage';
    case 'clientRegister':
    case 'clientChange':
    case 'clientKey':
      return 'client.manage';
  }
}
