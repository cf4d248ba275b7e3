import { createKeyCache, type KeyCache } from './algorithms.ts';

/**
 * What earlier verifications found out that is true for ever: keys, imported, and which certificate carries a good signature of which
 * key. Nothing in it depends on the time, on trust or on revocation; those are asked anew each time. To be passed in by whoever
 * verifies often. Bounded: whoever brings many strange chains drives others out, which costs time and changes no answer.
 */
export interface PathCache {
  readonly keys: KeyCache;
  /** `certificate's SHA-256 + issuer's key`, of good signatures alone. */
  readonly proved: ProvedSignatures;
}

export interface ProvedSignatures {
  has(name: string): boolean;
  add(name: string): void;
}

/** @param maxSignatures - some 250 bytes each, with P-256 keys */
export function createPathCache(maxSignatures = 1024): PathCache {
  return { keys: createKeyCache(), proved: boundedSet(maxSignatures) };
}

function boundedSet(most: number): ProvedSignatures {
  const names = new Set<string>();
  const renew = (name: string) => {
    // A set keeps the order of insertion: what is used moves to the young end.
    names.delete(name);
    names.add(name);
  };
  return {
    has(name) {
      const isThere = names.has(name);
      if (isThere) renew(name);
      return isThere;
    },
    add(name) {
      renew(name);
      const oldest = names.values().next();
      if (names.size > most && !oldest.done) names.delete(oldest.value);
    },
  };
}
