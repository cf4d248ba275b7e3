import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';
import { randomToken } from '../../identity/secrets.ts';
import { ok, type Result } from '../../result.ts';
import { logWallet } from './audit.ts';
import { type CheckedProof, checkProof, spendProof } from './check-proof.ts';
import { issuerIdentifier, preAuthorizedGrant } from './issuer.ts';
import { redeemAuthorization } from './redeem-authorization.ts';
import { redeemPreAuthorized } from './redeem-pre-authorized.ts';
import type { GiveToken, TokenParameters, WalletToken } from './redemption.ts';
import { refusal, type WalletRefusal } from './refusal.ts';
import { secondsAfter, tokenSeconds } from './rules.ts';
import { secretHash } from './secrets.ts';
import { moveOffer, type OfferRow } from './store.ts';

/**
 * OpenID4VCI 1.0 §6: a code for a token that is good for one credential and five minutes. With a DPoP proof it is bound to that key; a wallet
 * that sends none gets a bearer token.
 */
export async function issueWalletToken(
  gateway: Gateway,
  parameters: TokenParameters,
  dpop: string | undefined,
): Promise<Result<WalletToken, WalletRefusal>> {
  const url = `${issuerIdentifier(gateway)}/token`;
  const proof =
    dpop === undefined ? ok(null) : await checkProof(gateway, { proof: dpop, method: 'POST', url, accessToken: null });
  if (!proof.ok) return proof;
  const give: GiveToken = (tx, offer) => giveToken(tx, gateway, { offer, proof: proof.value });
  switch (parameters.grantType) {
    case preAuthorizedGrant:
      return redeemPreAuthorized(gateway, parameters, give);
    case 'authorization_code':
      return redeemAuthorization(gateway, parameters, { proofKey: proof.value?.thumbprint ?? null, give });
    case undefined:
      return refusal('invalid_request', 'parameter.missing');
    default:
      return refusal('unsupported_grant_type', 'grant.unknown');
  }
}

async function giveToken(
  tx: Transaction,
  gateway: Gateway,
  { offer, proof }: { readonly offer: OfferRow; readonly proof: CheckedProof | null },
): Promise<Result<WalletToken, WalletRefusal>> {
  const isFirst = await spendProof(tx, proof);
  if (!isFirst.ok) return isFirst;
  const accessToken = randomToken();
  const isOpen = await moveOffer(
    tx,
    { id: offer.id, from: 'open' },
    {
      state: 'redeemed',
      tokenHash: secretHash(gateway.walletKey, 'token', accessToken),
      tokenKey: proof?.thumbprint ?? null,
      expiresAt: secondsAfter(gateway.clock.now(), tokenSeconds),
    },
  );
  if (!isOpen) return refusal('invalid_grant', 'offer.used');
  await logWallet(tx, gateway, { name: 'credential.code-redeemed', offer, refused: null });
  return ok({ accessToken, type: proof === null ? 'Bearer' : 'DPoP', scope: offer.kind });
}
