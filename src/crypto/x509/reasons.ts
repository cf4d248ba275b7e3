import { DerError, type DerReason } from '../der.ts';

/** Why bytes are no certificate, CRL or OCSP response that we read at all. Rules that an anchor may relax are in profile.ts. */
export type X509Reason =
  | DerReason
  | 'certificate.version'
  | 'certificate.serial'
  | 'certificate.algorithms-differ'
  | 'certificate.algorithm-unsupported'
  | 'certificate.key-unsupported'
  | 'certificate.key-weak'
  | 'certificate.name'
  | 'certificate.validity'
  | 'certificate.extension-duplicate'
  | 'certificate.extension-malformed'
  | 'crl.version'
  | 'crl.algorithms-differ'
  | 'crl.algorithm-unsupported'
  | 'crl.entry-duplicate'
  | 'crl.extension-duplicate'
  | 'crl.extension-malformed'
  | 'ocsp.not-successful'
  | 'ocsp.type'
  | 'ocsp.algorithm-unsupported'
  | 'ocsp.too-many'
  | 'ocsp.reason'
  | 'ocsp.extension-duplicate';

/** Thrown inside the parsers only; the exported `parse…` return the reason. */
export class X509Error extends Error {
  readonly reason: X509Reason;
  constructor(reason: X509Reason) {
    super(reason);
    this.name = 'X509Error';
    this.reason = reason;
  }
}

/** The reason of a fault thrown by the readers; anything else is a bug and is thrown on. */
export function reasonOf(error: unknown): X509Reason {
  if (error instanceof X509Error || error instanceof DerError) return error.reason;
  throw error;
}
