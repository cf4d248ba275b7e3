import { parsePolicy, type WitnessPolicy } from '../audit/witness-policy.ts';
import { anchorsFor, type KnownTrustList, type TrustListReason, verifyTrustList } from '../crypto/trust-list.ts';
import { parseX509Certificate } from '../crypto/x509/certificate.ts';
import { crlSource } from '../crypto/x509/crl.ts';
import { createPathCache, type PathCache } from '../crypto/x509/path-cache.ts';
import { pemToDer } from '../crypto/x509/pem.ts';
import { noRevocationSource } from '../crypto/x509/revocation.ts';
import { ok, type Result, refuse } from '../result.ts';
import { parseLogKeys, type TrustMaterial } from './trust-material.ts';

/** Whom to believe, as it lies in a folder, on a server or in `verify.html`. */
export interface TrustBundle {
  /** The signed trust list, as JSON. */
  readonly list: unknown;
  /** Certificate of the key that must have signed it, PEM: pinned by whoever verifies. */
  readonly pin: string;
  /** Revocation lists, DER; null when there are none at all, so that nothing can be told of revocation. */
  readonly crls: readonly Uint8Array[] | null;
}

export type TrustReason = TrustListReason | 'pin-unusable' | 'policy-malformed';

interface Opening {
  readonly at: Date;
  readonly known?: KnownTrustList;
  readonly policy?: WitnessPolicy;
  readonly cache?: PathCache;
}

/** Trust material, and which list it comes from. */
export interface OpenedTrust extends TrustMaterial {
  readonly list: KnownTrustList & { readonly expiresAt: Date | null };
}

/**
 * Opens a bundle. The list must be signed by the pinned key, and stand: whoever can change the list alone adds no anchor.
 *
 * @param now.known - the newest list of this signer seen so far; an older one is refused
 * @param now.cache - of whoever verifies often; else one for what is verified by this list
 * @param now.policy - of witnesses, where the reader has one of their own; it stands in the place of the list's
 */
export async function openTrustMaterial(
  { list, pin, crls }: TrustBundle,
  { at, known, policy, cache = createPathCache() }: Opening,
): Promise<Result<OpenedTrust, TrustReason>> {
  const spki = pinnedKey(pin);
  if (spki === null) return refuse('pin-unusable');
  const verified = await verifyTrustList({ jws: list, key: { spki }, at, ...(known === undefined ? {} : { known }) });
  if (!verified.ok) return verified;
  const { serial, issuedAt, expiresAt, witnessPolicy: stated } = verified.value;
  const witnessPolicy = policy ?? (stated === undefined ? undefined : policyIn(stated));
  // A rule that cannot be read is no rule less.
  if (witnessPolicy === null) return refuse('policy-malformed');
  return ok({
    seal: anchorsFor(verified.value, 'seal'),
    person: anchorsFor(verified.value, 'person'),
    time: anchorsFor(verified.value, 'time'),
    evidence: anchorsFor(verified.value, 'evidence'),
    revocation: crls === null ? noRevocationSource : crlSource(crls, { now: at }),
    logKeys: parseLogKeys(verified.value.logKeys),
    list: { serial, issuedAt, expiresAt },
    at,
    cache,
    ...(witnessPolicy === undefined ? {} : { witnessPolicy }),
  });
}

/** A policy of witnesses (C2SP tlog-policy); null for anything else. */
export function policyIn(text: string): WitnessPolicy | null {
  const policy = parsePolicy(text);
  return policy.ok ? policy.value : null;
}

function pinnedKey(pem: string): Uint8Array | null {
  try {
    const [der] = pemToDer(pem, 'CERTIFICATE');
    const leaf = der === undefined ? null : parseX509Certificate(der);
    return leaf?.ok === true ? leaf.value.publicKey.spki : null;
  } catch {
    // pemToDer throws for what is no base64.
    return null;
  }
}
