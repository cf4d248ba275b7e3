import { createKeyCache, type KeyCache } from './algorithms.ts';
import type { X509Certificate } from './certificate.ts';
import { keepRecent, type Recent } from './recent.ts';

/**
 * What earlier verifications found out that is true for ever: keys, imported, certificates, read, and which of them carries a good
 * signature of which key. Nothing in it depends on the time, on trust or on revocation; those are asked anew each time. To be passed
 * in by whoever verifies often. Bounded: whoever brings many strange chains drives others out, which costs time and changes no answer.
 */
export interface PathCache {
  readonly keys: KeyCache;
  /** By their text in `x5c`. */
  readonly certificates: Recent<X509Certificate>;
  /** `certificate's SHA-256 + issuer's key`, of good signatures alone. */
  readonly proved: Recent<true>;
}

/** @param maxSignatures - some 250 bytes each, with P-256 keys; of certificates, some ten kilobytes each, a sixteenth are kept */
export function createPathCache(maxSignatures = 1024): PathCache {
  return {
    keys: createKeyCache(),
    certificates: keepRecent(Math.ceil(maxSignatures / 16)),
    proved: keepRecent(maxSignatures),
  };
}
