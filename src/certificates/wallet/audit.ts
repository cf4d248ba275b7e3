import { appendEvent } from '../../audit/append.ts';
import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';
import { assuranceOf } from '../../transfers/act.ts';
import { personOf } from './person.ts';
import type { OfferRow } from './store.ts';

type WalletEvent = 'credential.offered' | 'credential.authorised' | 'credential.code-redeemed' | 'credential.issued';

/** In the school's part of the log, under the person who made the offer: whoever holds the wallet has told nobody who they are. */
export async function logWallet(
  tx: Transaction,
  { clock, sealDetail }: Pick<Gateway, 'clock' | 'sealDetail'>,
  event: { readonly name: WalletEvent; readonly offer: OfferRow; readonly refused: string | null },
): Promise<void> {
  const { name, offer, refused } = event;
  await appendEvent(
    tx,
    {
      name,
      outcome: refused === null ? 'done' : 'refused',
      ...(refused === null ? {} : { reason: refused }),
      side: 'person',
      organisation: offer.schoolCode,
      actorRole: 'person',
      purpose: null,
      caseId: null,
      token: null,
      detail: {
        actor: `person:${offer.personId}`,
        assurance: assuranceOf(personOf(offer, [])),
        certificate: offer.certificateId,
        kind: offer.kind,
      },
      at: clock.now(),
    },
    sealDetail,
  );
}
