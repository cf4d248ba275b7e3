import type { TrustAnchor } from './x509/path.ts';
import type { RevocationSource } from './x509/revocation.ts';

/** Whom the gateway believes, by purpose; immutable configuration, read once at start (ASVS 6.7.1). */
export interface Trust {
  readonly seal: readonly TrustAnchor[];
  readonly person: readonly TrustAnchor[];
  readonly time: readonly TrustAnchor[];
  readonly evidence: readonly TrustAnchor[];
  readonly revocation: RevocationSource;
}
