import { and, asc, desc, eq, gte, inArray, isNull, lte, not, or, type SQL, sql } from 'drizzle-orm';
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

const fields = {
  id: auditEvents.id,
  at: auditEvents.at,
  name: auditEvents.name,
  outcome: auditEvents.outcome,
  side: auditEvents.side,
  actorRole: auditEvents.actorRole,
  organisation: auditEvents.organisation,
  assurance: auditEvents.assurance,
  reason: auditEvents.reason,
};

/** What the log holds on a case for one organisation, or for the person whom it concerns; oldest first. */
export async function listCaseEvents(
  tx: Transaction,
  filter: { readonly caseId: string; readonly organisation: string | null; readonly personVisibleOnly: boolean },
): Promise<CaseEventRow[]> {
  return tx
    .select(fields)
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

/** The school in whose part of the log an event stands; read as the ledger's own job. */
export async function organisationOf(tx: Transaction, eventId: string): Promise<string | null> {
  const [row] = await tx
    .select({ organisation: auditEvents.organisation })
    .from(auditEvents)
    .where(eq(auditEvents.id, eventId));
  return row?.organisation ?? null;
}

/** A line of somebody's ledger. */
export interface PupilEventRow extends CaseEventRow {
  readonly caseId: string | null;
  readonly pupilId: string;
  readonly purpose: string | null;
  readonly objectDigest: string | null;
}

/** What a page of a ledger shows; who may see these pupils and cases has been asked before. */
export interface PupilEventFilter {
  readonly pupilIds: readonly string[];
  /** Of lines about a case, those of these alone. */
  readonly caseIds: readonly string[];
  /** Pupils of whom lines about no case are shown. */
  readonly wholePupilIds: readonly string[];
  readonly since: Date | null;
  /** Nothing younger than this. */
  readonly until: Date;
  readonly names: readonly string[] | null;
  readonly id: string | null;
  readonly held: readonly { readonly pupilId: string; readonly organisation: string; readonly since: Date }[];
  readonly after: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
}

/** Acts that stand in the parts of both schools: the line of the one that acted is told. */
const ofSender = ['package.deposited', 'package.withdrawn'];
const ofRecipient = ['package.opened', 'package.returned', 'package.acknowledged', 'custody.moved'];

/** Newest first, each act once. */
export async function listPupilEvents(tx: Transaction, filter: PupilEventFilter): Promise<PupilEventRow[]> {
  if (filter.pupilIds.length === 0) return [];
  const { after } = filter;
  const rows = await tx
    .select({
      ...fields,
      caseId: auditEvents.caseId,
      pupilId: auditEvents.pupilId,
      purpose: auditEvents.purpose,
      objectDigest: auditEvents.objectDigest,
    })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.personVisible, true),
        inArray(auditEvents.pupilId, [...filter.pupilIds]),
        or(
          filter.caseIds.length === 0 ? undefined : inArray(auditEvents.caseId, [...filter.caseIds]),
          filter.wholePupilIds.length === 0
            ? undefined
            : and(isNull(auditEvents.caseId), inArray(auditEvents.pupilId, [...filter.wholePupilIds])),
          sql`false`,
        ),
        filter.since === null ? undefined : gte(auditEvents.at, filter.since),
        lte(auditEvents.at, filter.until),
        filter.names === null ? undefined : inArray(auditEvents.name, [...filter.names]),
        filter.id === null ? undefined : eq(auditEvents.id, filter.id),
        // The ledger of a case tells an act of both schools' sides: what was read there can be asked for by its id.
        filter.id === null ? isNoMirror() : undefined,
        ...filter.held.map(
          ({ pupilId, organisation, since }) =>
            // Of a person’s own act no school stands in the line.
            sql`not (${auditEvents.pupilId} = ${pupilId} and ${auditEvents.organisation} is not distinct from ${organisation} and ${auditEvents.at} >= ${since.toISOString()}::timestamptz)`,
        ),
        after === null
          ? undefined
          : sql`(${auditEvents.at}, ${auditEvents.id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(filter.limit);
  return rows.flatMap((row) => (row.pupilId === null ? [] : [{ ...row, pupilId: row.pupilId }]));
}

/** An act on two sides has a line for each; a person is told it once, by the side that acted. */
function isNoMirror(): SQL | undefined {
  return and(
    not(and(eq(auditEvents.side, 'recipient'), inArray(auditEvents.name, ofSender)) ?? sql`false`),
    not(and(eq(auditEvents.side, 'sender'), inArray(auditEvents.name, ofRecipient)) ?? sql`false`),
  );
}
