import type { Fault } from '../faults.ts';
import type { PageFrame } from '../web/layout.tsx';
import type { LedgerLine } from './ledger-line.ts';
import type { CaseView } from './view.ts';

/** What the page of a case and its sections are drawn from. */
export interface CasePageProps {
  readonly frame: PageFrame;
  readonly view: CaseView;
  readonly ledger: readonly LedgerLine[];
  /** The reader has just reported a line of the ledger. */
  readonly reported: boolean;
  /** There is a renewal record of seal and receipts. */
  readonly isRenewed: boolean;
  /** May this reader protect the pupil (支援措置)? */
  readonly protects: boolean;
  readonly reason: Fault | null;
  readonly maxBytes: number;
}
