import type { SignatureAlgorithm } from './x509/algorithms.ts';
import { nameText, type X509Certificate } from './x509/certificate.ts';
import type { RevocationSource } from './x509/crl.ts';
import { type PathVerdict, type Purpose, type TrustAnchor, verifyPath } from './x509/path.ts';

/**
 * Who signed, and how far that is trusted. `notChecked` is a path that is good but for its revocation status;
 * it is neither trusted nor refused, and must be shown as what it is.
 */
export type SignerStatus =
  | 'trusted'
  | 'revoked'
  | 'expired'
  | 'notYetValid'
  | 'unknownRoot'
  | 'notChecked'
  | 'algorithmNotAllowed'
  | 'invalid';

export interface SignerVerdict {
  /** The subject as text. */
  readonly name: string;
  readonly certificate: X509Certificate;
  readonly status: SignerStatus;
  readonly path: PathVerdict;
}

/** Verifies the path of a signer's certificate and sums it up in one word. */
export async function verifySigner(input: {
  readonly certificate: X509Certificate;
  /** What the signature itself was made with; the anchor must allow it. */
  readonly algorithm: SignatureAlgorithm;
  readonly pool: readonly X509Certificate[];
  readonly anchors: readonly TrustAnchor[];
  readonly at: Date;
  readonly purpose: Purpose;
  readonly revocation: RevocationSource;
}): Promise<SignerVerdict> {
  const path = await verifyPath({
    leaf: input.certificate,
    pool: input.pool,
    anchors: input.anchors,
    at: input.at,
    purpose: input.purpose,
    revocation: input.revocation,
  });
  return {
    name: nameText(input.certificate.subject),
    certificate: input.certificate,
    status: statusOf(path, input),
    path,
  };
}
