import type { CheckpointReason } from './checkpoint.ts';

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
  | { readonly code: 'slice.repeated'; readonly index: bigint; readonly slice: string; readonly seq: bigint };
