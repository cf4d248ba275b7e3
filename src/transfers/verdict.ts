import type { SenderKey } from './sender-key.ts';

/** What verifying a package found: separate plain verdicts, never one yes or no (docs/verify-by-hand.md). */
export type Verdict = 'valid' | 'invalid' | 'notChecked';

export interface PackageVerdict {
  /** `valid` only when seal, issuer and digests are; `unclear` when something could not be checked. */
  readonly outcome: 'valid' | 'invalid' | 'unclear';
  readonly seal: Verdict;
  readonly issuer: Verdict;
  readonly time: Verdict;
  readonly digests: Verdict;
  readonly signer: string | null;
  /** Which of the sender's keys it was; a hint beside the verdicts. Null where the seal has no certificate. */
  readonly senderKey: SenderKey | null;
  readonly sealedAt: string | null;
  readonly reasons: readonly string[];
  readonly documents: readonly {
    readonly id: string;
    readonly digest: Verdict;
    /** A signature inside a PDF is reported, not judged, until PDF signatures are verified too. */
    readonly innerSignature: 'none' | 'presentNotChecked';
  }[];
  readonly checkedAt: string;
}

export function outcomeOf(
  parts: Pick<PackageVerdict, 'seal' | 'issuer' | 'time' | 'digests'>,
): PackageVerdict['outcome'] {
  const all = [parts.seal, parts.issuer, parts.time, parts.digests];
  if (all.includes('invalid')) return 'invalid';
  return all.includes('notChecked') ? 'unclear' : 'valid';
}
