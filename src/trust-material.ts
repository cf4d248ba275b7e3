import { parsePolicy, type WitnessPolicy } from './audit/witness-policy.ts';
import type { Clock } from './clock.ts';
import { parseRevocationPlan, plannedAnchor, plannedSource } from './crypto/revocation-plan.ts';
import type { Trust } from './crypto/trust.ts';
import { anchorsFor, type TrustList, verifyTrustList } from './crypto/trust-list.ts';
import { parseX509Certificate } from './crypto/x509/certificate.ts';
import { nameText } from './crypto/x509/names.ts';
import type { RevocationSource } from './crypto/x509/revocation.ts';

/** Raised at start when what the gateway should believe cannot itself be believed. */
class TrustMaterialError extends Error {
  override readonly name = 'TrustMaterialError';
}

/** Words in the names of authorities that exist for development and tests alone. */
const developmentMarks = ['開発用', 'JPKI-TEST', 'DEVELOPMENT'];

/** Anchors that production must not believe, by name: the demonstration's authorities and the card test roots. */
export function developmentAnchors(trust: Trust): readonly string[] {
  const anchors = [...trust.seal, ...trust.person, ...trust.time, ...trust.evidence];
  return anchors
    .filter(({ certificate }) => developmentMarks.some((mark) => nameText(certificate.subject).includes(mark)))
    .map(({ name }) => name);
}

/** Whether a trust list names other witnesses than those that cosign the log, or other rules for them; addresses do not matter. */
export function statesOtherPolicy(stated: string | undefined, own: WitnessPolicy | null): boolean {
  if (stated === undefined) return false;
  const policy = parsePolicy(stated);
  return !policy.ok || policy.value.rules !== own?.rules;
}

/**
 * The anchors of the signed trust list. The list must be signed by the gateway's own evidence key, whose certificate the
 * operator configured: an attacker who can write the list but not use the key adds no anchor.
 */
export async function openTrust(given: {
  readonly list: unknown;
  readonly evidenceCertificate: Uint8Array;
  /** The revocation lists. */
  readonly revocation: RevocationSource;
  /** Whom else to ask, by anchor; as JSON. */
  readonly revocationPlan: unknown;
  readonly clock: Clock;
}): Promise<{ readonly trust: Trust; readonly list: TrustList }> {
  const leaf = parseX509Certificate(given.evidenceCertificate);
  if (!leaf.ok) throw new TrustMaterialError(`the evidence certificate is not usable: ${leaf.fault}`);
  // Its end is for those who verify by a copy: the gateway's own configuration does not stop a school year at midnight.
  const verified = await verifyTrustList({ jws: given.list, key: { spki: leaf.value.publicKey.spki } });
  if (!verified.ok) throw new TrustMaterialError(`the trust list is not usable: ${verified.fault}`);
  const list = verified.value;
  const anchors = list.anchors.map(({ anchor }) => anchor);
  const plan = parseRevocationPlan(given.revocationPlan, anchors);
  if (!plan.ok) throw new TrustMaterialError(`REVOCATION_FILE: ${plan.fault.join('; ')}`);
  const trust = {
    seal: anchorsFor(list, 'seal'),
    person: anchorsFor(list, 'person').map((anchor) => plannedAnchor(anchor, plan.value)),
    time: anchorsFor(list, 'time'),
    evidence: anchorsFor(list, 'evidence'),
    revocation: plannedSource({ plan: plan.value, anchors, lists: given.revocation, clock: given.clock }),
  };
  return { trust, list };
}
