import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { toHex } from './bytes.ts';
import { commitDetail, type JsonObject, type SealDetail } from './detail.ts';
import { type EntryBody, encodeBody, type Side } from './entry.ts';
import type { AuditEventName } from './event-names.ts';
import type { AnyDetail, ExactDetail } from './event-table.ts';

/** An act, done or refused, as its verb tells it. */
export interface AuditEvent<Name extends AuditEventName = AuditEventName, Detail extends AnyDetail = AnyDetail> {
  readonly name: Name;
  readonly outcome: 'done' | 'refused';
  /** Why it was refused: a fault's exact code. Or why it was done, where that had to be said: a category. */
  readonly reason?: string;
  readonly side: Side;
  /** Code of the organisation that acted; null for people and for the gateway itself. */
  readonly organisation: string | null;
  /** A role's identifier (`clerk`, `person`, `machine` …), never a name. */
  readonly actorRole: string;
  readonly purpose: string | null;
  readonly caseId: string | null;
  /** 128 random bits per case and side, hexadecimal; drawn afresh when null. */
  readonly token: string | null;
  /** SHA-256 of a ciphertext, hexadecimal. */
  readonly objectDigest?: string;
  /** Committed to in the log and kept encrypted. Its `assurance`, where somebody was logged in, stands in the row too. */
  readonly detail: ExactDetail<Name, Detail>;
  /** Other organisations and boards that may see the event. None in a protected case. */
  readonly visibleTo?: readonly string[];
  /** Whether it shows in the ledger of the person whom the case concerns. */
  readonly personVisible?: boolean;
  readonly at: Date;
}

export interface AppendedEvent {
  readonly eventId: string;
  /** What the log will say, but for its place: a receipt can be signed over it at once. */
  readonly body: EntryBody;
}

/**
 * Writes an event in the transaction of its cause, as one statement: what parties may read, and what the sequencer
 * will put into the log. Neither exists without the act, nor the act without them.
 */
export async function appendEvent<Name extends AuditEventName, Detail extends AnyDetail>(
  tx: Transaction,
  event: AuditEvent<Name, Detail>,
  seal: SealDetail,
): Promise<AppendedEvent> {
  const eventId = newEventId(event.at);
  const { commitment, sealedDetail } = commitDetail(committedFacts(eventId, event), seal);
  const body = bodyOfEvent(event, commitment);
  const visibleTo = event.visibleTo?.length
    ? `{${event.visibleTo.map((code) => JSON.stringify(code)).join(',')}}`
    : null;
  await tx.execute(sql`
    with event as (
      insert into audit_events (id, at, name, outcome, reason, side, organisation, actor_role, assurance, purpose, case_id,
        object_digest, visible_to, person_visible, sealed_detail)
      values (${eventId}::uuid, ${body.time}::timestamptz, ${event.name}, ${event.outcome}, ${event.reason ?? null},
        ${event.side}, ${event.organisation}, ${event.actorRole}, ${assuranceOf(event)}, ${event.purpose}, ${event.caseId},
        ${body.objectDigest}, ${visibleTo}::text[], ${event.personVisible ?? false},
        ${Buffer.from(sealedDetail.buffer, sealedDetail.byteOffset, sealedDetail.length)}::bytea)
    )
    insert into audit_pending (event_id, organisation, body)
    values (${eventId}::uuid, ${event.organisation}, ${encodeBody(body)})`);
  return { eventId, body };
}

/** 128 random bits, the form of tokens. A case draws one for each side and keeps it. */
export function newLogToken(): string {
  return randomBytes(16).toString('hex');
}

/** The level of the log-in is part of every act: what the commitment binds is what the ledger shows. */
function assuranceOf({ detail }: AuditEvent): string | null {
  const level = detail['assurance'];
  return typeof level === 'string' ? level : null;
}

function bodyOfEvent(event: AuditEvent, commitment: Uint8Array): EntryBody {
  return {
    v: 1,
    event: event.outcome === 'done' ? event.name : `${event.name}.refused`,
    time: event.at.toISOString(),
    side: event.side,
    orgRole: event.actorRole,
    purpose: event.purpose,
    objectDigest: event.objectDigest ?? null,
    token: event.token ?? newLogToken(),
    nonce: newLogToken(),
    commitment: toHex(commitment),
  };
}

/** The commitment binds the readable row too: whoever holds the salt can prove which case and school it was. */
function committedFacts(eventId: string, event: AuditEvent): JsonObject {
  return {
    eventId,
    organisation: event.organisation,
    caseId: event.caseId,
    reason: event.reason ?? null,
    detail: event.detail,
  };
}

/** A UUID of version 7 (RFC 9562 §5.7): the index grows at its end. It tells the time, which the receipt tells anyway. */
function newEventId(at: Date): string {
  const hex = `${at.getTime().toString(16).padStart(12, '0')}${randomBytes(10).toString('hex')}`;
  const version = `7${hex.slice(13, 16)}`;
  const variant = `${((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)}${hex.slice(17, 20)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), version, variant, hex.slice(20)].join('-');
}
