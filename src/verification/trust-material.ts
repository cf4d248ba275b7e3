import { noteFromBytes, parseVerifierKey, type VerifierKey } from '../audit/note.ts';
import type { WitnessPolicy } from '../audit/witness-policy.ts';
import type { Trust } from '../crypto/trust.ts';
import type { PathCache } from '../crypto/x509/path-cache.ts';

/** Everything a verdict rests on: anchors, revocation lists, keys of the logs, and the moment of the check. */
export interface TrustMaterial extends Trust {
  readonly logKeys: readonly VerifierKey[];
  readonly at: Date;
  /** Who has to have seen a log; only where the trust list or the reader has a policy. */
  readonly witnessPolicy?: WitnessPolicy;
  /** When a renewal record proves that the file existed; without one it is known to exist now. */
  readonly existedAt?: Date;
  /** Of verifications before this one; it changes no answer. */
  readonly cache?: PathCache;
}

/** What verifiers of seals are told of that moment. */
export function existence({ existedAt }: Pick<TrustMaterial, 'existedAt'>): { readonly existedAt?: Date } {
  return existedAt === undefined ? {} : { existedAt };
}

/** The key of the log that a checkpoint names in its first line; null when the trust list does not know that log. */
export function logKeyOf({ logKeys }: Pick<TrustMaterial, 'logKeys'>, checkpoint: string): VerifierKey | null {
  const [origin] = checkpoint.split('\n', 1);
  return logKeys.find(({ name }) => name === origin) ?? null;
}

export function logKeyOfBytes(trust: Pick<TrustMaterial, 'logKeys'>, checkpoint: Uint8Array): VerifierKey | null {
  return logKeyOf(trust, noteFromBytes(checkpoint) ?? '');
}

export function parseLogKeys(texts: readonly string[]): readonly VerifierKey[] {
  return texts.flatMap((text) => {
    const key = parseVerifierKey(text);
    return key.ok ? [key.value] : [];
  });
}
