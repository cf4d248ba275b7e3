import { type AppendedEvent, appendEvent } from '../audit/append.ts';
import type { AuditEventName } from '../audit/event-names.ts';
import type { AnyDetail, ExactDetail } from '../audit/event-table.ts';
import type { Transaction } from '../database/connection.ts';
import { scopeOf } from '../policy/actor.ts';
import { assuranceOf, roleOf, schoolOf, sideOf, type VerbContext } from './act.ts';
import type { CaseRow } from './store.ts';

export interface CaseEvent<Name extends AuditEventName, Detail extends AnyDetail> {
  readonly name: Name;
  readonly row: CaseRow;
  /** Digest of the ciphertext concerned, or of the package. */
  readonly digest?: string;
  readonly detail?: ExactDetail<Name, Detail>;
  /** The other side gets an entry of its own, under its own token (docs/adr/0007). */
  readonly alsoOtherSide?: boolean;
  /** No line of the person's ledger: it says nothing of who had access. */
  readonly isHidden?: boolean;
  /** Why, where the act had to be explained; a category, never what somebody typed. */
  readonly reason?: string;
  /** The school in whose ledger a person's act stands too. */
  readonly school?: string;
}

/** Writes the log entry of an act on a case, in the transaction of the act; gives the entry of the actor's side. */
export async function recordEvent<Name extends AuditEventName, Detail extends AnyDetail>(
  tx: Transaction,
  context: VerbContext,
  event: CaseEvent<Name, Detail>,
): Promise<AppendedEvent> {
  const { row } = event;
  const own = sideOf(context.actor, row);
  const side = own === 'none' || own === 'own' ? 'gateway' : own;
  const told: AnyDetail = event.detail ?? {};
  const name: AuditEventName = event.name;
  const entry = (of: 'sender' | 'recipient' | 'person' | 'gateway', organisation: string | null) => ({
    name,
    outcome: 'done' as const,
    side: of,
    organisation,
    actorRole: roleOf(context.actor),
    purpose: row.kind,
    caseId: row.id,
    token: of === 'sender' ? row.senderToken : of === 'recipient' ? row.recipientToken : null,
    ...(event.digest === undefined ? {} : { objectDigest: event.digest }),
    personVisible: event.isHidden !== true,
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    detail: { actor: scopeOf(context.actor).actor, assurance: assuranceOf(context.actor), ...told },
    at: context.gateway.clock.now(),
  });
  const entries = [entry(side, event.school ?? schoolOf(context.actor))];
  if (event.alsoOtherSide === true && (side === 'sender' || side === 'recipient')) {
    const other = side === 'sender' ? 'recipient' : 'sender';
    entries.push(entry(other, other === 'sender' ? row.senderCode : row.recipientCode));
  }
  const [appended] = await Promise.all(entries.map((one) => appendEvent(tx, one, context.gateway.sealDetail)));
  if (appended === undefined) throw new Error('an act left no log entry');
  return appended;
}

/** An act of the actor's school that belongs to no case. The detail is sealed: internal ids, never names. */
export async function logPlainEvent<Name extends AuditEventName, Detail extends AnyDetail>(
  tx: Transaction,
  context: VerbContext,
  name: Name,
  detail?: ExactDetail<Name, Detail>,
): Promise<AppendedEvent> {
  const { actor, gateway } = context;
  const told: AnyDetail = detail ?? {};
  return appendEvent<AuditEventName, AnyDetail>(
    tx,
    {
      name,
      outcome: 'done',
      side: 'gateway',
      organisation: schoolOf(actor),
      actorRole: roleOf(actor),
      purpose: null,
      caseId: null,
      token: null,
      detail: { actor: scopeOf(actor).actor, assurance: assuranceOf(actor), ...told },
      at: gateway.clock.now(),
    },
    gateway.sealDetail,
  );
}
