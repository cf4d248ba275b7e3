import type { SignatureFinding } from '../records/pdf/judge-signatures.ts';

/** What verifying a package found: separate plain verdicts, never one yes or no (docs/verify-by-hand.md). */
export type Verdict = 'valid' | 'invalid' | 'notChecked';

export const innerSignatures = ['none', 'valid', 'changed', 'broken', 'untrusted', 'notChecked'] as const;
export type InnerSignature = (typeof innerSignatures)[number];

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
    /** What the upload found of signatures inside a PDF: of the same bytes when `digest` is valid. No part of the outcome. */
    readonly innerSignature: InnerSignature;
  }[];
  readonly checkedAt: string;
}

/** The key that sealed a package, as this gateway knows it of the sender. */
export interface SenderKey {
  /** SHA-256 of its certificate, as the sender sees it among its own keys. */
  readonly fingerprint: string;
  /** Since when it counts as the sender's; null when it never did. */
  readonly registeredAt: string | null;
  /** Whether the log holds the registration by two persons; null when there is none. */
  readonly standing: 'confirmed' | 'notYet' | 'doubted' | null;
  /** Registered not long before it sealed: worth asking the sender, who has another way to be reached. */
  readonly isNew: boolean;
}

export function outcomeOf(
  parts: Pick<PackageVerdict, 'seal' | 'issuer' | 'time' | 'digests'>,
): PackageVerdict['outcome'] {
  const all = [parts.seal, parts.issuer, parts.time, parts.digests];
  if (all.includes('invalid')) return 'invalid';
  return all.includes('notChecked') ? 'unclear' : 'valid';
}

/** Worst first. */
const innerByFinding: readonly (readonly [SignatureFinding, InnerSignature])[] = [
  ['pdf.signature-changed', 'changed'],
  ['pdf.signature-broken', 'broken'],
  ['pdf.signature-untrusted', 'untrusted'],
  ['pdf.signature-not-checked', 'notChecked'],
  ['pdf.signature-valid', 'valid'],
];

export function innerSignatureOf(findings: readonly string[]): InnerSignature {
  return innerByFinding.find(([finding]) => findings.includes(finding))?.[1] ?? 'none';
}

/** Of several documents, the one that the reader has to know of first. */
export function worstInnerSignature(all: readonly InnerSignature[]): InnerSignature {
  return innerByFinding.find(([, inner]) => all.includes(inner))?.[1] ?? 'none';
}
