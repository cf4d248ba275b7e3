import type { SignatureAlgorithm } from './x509/algorithms.ts';
import type { X509Certificate } from './x509/certificate.ts';
import { nameText } from './x509/names.ts';
import { type PathReason, type PathVerdict, type Purpose, type TrustAnchor, verifyPath } from './x509/path.ts';
import type { PathCache } from './x509/path-cache.ts';
import type { RevocationSource } from './x509/revocation.ts';

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
  readonly cache?: PathCache | undefined;
}): Promise<SignerVerdict> {
  const path = await verifyPath({
    leaf: input.certificate,
    pool: input.pool,
    anchors: input.anchors,
    at: input.at,
    purpose: input.purpose,
    revocation: input.revocation,
    cache: input.cache,
  });
  return {
    name: nameText(input.certificate.subject),
    certificate: input.certificate,
    status: statusOf(path, input.algorithm),
    path,
  };
}

/** The one word for a path: revoked before anything else, "could not check" only when nothing else is wrong. */
function statusOf(path: PathVerdict, algorithm: SignatureAlgorithm): SignerStatus {
  if (path.valid) {
    // The path proves whose key it is; what was signed with it must be of a kind the anchor allows as well.
    return path.anchor?.algorithms.includes(algorithm) === true ? 'trusted' : 'algorithmNotAllowed';
  }
  const codes = new Set(path.reasons.map(({ code }) => code));
  if (codes.has('revoked')) return 'revoked';
  if (codes.has('issuer-not-found')) return 'unknownRoot';
  const [code, ...others] = codes;
  return code === undefined || others.length > 0 ? 'invalid' : (single[code] ?? 'invalid');
}

/** Faults that have a word of their own when they are the only one. */
const single: Partial<Record<PathReason, SignerStatus>> = {
  'revocation-unknown': 'notChecked',
  expired: 'expired',
  'not-yet-valid': 'notYetValid',
  'algorithm-not-allowed': 'algorithmNotAllowed',
};
