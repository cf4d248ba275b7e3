import { and, asc, eq } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { auditEvents } from './tables.ts';

export interface CaseEventRow {
  readonly id: string;
  readonly at: Date;
  readonly name: string;
  readonly outcome: 'done' | 'refused';
  readonly side: 'sender' | 'recipient' | 'person' | 'gateway';
  readonly actorRole: string;
  readonly organisation: string | null;
  /** Level of the log-in of whoever acted; null where nobody was logged in. */
  readonly assurance: string | null;
  readonly reason: string | null;
}

/** What the log holds on a case for one organisation, or for the person whom it concerns; oldest first. */
export async function listCaseEvents(
  tx: Transaction,
  filter: { readonly caseId: string; readonly organisation: string | null; readonly personVisibleOnly: boolean },
): Promise<CaseEventRow[]> {
  return tx
    .select({
      id: auditEvents.id,
      at: auditEvents.at,
      name: auditEvents.name,
      outcome: auditEvents.outcome,
      side: auditEvents.side,
      actorRole: auditEvents.actorRole,
      organisation: auditEvents.organisation,
      assurance: auditEvents.assurance,
      reason: auditEvents.reason,
    })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.caseId, filter.caseId),
        filter.organisation === null ? undefined : eq(auditEvents.organisation, filter.organisation),
        filter.personVisibleOnly ? eq(auditEvents.personVisible, true) : undefined,
      ),
    )
    .orderBy(asc(auditEvents.at), asc(auditEvents.id))
    .limit(500);
}
