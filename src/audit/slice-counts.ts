import type { LogEntry } from './entry.ts';
import type { LogFinding } from './log-findings.ts';

/** Watches that boardSeq runs 1, 2, 3 … in every slice: what is missing was left out, whatever the tree says. */
export interface SliceCounts {
  see(index: bigint, entry: LogEntry): void;
  slices(): ReadonlyMap<string, bigint>;
  entries(): bigint;
}

export function createSliceCounts(findings: LogFinding[]): SliceCounts {
  const counts = new Map<string, bigint>();
  let entries = 0n;
  return {
    see: (index, { boardSlice: slice, boardSeq }) => {
      entries += 1n;
      const seq = BigInt(boardSeq);
      const expected = (counts.get(slice) ?? 0n) + 1n;
      if (seq > expected) findings.push({ code: 'slice.gap', index, slice, missing: expected });
      if (seq < expected) findings.push({ code: 'slice.repeated', index, slice, seq });
      if (seq >= expected) counts.set(slice, seq);
    },
    slices: () => counts,
    entries: () => entries,
  };
}
