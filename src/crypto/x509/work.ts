/** docs/path-validation.md §1. Every figure counts over the whole of one `verifyPath`, the paths of CRL signers included. */
export interface PathLimits {
  /** Certificates besides the anchor. */
  readonly maxCertificates: number;
  readonly maxPool: number;
  readonly maxSignatures: number;
  readonly maxSteps: number;
  readonly maxComparisons: number;
}

export const DEFAULT_LIMITS: PathLimits = {
  maxCertificates: 6,
  maxPool: 64,
  maxSignatures: 128,
  maxSteps: 1_000,
  maxComparisons: 10_000,
};

export type LimitReason = 'limit-pool' | 'limit-signatures' | 'limit-steps' | 'limit-comparisons' | 'limit-deadline';

/** What has been spent so far. One verification shares one. */
export interface Work {
  readonly limits: PathLimits;
  readonly signal: AbortSignal | null;
  signatures: number;
  steps: number;
  comparisons: number;
}

/** Ends a verification that costs too much; `verifyPath` turns it into a reason. */
export class WorkLimitError extends Error {
  readonly reason: LimitReason;
  constructor(reason: LimitReason) {
    super(reason);
    this.name = 'WorkLimitError';
    this.reason = reason;
  }
}

export function newWork(limits: PathLimits, signal: AbortSignal | null): Work {
  return { limits, signal, signatures: 0, steps: 0, comparisons: 0 };
}

export function spendSignature(work: Work): void {
  if (work.signal?.aborted) throw new WorkLimitError('limit-deadline');
  work.signatures += 1;
  if (work.signatures > work.limits.maxSignatures) throw new WorkLimitError('limit-signatures');
}

export function spendStep(work: Work): void {
  if (work.signal?.aborted) throw new WorkLimitError('limit-deadline');
  work.steps += 1;
  if (work.steps > work.limits.maxSteps) throw new WorkLimitError('limit-steps');
}

export function spendComparison(work: Work): void {
  work.comparisons += 1;
  if (work.comparisons > work.limits.maxComparisons) throw new WorkLimitError('limit-comparisons');
}
