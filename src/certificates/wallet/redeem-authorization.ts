import { createHash } from 'node:crypto';
import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';
import { ok, type Result } from '../../result.ts';
import { logWallet } from './audit.ts';
import type { Redemption, TokenParameters, WalletToken } from './redemption.ts';
import { refusal, type WalletRefusal } from './refusal.ts';
import { isSame, secretHash } from './secrets.ts';
import {
  type AuthorizationRow,
  findAuthorization,
  findOffer,
  moveAuthorization,
  moveOffer,
  type OfferRow,
  walletJob,
} from './store.ts';

/** RFC 6749 §4.1.3 with PKCE (RFC 7636 §4.6): the same wallet, the same address, and a code that counts once. */
export function redeemAuthorization(
  gateway: Gateway,
  parameters: TokenParameters,
  { proofKey, give }: Redemption,
): Promise<Result<WalletToken, WalletRefusal>> {
  const { code } = parameters;
  if (code === undefined) return Promise.resolve(refusal('invalid_request', 'parameter.missing'));
  const now = gateway.clock.now();
  const codeHash = secretHash(gateway.walletKey, 'code', code);
  return gateway.database.transaction(walletJob, async (tx) => {
    const row = await findAuthorization(tx, { codeHash }, now);
    const offer = row === null ? null : await findOffer(tx, { key: 'id', value: row.offerId }, now);
    if (row === null || offer === null) return refusal('invalid_grant', 'code.unknown');
    if (row.state !== 'granted') return closeAgain(tx, gateway, offer);
    const fits = fitsRequest(row, parameters, proofKey);
    // A code that somebody else tries is burnt with the try (RFC 9700 §4.5).
    await moveAuthorization(tx, { requestHash: row.requestHash, from: 'granted' }, { state: 'used' });
    if (!fits.ok) {
      await logWallet(tx, gateway, { name: 'credential.code-redeemed', offer, refused: fits.fault.code });
      return fits;
    }
    return give(tx, offer);
  });
}

function fitsRequest(
  row: AuthorizationRow,
  parameters: TokenParameters,
  proofKey: string | null,
): Result<true, WalletRefusal> {
  const { codeVerifier: verifier, redirectUri, clientId } = parameters;
  if (clientId !== row.clientId) return refusal('invalid_grant', 'client.mismatch');
  if (redirectUri !== row.redirectUri) return refusal('invalid_grant', 'redirect.mismatch');
  if (row.proofKey !== null && proofKey !== row.proofKey) return refusal('invalid_dpop_proof', 'dpop.mismatch');
  if (verifier === undefined) return refusal('invalid_request', 'pkce.missing');
  const challenge = createHash('sha256').update(verifier, 'utf8').digest('base64url');
  const fits = /^[\w.~-]{43,128}$/.test(verifier) && isSame(challenge, row.codeChallenge);
  return fits ? ok(true) : refusal('invalid_grant', 'pkce.mismatch');
}

/** RFC 6749 §4.1.2: a code that comes twice takes the token with it. */
async function closeAgain(tx: Transaction, gateway: Gateway, offer: OfferRow) {
  await moveOffer(tx, { id: offer.id, from: 'redeemed' }, { state: 'closed', tokenHash: null });
  await logWallet(tx, gateway, { name: 'credential.code-redeemed', offer, refused: 'code.used' });
  return refusal('invalid_grant', 'code.used');
}
