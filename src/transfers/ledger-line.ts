/** One act in the ledger of a case, as its reader may know of it. */
export interface LedgerLine {
  readonly at: string;
  readonly event: string;
  readonly side: 'sender' | 'recipient' | 'person' | 'gateway';
  /** Code of the school that acted, or of the board whose auditor did; null for persons and the gateway, and where the receiver is not told (支援措置). */
  readonly organisation: string | null;
  readonly role: string;
  /** How strongly whoever did it had been authenticated. */
  readonly assurance: string | null;
  readonly outcome: 'done' | 'refused';
  /** Of a break-glass, and of a name opened to a board: the kind of reason; null for every other act. */
  readonly reason: string | null;
  readonly eventId: string;
}
