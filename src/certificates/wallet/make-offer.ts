import { fault } from '../../faults.ts';
import type { Gateway } from '../../gateway.ts';
import { hashNumber } from '../../identity/access-codes/number-hash.ts';
import type { PersonActor } from '../../policy/actor.ts';
import { scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, refuseLogged, type VerbContext } from '../../transfers/act.ts';
import { newId } from '../../transfers/ids.ts';
import { openIssuer } from '../credentials/open-issuer.ts';
import { mayHold } from '../issue/may-collect.ts';
import { type CertificateRow, findCertificate } from '../issue/store.ts';
import { logWallet } from './audit.ts';
import { issuerIdentifier } from './issuer.ts';
import { maxOpenOffers, offerMinutes, secondsAfter } from './rules.ts';
import { newPin, offerSecrets, secretHash } from './secrets.ts';
import { countOpenOffers, insertOffer, type OfferRow, purgeWallet, walletJob } from './store.ts';

/** What the holder is shown, once: the link (also as QR code), and the number that is not in it. */
export interface MadeOffer {
  readonly link: string;
  readonly pin: string;
  readonly expiresAt: Date;
  readonly certificate: CertificateRow;
}

const attempt = { event: 'credential.offered', caseId: null } as const;

/**
 * Offers a certificate to a wallet of whoever may collect it; never of the school. Faults: certificate.not-found, certificate.revoked, certificate.superseded,
 * login.not-checked, policy.denied, credential.not-issuable, offer.too-many
 */
export async function makeOffer(context: VerbContext, certificateId: string): Promise<Result<MadeOffer>> {
  const { actor, gateway } = context;
  if (actor.kind !== 'person') return refuseLogged(context, attempt, notAPerson(context));
  await gateway.database.transaction(walletJob, (tx) => purgeWallet(tx, gateway.clock.now()));
  const pin = newPin();
  const pinHash = await hashNumber(gateway.walletKey, pin);
  const made = await perform({ ...context, idempotency: null }, attempt, async (tx) => {
    const allowed = mayHold(context, null);
    if (!allowed.ok) return allowed;
    const certificate = await findCertificate(tx, certificateId);
    if (certificate === null || certificate.state === 'issuing') return refuse(fault('certificate.not-found'));
    const own = mayHold(context, certificate);
    if (!own.ok) return own;
    if (certificate.state !== 'valid') {
      return refuse(fault(certificate.state === 'superseded' ? 'certificate.superseded' : 'certificate.revoked'));
    }
    const now = gateway.clock.now();
    if ((await countOpenOffers(tx, actor.personId, now)) >= maxOpenOffers) return refuse(fault('offer.too-many'));
    const offer = newOffer(gateway, { actor, certificate, pinHash });
    await insertOffer(tx, offer);
    await logWallet(tx, gateway, { name: 'credential.offered', offer, refused: null });
    return ok({ offer, certificate });
  });
  if (!made.ok) return made;
  const { offer, certificate } = made.value;
  // Told now and not by the wallet, which could not say what to do about it.
  const issuer = await openIssuer(gateway, certificate.schoolCode);
  if (!issuer.ok) return refuseLogged(context, attempt, issuer.fault);
  return ok({ link: linkTo(gateway, offer.id), pin, expiresAt: offer.expiresAt, certificate });
}

function newOffer(
  { walletKey, clock }: Gateway,
  of: { readonly actor: PersonActor; readonly certificate: CertificateRow; readonly pinHash: string },
): OfferRow {
  const { actor, certificate, pinHash } = of;
  const id = newId();
  const now = clock.now();
  const { preAuthorizedCode, issuerState } = offerSecrets(walletKey, id);
  return {
    id,
    certificateId: certificate.id,
    kind: certificate.kind,
    schoolCode: certificate.schoolCode,
    personId: actor.personId,
    assurance: actor.assurance,
    revocation: actor.revocation,
    sessionId: actor.sessionId,
    authenticatedAt: actor.authenticatedAt,
    codeHash: secretHash(walletKey, 'pre-authorized-code', preAuthorizedCode),
    stateHash: secretHash(walletKey, 'issuer-state', issuerState),
    pinHash,
    pinMisses: 0,
    state: 'open',
    tokenHash: null,
    tokenKey: null,
    createdAt: now,
    expiresAt: secondsAfter(now, offerMinutes * 60),
  };
}

/** By reference (§4.1.3): the code would make the squares small. */
function linkTo(gateway: Gateway, offerId: string): string {
  const uri = `${issuerIdentifier(gateway)}/offers/${offerId}`;
  return `openid-credential-offer://?${new URLSearchParams({ credential_offer_uri: uri }).toString()}`;
}

function notAPerson({ actor }: VerbContext) {
  return scopeOf(actor).actor === 'anonymous'
    ? fault('login.required', { detail: 'anonymous' })
    : fault('policy.denied', { detail: 'not-a-person' });
}
