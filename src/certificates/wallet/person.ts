import type { PersonActor, PersonEntitlement } from '../../policy/actor.ts';
import type { OfferRow } from './store.ts';

/** Whoever made the offer, as they were logged in then; whose certificates they may collect is read anew. */
export function personOf(offer: OfferRow, pupils: readonly PersonEntitlement[]): PersonActor {
  const { personId, assurance, revocation, authenticatedAt, sessionId } = offer;
  return { kind: 'person', personId, pupils, assurance, revocation, authenticatedAt, sessionId };
}
