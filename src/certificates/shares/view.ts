import { type ShareField, type ShareState, stateOfShare } from './rules.ts';
import type { ShareContent } from './sealed-share.ts';
import type { ShareRow, ShareViews } from './store.ts';

/** A share as its holder sees it. */
export interface ShareView {
  readonly id: string;
  readonly certificateId: string;
  /** Null where the key is gone. */
  readonly audience: string | null;
  readonly fields: readonly ShareField[];
  readonly whole: boolean;
  readonly once: boolean;
  readonly hasPin: boolean;
  readonly wrongPins: number;
  readonly state: ShareState;
  readonly madeAt: string;
  readonly expiresAt: string;
  readonly withdrawnAt: string | null;
  /** By the hour, the first one first. */
  readonly views: readonly { readonly hour: string; readonly times: number }[];
}

export function viewShare(
  row: ShareRow,
  { content, views, at }: { content: ShareContent | null; views: readonly ShareViews[]; at: Date },
): ShareView {
  const { id, certificateId, whole, once, tries } = row;
  return {
    id,
    certificateId,
    audience: content?.audience ?? null,
    fields: content?.fields ?? [],
    whole,
    once,
    hasPin: row.pinHash !== null,
    wrongPins: tries,
    state: stateOfShare(row, at),
    madeAt: row.madeAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
    views: views
      .filter(({ shareId }) => shareId === id)
      .map(({ hour, times }) => ({ hour: hour.toISOString(), times })),
  };
}
