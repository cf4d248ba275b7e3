import { anchorsFor, type TrustListReason, verifyTrustList } from '../crypto/trust-list.ts';
import { parseX509Certificate } from '../crypto/x509/certificate.ts';
import { crlSource } from '../crypto/x509/crl.ts';
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

/** Opens a bundle. The list must be signed by the pinned key: whoever can change the list alone adds no anchor. */
export async function openTrustMaterial(
  { list, pin, crls }: TrustBundle,
  at: Date,
): Promise<Result<TrustMaterial & { readonly listedAt: Date }, TrustListReason | 'pin-unusable'>> {
  const spki = pinnedKey(pin);
  if (spki === null) return refuse('pin-unusable');
  const verified = await verifyTrustList({ jws: list, key: { spki } });
  if (!verified.ok) return verified;
  return ok({
    seal: anchorsFor(verified.value, 'seal'),
    person: anchorsFor(verified.value, 'person'),
    time: anchorsFor(verified.value, 'time'),
    evidence: anchorsFor(verified.value, 'evidence'),
    revocation: crls === null ? noRevocationSource : crlSource(crls, { now: at }),
    logKeys: parseLogKeys(verified.value.logKeys),
    listedAt: verified.value.issuedAt,
    at,
  });
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
