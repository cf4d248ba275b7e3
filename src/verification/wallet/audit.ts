import { appendEvent } from '../../audit/append.ts';
import type { DetailOf } from '../../audit/event-table.ts';
import type { Transaction } from '../../database/connection.ts';
import type { Gateway } from '../../gateway.ts';

type Name = 'presentation.asked' | 'presentation.shown' | 'presentation.released';

interface PresentationEvent {
  readonly name: Name;
  /** A fault's code; null when it was done. */
  readonly refused: string | null;
  /** Words of lists: nothing of what was shown, and nothing by which one request is told from another. */
  readonly detail: DetailOf<Name>;
}

/** Nobody is logged in on either side: the log tells that it happened, and how it ended. */
export async function logPresentation(
  tx: Transaction,
  { clock, sealDetail }: Pick<Gateway, 'clock' | 'sealDetail'>,
  { name, refused, detail }: PresentationEvent,
): Promise<void> {
  await appendEvent(
    tx,
    {
      name,
      outcome: refused === null ? 'done' : 'refused',
      ...(refused === null ? {} : { reason: refused }),
      side: 'gateway',
      organisation: null,
      actorRole: 'anonymous',
      purpose: null,
      caseId: null,
      token: null,
      detail,
      at: clock.now(),
    },
    sealDetail,
  );
}
