import type { ClientTerms } from '../../identity/clients/register-client.ts';
import type { MachineScope } from '../../policy/actor.ts';
import type { ProposedAct } from '../proposed-acts.ts';

/** What a school-affairs system would be allowed, in numbers that hold. */
interface TermsView {
  readonly name: string;
  readonly vendor: string;
  readonly scopes: readonly MachineScope[];
  readonly requestsPerMinute: number;
  readonly uploadsPerDay: number;
}

/** What a proposal about a school-affairs system would come to. */
export interface ProposedClientView extends TermsView {
  readonly id: string;
  /** Of the key that would be added; null when none would. */
  readonly thumbprint: string | null;
  /** How long the keys before would stay good; null when no key is exchanged. */
  readonly overlapDays: number | null;
  /** What it may today, when that is what would change. */
  readonly before: TermsView | null;
}

/** Null when the proposal is about something else. `perMinute` is what the gateway gives to every client. */
export function proposedClient(act: ProposedAct, perMinute: number): ProposedClientView | null {
  switch (act.kind) {
    case 'members':
    case 'personSplit':
    case 'sealKeyRegister':
    case 'sealKeyWithdraw':
      return null;
    case 'clientRegister':
    case 'clientChange':
    case 'clientKey':
      return {
        id: act.clientId,
        ...viewOf(act.terms, perMinute),
        thumbprint: act.kind === 'clientChange' ? null : act.key.thumbprint,
        overlapDays: act.kind === 'clientKey' ? act.overlapDays : null,
        before: act.kind === 'clientChange' ? viewOf(act.before, perMinute) : null,
      };
  }
}

function viewOf({ requestsPerMinute, ...terms }: ClientTerms, perMinute: number): TermsView {
  return { ...terms, requestsPerMinute: requestsPerMinute ?? perMinute };
}
