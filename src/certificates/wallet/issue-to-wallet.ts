import { z } from 'zod';
import type { Gateway } from '../../gateway.ts';
import { findEntitlements } from '../../identity/guardians/entitlements.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { type PersonActor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result } from '../../result.ts';
import { type HolderKey, holderOf } from '../credentials/holder-proof.ts';
import { issueCredential } from '../credentials/issue-credential.ts';
import { mayHold } from '../issue/may-collect.ts';
import { findCertificate } from '../issue/store.ts';
import { logWallet } from './audit.ts';
import { type CheckedProof, checkProof, spendProof } from './check-proof.ts';
import { issuerIdentifier } from './issuer.ts';
import { personOf } from './person.ts';
import { refusal, type WalletRefusal } from './refusal.ts';
import { nonceSeconds, secondsAfter } from './rules.ts';
import { isFreshNonce, secretHash } from './secrets.ts';
import { findOffer, moveOffer, type OfferRow, spend, walletJob } from './store.ts';

/** The token as it came, and the header DPoP; null without one. */
export interface PresentedToken {
  readonly scheme: 'bearer' | 'dpop';
  readonly token: string;
  readonly proof: string | null;
}

/** OpenID4VCI 1.0 §8.2, as far as it is done; what is unknown is ignored. */
const credentialRequest = z.looseObject({
  credential_configuration_id: z.string().max(200),
  credential_identifier: z.never().optional(),
  credential_response_encryption: z.never().optional(),
  proofs: z.strictObject({ jwt: z.array(z.string()).min(1) }).optional(),
});

/**
 * Gives a wallet the credential of the certificate that its token is for, bound to the key that it has proved to hold. Whether the person
 * may still collect it is asked anew.
 *
 * @param body - the request, parsed as JSON
 */
export async function issueToWallet(
  gateway: Gateway,
  presented: PresentedToken,
  body: unknown,
): Promise<Result<string, WalletRefusal>> {
  const authorised = await authorise(gateway, presented);
  if (!authorised.ok) return authorised;
  const { offer } = authorised.value;
  const holder = await holderIn(gateway, offer, body);
  if (!holder.ok) return refuseLogged(gateway, offer, holder.fault);
  const taken = await take(gateway, { ...authorised.value, nonce: holder.value.nonce });
  if (!taken.ok) return refuseLogged(gateway, offer, taken.fault);
  const issued = await issueFor(gateway, offer, holder.value.key).catch(async (error: unknown) => {
    // What is down now may be there again before the token is over.
    await giveBack(gateway, offer);
    throw error;
  });
  if (!issued.ok) await giveBack(gateway, offer);
  return issued.ok ? issued : refuseLogged(gateway, offer, issued.fault);
}

interface Authorised {
  readonly offer: OfferRow;
  readonly proof: CheckedProof | null;
}

/** RFC 6750 §3.1, RFC 9449 §7.1: a token that is bound does not do without its key. */
async function authorise(
  gateway: Gateway,
  { scheme, token, proof: given }: PresentedToken,
): Promise<Result<Authorised, WalletRefusal>> {
  const value = secretHash(gateway.walletKey, 'token', token);
  const now = gateway.clock.now();
  const offer = await gateway.database.transaction(walletJob, (tx) => findOffer(tx, { key: 'tokenHash', value }, now));
  if (offer?.state !== 'redeemed') return refusal('invalid_token', 'token.unknown');
  if (offer.tokenKey === null) {
    return scheme === 'bearer' ? ok({ offer, proof: null }) : refusal('invalid_token', 'token.unbound');
  }
  if (scheme !== 'dpop' || given === null) return refusal('invalid_token', 'token.unbound');
  const url = `${issuerIdentifier(gateway)}/credential`;
  const proof = await checkProof(gateway, { proof: given, method: 'POST', url, accessToken: token });
  if (!proof.ok) return proof;
  return proof.value.thumbprint === offer.tokenKey
    ? ok({ offer, proof: proof.value })
    : refusal('invalid_token', 'token.unbound');
}

interface ProvedHolder {
  readonly key: HolderKey;
  readonly nonce: string;
}

async function holderIn(
  gateway: Gateway,
  offer: OfferRow,
  body: unknown,
): Promise<Result<ProvedHolder, WalletRefusal>> {
  const parsed = credentialRequest.safeParse(body);
  if (!parsed.success) return refusal('invalid_credential_request', 'parameter.missing');
  const { credential_configuration_id: asked, proofs } = parsed.data;
  if (asked !== offer.kind) return refusal('unknown_credential_configuration', 'configuration.mismatch');
  const [proof, ...more] = proofs?.jwt ?? [];
  if (proof === undefined) return refusal('invalid_proof', 'proof.missing');
  if (more.length > 0) return refusal('invalid_credential_request', 'proof.too-many');
  const now = gateway.clock.now();
  let nonce = '';
  const holder = await holderOf(proof, {
    audience: issuerIdentifier(gateway),
    isNonce(given) {
      nonce = given;
      return isFreshNonce(gateway.walletKey, given, now);
    },
    now,
  });
  if (holder.ok) return ok({ key: holder.value, nonce });
  return holder.fault.detail === 'nonce'
    ? refusal('invalid_nonce', 'nonce.refused')
    : refusal('invalid_proof', 'proof.refused');
}

/** Nonce, proof and token are spent together, or none of them. */
async function take(
  gateway: Gateway,
  { offer, proof, nonce }: Authorised & { readonly nonce: string },
): Promise<Result<true, WalletRefusal>> {
  const { walletKey, clock, database } = gateway;
  const until = secondsAfter(clock.now(), nonceSeconds + 60);
  return database.transaction(walletJob, async (tx) => {
    const spent = await spendProof(tx, proof);
    if (!spent.ok) return spent;
    if (!(await spend(tx, secretHash(walletKey, 'nonce', nonce), until))) return refusal('invalid_nonce', 'nonce.used');
    const isFirst = await moveOffer(tx, { id: offer.id, from: 'redeemed' }, { state: 'issued' });
    return isFirst ? ok(true) : refusal('invalid_token', 'token.unknown');
  });
}

async function giveBack({ database }: Gateway, { id }: OfferRow): Promise<void> {
  await database.transaction(walletJob, (tx) => moveOffer(tx, { id, from: 'issued' }, { state: 'redeemed' }));
}

async function issueFor(gateway: Gateway, offer: OfferRow, holder: HolderKey): Promise<Result<string, WalletRefusal>> {
  const actor = await actorOf(gateway, offer);
  const certificate = await gateway.database.transaction(scopeOf(actor), (tx) =>
    findCertificate(tx, offer.certificateId),
  );
  const isHis = certificate !== null && mayHold({ gateway, actor }, certificate).ok;
  if (!isHis) return refusal('credential_request_denied', 'certificate.refused');
  const issued = await issueCredential({ gateway, actor }, { certificate, holder, share: null });
  return issued.ok ? ok(issued.value.credential) : refusal('credential_request_denied', 'certificate.refused');
}

async function actorOf({ database, clock }: Gateway, offer: OfferRow): Promise<PersonActor> {
  const scope = scopeOf(personOf(offer, []));
  const day = dayInJapan(clock.now());
  return personOf(offer, await database.transaction(scope, (tx) => findEntitlements(tx, offer.personId, day)));
}

async function refuseLogged(gateway: Gateway, offer: OfferRow, fault: WalletRefusal) {
  await gateway.database.transaction(walletJob, (tx) =>
    logWallet(tx, gateway, { name: 'credential.issued', offer, refused: fault.code }),
  );
  return { ok: false, fault } as const;
}
