import { noteFromBytes, parseVerifierKey, type VerifierKey } from '../audit/note.ts';
import type { WitnessPolicy } from '../audit/witness-policy.ts';
import type { Trust } from '../crypto/trust.ts';

/** Everything a verdict rests on: anchors, revocation lists, keys of the logs, and the moment of the check. */
export interface TrustMaterial extends Trust {
  readonly logKeys: readonly VerifierKey[];
  readonly at: Date;
  /** Who has to have seen a log; only where the reader gave a policy. */
  readonly witnessPolicy?: WitnessPolicy;
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
