import type { CheckpointReason } from './checkpoint.ts';
import type { StatementReason } from './slice-statement.ts';

/** What is wrong with a log, and where. */
export type LogFinding =
  | { readonly code: 'checkpoint.missing' }
  /** Too few witnesses of the policy have cosigned; their names, with commas between. */
  | { readonly code: 'quorum.missing'; readonly cosigned: string }
  | { readonly code: 'checkpoint.refused' | 'older-checkpoint.refused'; readonly reason: CheckpointReason }
  | { readonly code: 'older-checkpoint.inconsistent' | 'older-checkpoint.larger'; readonly size: bigint }
  | { readonly code: 'root.mismatch'; readonly size: bigint }
  | { readonly code: 'tile.missing' | 'tile.malformed' | 'tile.mismatch'; readonly path: string }
  | { readonly code: 'entry.altered' | 'entry.malformed' | 'entry.missing'; readonly index: bigint }
  | { readonly code: 'entry.not-included'; readonly index: bigint }
  | { readonly code: 'slice.gap'; readonly index: bigint; readonly slice: string; readonly missing: bigint }
  | { readonly code: 'slice.repeated'; readonly index: bigint; readonly slice: string; readonly seq: bigint }
  | SliceFinding;

/** What is wrong with the entries that a board or a school was given. */
export type SliceFinding =
  | { readonly code: 'statement.refused'; readonly reason: StatementReason }
  /** It is about somebody else, or its key is not that of the slice. */
  | { readonly code: 'statement.other-owner' | 'statement.other-key' }
  /** The log says that the slice has this many at a checkpoint that is not in the history of the tiles. */
  | { readonly code: 'statement.other-history'; readonly size: bigint }
  /** The tiles are older than the statement; they have to be fetched anew. */
  | { readonly code: 'statement.newer'; readonly size: bigint }
  /** The entry is of another slice. */
  | { readonly code: 'slice.foreign'; readonly index: bigint }
  /** The same board or school was shown another slice before. */
  | { readonly code: 'slice.changed'; readonly slice: string }
  /** The log has signed that the slice has more; the first number that is not there. */
  | { readonly code: 'slice.short'; readonly missing: bigint }
  /** The log has signed that the slice ends before this entry. */
  | { readonly code: 'slice.understated'; readonly index: bigint }
  /** The entry of an earlier export was due and is not there: what came last is being kept back. */
  | { readonly code: 'echo.missing'; readonly time: string }
  /** A receipt has this entry of the slice, and it was not given. */
  | { readonly code: 'entry.withheld'; readonly index: bigint }
  /** What was disclosed of an entry is not what the entry committed to, or there is no such entry. */
  | { readonly code: 'detail.other' | 'detail.unknown'; readonly index: bigint };
