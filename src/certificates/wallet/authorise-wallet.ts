import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { randomToken } from '../../identity/secrets.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logWallet } from './audit.ts';
import { issuerIdentifier } from './issuer.ts';
import { requestPrefix } from './push-authorization.ts';
import { codeSeconds, secondsAfter } from './rules.ts';
import { secretHash } from './secrets.ts';
import { findAuthorization, findOffer, moveAuthorization, type OfferRow, walletJob } from './store.ts';

/** What the browser brings from the wallet. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly requestUri: string;
}

/** What the owner is asked to agree to. */
export interface AskedAuthorization {
  readonly kind: OfferRow['kind'];
  /** Host or scheme of where it leads: all that is known of the wallet. */
  readonly wallet: string;
}

interface Asking {
  readonly gateway: Gateway;
  readonly actor: Actor;
}

/** Faults: offer.not-found, also for another person's; login.required */
export async function showAuthorization(
  asking: Asking,
  request: AuthorizationRequest,
): Promise<Result<AskedAuthorization>> {
  const found = await findOwn(asking, request);
  if (!found.ok) return found;
  const { offer, row } = found.value;
  const { protocol, host } = new URL(row.redirectUri);
  return ok({ kind: offer.kind, wallet: protocol === 'https:' ? host : protocol.slice(0, -1) });
}

/**
 * The owner has decided. @returns the address that leads back into the wallet, with a code or with `access_denied`
 * Faults: offer.not-found, login.required
 */
export async function answerAuthorization(
  asking: Asking,
  request: AuthorizationRequest & { readonly agrees: boolean },
): Promise<Result<string>> {
  const found = await findOwn(asking, request);
  if (!found.ok) return found;
  const { gateway } = asking;
  const { row, offer } = found.value;
  const code = randomToken();
  const changes = request.agrees
    ? {
        state: 'granted' as const,
        codeHash: secretHash(gateway.walletKey, 'code', code),
        expiresAt: secondsAfter(gateway.clock.now(), codeSeconds),
      }
    : { state: 'used' as const };
  const isFirst = await gateway.database.transaction(walletJob, async (tx) => {
    const moved = await moveAuthorization(tx, { requestHash: row.requestHash, from: 'pushed' }, changes);
    const refused = request.agrees ? null : 'declined';
    if (moved) await logWallet(tx, gateway, { name: 'credential.authorised', offer, refused });
    return moved;
  });
  if (!isFirst) return refuse(fault('offer.not-found'));
  const back = new URL(row.redirectUri);
  if (request.agrees) back.searchParams.set('code', code);
  else back.searchParams.set('error', 'access_denied');
  if (row.walletState !== null) back.searchParams.set('state', row.walletState);
  back.searchParams.set('iss', issuerIdentifier(gateway));
  return ok(back.href);
}

/** A request that was pushed and not answered, out of an open offer of this very person. */
async function findOwn({ gateway, actor }: Asking, { clientId, requestUri }: AuthorizationRequest) {
  if (actor.kind === 'anonymous') return refuse(fault('login.required', { detail: 'anonymous' }));
  const handle = requestUri.startsWith(requestPrefix) ? requestUri.slice(requestPrefix.length) : '';
  const requestHash = secretHash(gateway.walletKey, 'request', handle);
  const now = gateway.clock.now();
  return gateway.database.transaction(walletJob, async (tx) => {
    const row = await findAuthorization(tx, { requestHash }, now);
    const offer = row === null ? null : await findOffer(tx, { key: 'id', value: row.offerId }, now);
    const isOwn = actor.kind === 'person' && actor.personId === offer?.personId;
    if (row?.state !== 'pushed' || row.clientId !== clientId || offer?.state !== 'open' || !isOwn) {
      return refuse(fault('offer.not-found'));
    }
    return ok({ row, offer });
  });
}
