import type { Gateway } from '../../gateway.ts';
import { issuerIdentifier, preAuthorizedGrant } from './issuer.ts';
import { pinDigits } from './rules.ts';
import { offerSecrets } from './secrets.ts';
import { findOffer, walletJob } from './store.ts';

/**
 * The Credential Offer object (OpenID4VCI 1.0 §4.1.1), for whoever has its address: they have the QR code, and lack the number. Both ways:
 * with the number, or with a log-in of the same person. Null when it is over.
 */
export async function showOffer(gateway: Gateway, id: string): Promise<Readonly<Record<string, unknown>> | null> {
  const now = gateway.clock.now();
  const offer = await gateway.database.transaction(walletJob, (tx) => findOffer(tx, { key: 'id', value: id }, now));
  if (offer?.state !== 'open') return null;
  const { preAuthorizedCode, issuerState } = offerSecrets(gateway.walletKey, id);
  return {
    credential_issuer: issuerIdentifier(gateway),
    credential_configuration_ids: [offer.kind],
    grants: {
      authorization_code: { issuer_state: issuerState },
      [preAuthorizedGrant]: {
        'pre-authorized_code': preAuthorizedCode,
        tx_code: { input_mode: 'numeric', length: pinDigits },
      },
    },
  };
}
