import { and, asc, eq, gte, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '../database/connection.ts';
import { fromHex } from './bytes.ts';
import { type OpenDetail, revealDetail } from './detail.ts';
import { parseEntry } from './entry.ts';
import { auditEvents, auditLog, logState } from './tables.ts';

/** An event as it stands in the log, with who acted: for the gateway's job of alerts, which nobody acts as. */
export interface EntrySeen {
  readonly index: bigint;
  readonly id: string;
  readonly at: Date;
  readonly name: string;
  readonly outcome: 'done' | 'refused';
  readonly reason: string | null;
  readonly side: 'sender' | 'recipient' | 'person' | 'gateway';
  readonly organisation: string | null;
  readonly actorRole: string;
  readonly caseId: string | null;
  /** `staff:…`, `machine:…`, `person:…`, `system:…`; null when the detail names nobody, or is not what was committed to. */
  readonly actor: string | null;
}

/** Every log that has been begun, oldest year first. */
export async function listOrigins(tx: Transaction): Promise<readonly string[]> {
  const rows = await tx.select({ origin: logState.origin }).from(logState).orderBy(asc(logState.origin));
  return rows.map(({ origin }) => origin);
}

/**
 * Entries from a place on, in the order of the log: nothing is missed and nothing comes twice, whatever order their
 * transactions ended in. `next` is where to go on; entries whose row was lost in a restore are passed over.
 */
export async function readEntries(
  tx: Transaction,
  openDetail: OpenDetail,
  from: { readonly origin: string; readonly index: bigint; readonly limit: number },
): Promise<{ readonly entries: readonly EntrySeen[]; readonly next: bigint }> {
  const rows = await tx
    .select({ index: auditLog.idx, entry: auditLog.entry, event: auditEvents })
    .from(auditLog)
    .leftJoin(auditEvents, eq(auditEvents.id, auditLog.eventId))
    .where(and(eq(auditLog.origin, from.origin), gte(auditLog.idx, from.index)))
    .orderBy(asc(auditLog.idx))
    .limit(from.limit);
  const entries = rows.flatMap(({ index, entry, event }) => {
    if (event === null) return [];
    const { id, at, name, outcome, reason, side, organisation, actorRole, caseId, sealedDetail } = event;
    const actor = actorOf(openDetail(sealedDetail), entry);
    return [{ index, id, at, name, outcome, reason, side, organisation, actorRole, caseId, actor }];
  });
  return { entries, next: (rows.at(-1)?.index ?? from.index - 1n) + 1n };
}

/** What stands in the ledger about these events, newest first. */
export async function findEvents(
  tx: Transaction,
  ids: readonly string[],
): Promise<readonly Omit<EntrySeen, 'index' | 'actor'>[]> {
  if (ids.length === 0) return [];
  const { id, at, name, outcome, reason, side, organisation, actorRole, caseId } = auditEvents;
  const rows = await tx
    .select({ id, at, name, outcome, reason, side, organisation, actorRole, caseId })
    .from(auditEvents)
    .where(inArray(id, [...ids]));
  return rows.toSorted((one, other) => other.at.getTime() - one.at.getTime());
}

const committed = z.object({
  detail: z.object({
    actor: z.string().optional(),
    staff: z.string().nullish(),
    person: z.string().optional(),
    client: z.string().optional(),
    by: z.string().optional(),
  }),
});

/** Who acted, as the entry has committed to it. Log-ins and acts on guardians name an id alone. */
function actorOf(plaintext: Uint8Array | null, entry: string): string | null {
  const parsed = parseEntry(new TextEncoder().encode(entry));
  if (plaintext === null || !parsed.ok) return null;
  const commitment = fromHex(parsed.value.commitment) ?? new Uint8Array();
  const facts = committed.safeParse(revealDetail(plaintext, commitment));
  if (!facts.success) return null;
  const { actor, staff, person, client, by } = facts.data.detail;
  if (actor !== undefined) return actor;
  if (typeof staff === 'string') return `staff:${staff}`;
  if (person !== undefined) return `person:${person}`;
  if (client !== undefined) return `machine:${client}`;
  return by === undefined ? null : by.includes(':') ? by : `staff:${by}`;
}
