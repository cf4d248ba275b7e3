import { parseEntry } from './entry.ts';
import type { LogFinding } from './log-findings.ts';
import { createSliceCounts } from './slice-counts.ts';
import { type LogToVerify, type LogVerdict, verifyLog } from './verify-log.ts';

/** A board's own entries: a random name, and each entry with its place in the log. */
export interface LogSlice {
  readonly slice: string;
  readonly entries: readonly { readonly index: bigint; readonly entry: Uint8Array }[];
}

/**
 * What a board checks of its own share against the public tiles: each entry lies in the tree where it should, and
 * nothing of the slice was left out. Entries after the last one known cannot be missed until the next export.
 */
export async function verifySlice(
  log: Omit<LogToVerify, 'entries'>,
  { slice, entries }: LogSlice,
): Promise<LogVerdict> {
  const verdict = await verifyLog({ ...log, entries });
  const findings: LogFinding[] = [...verdict.findings];
  const counts = createSliceCounts(findings);
  for (const { index, entry } of entries.toSorted((a, b) => (a.index < b.index ? -1 : 1))) {
    const parsed = parseEntry(entry);
    if (!parsed.ok || parsed.value.boardSlice !== slice) findings.push({ code: 'entry.malformed', index });
    else counts.see(index, parsed.value);
  }
  return {
    ...verdict,
    valid: findings.length === 0,
    findings,
    entriesChecked: counts.entries(),
    slices: counts.slices(),
  };
}
