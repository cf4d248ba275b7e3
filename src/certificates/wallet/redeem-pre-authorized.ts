import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';
import { numberMatches } from '../../identity/access-codes/number-hash.ts';
import type { Result } from '../../result.ts';
import { logWallet } from './audit.ts';
import type { GiveToken, TokenParameters, WalletToken } from './redemption.ts';
import { refusal, type WalletRefusal } from './refusal.ts';
import { maxPinMisses } from './rules.ts';
import { secretHash } from './secrets.ts';
import { countPinTry, findOffer, moveOffer, type OfferRow, walletJob } from './store.ts';

/**
 * The code out of the QR code together with the number beside it (§6.1). Five wrong numbers close the offer: whoever photographed the code
 * has one chance in two hundred thousand.
 */
export async function redeemPreAuthorized(
  gateway: Gateway,
  { preAuthorizedCode: code, txCode: pin }: TokenParameters,
  give: GiveToken,
): Promise<Result<WalletToken, WalletRefusal>> {
  if (code === undefined) return refusal('invalid_request', 'parameter.missing');
  // §6.3: a code that wants a number, without one.
  if (pin === undefined) return refusal('invalid_request', 'pin.missing');
  const tried = await tryPin(gateway, code);
  if (!tried.ok) return tried;
  const { offer, isLast } = tried.value;
  const isRight = await numberMatches(gateway.walletKey, pin.normalize('NFKC').trim(), offer.pinHash);
  const { database } = gateway;
  if (isRight) return database.transaction(walletJob, (tx) => give(tx, offer));
  return database.transaction(walletJob, async (tx) => {
    if (isLast) await moveOffer(tx, { id: offer.id, from: 'open' }, { state: 'closed' });
    const reason = isLast ? 'pin.locked' : 'pin.wrong';
    await logWallet(tx, gateway, { name: 'credential.code-redeemed', offer, refused: reason });
    return refusal('invalid_grant', reason);
  });
}

interface Tried {
  readonly offer: OfferRow;
  readonly isLast: boolean;
}

/** Takes one of the tries before the number is looked at, so that tries at the same time count too. */
function tryPin(gateway: Gateway, code: string): Promise<Result<Tried, WalletRefusal>> {
  const value = secretHash(gateway.walletKey, 'pre-authorized-code', code);
  return gateway.database.transaction(walletJob, async (tx) => {
    const offer = await findOffer(tx, { key: 'codeHash', value }, gateway.clock.now());
    if (offer === null) return refusal('invalid_grant', 'offer.unknown');
    if (offer.state !== 'open') return cameAgain(tx, gateway, offer);
    const misses = await countPinTry(tx, offer.id);
    if (misses === null) return refusal('invalid_grant', 'pin.locked');
    return { ok: true, value: { offer, isLast: misses >= maxPinMisses } } as const;
  });
}

async function cameAgain(tx: Transaction, gateway: Gateway, offer: OfferRow) {
  const reason = offer.state === 'closed' ? 'pin.locked' : 'offer.used';
  await logWallet(tx, gateway, { name: 'credential.code-redeemed', offer, refused: reason });
  return refusal('invalid_grant', reason);
}
