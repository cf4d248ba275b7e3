import type { Actor } from '../../policy/actor.ts';
import type { ReceiptEvent } from '../issue-receipt.ts';
import type { LedgerLine } from '../ledger-line.ts';
import type { CaseRow, ReceiptRow } from '../store.ts';

/** A person sees the ledgers of both schools, in which some acts stand twice. */
export function withoutMirrors(ledger: readonly LedgerLine[]): readonly LedgerLine[] {
  return ledger.filter(
    (line, index) =>
      !ledger
        .slice(0, index)
        .some(({ event, at, side }) => event === line.event && at === line.at && side !== line.side),
  );
}

const receiptOf: Readonly<Record<ReceiptEvent, string>> = {
  SubmissionAcceptance: 'package.deposited',
  SubmissionWithdrawal: 'package.withdrawn',
  ContentHandover: 'package.opened',
  ConsignmentRejection: 'package.returned',
  ConsignmentAcceptance: 'package.acknowledged',
};

/**
 * Each receipt beside the act that it states: by the event's number, and at the other school, whose entry of the act has
 * another number, by act and time (a case that was sent again has one of each for every attempt).
 */
export function attachReceipts(
  lines: readonly LedgerLine[],
  receipts: readonly ReceiptRow[],
): ReadonlyMap<string, ReceiptRow> {
  const attached = new Map<string, ReceiptRow>();
  for (const receipt of receipts) {
    const event = Object.entries(receiptOf).find(([name]) => name === receipt.event)?.[1];
    const distance = (line: LedgerLine) => Math.abs(Date.parse(line.at) - receipt.issuedAt.getTime());
    const own = lines.find(({ eventId }) => eventId === receipt.eventId);
    const [nearest] = lines
      .filter((line) => line.event === event && !attached.has(line.eventId))
      .toSorted((one, other) => distance(one) - distance(other));
    const line = own ?? nearest;
    if (line !== undefined) attached.set(line.eventId, receipt);
  }
  return attached;
}

/**
 * In a protected case (支援措置) even persons who see it are not told the receiver in a ledger: a page that is meant to be
 * shown, printed and kept goes further than one thinks.
 */
export function isHiddenReceiver(actor: Actor, { protection }: Pick<CaseRow, 'protection'>): boolean {
  return actor.kind === 'person' && protection !== 'none';
}
