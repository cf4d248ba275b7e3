import { appendEvent } from '../audit/append.ts';
import type { AuditEventName } from '../audit/event-names.ts';
import type { AnyDetail, ExactDetail } from '../audit/event-table.ts';
import type { Transaction } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import type { IdentityServices } from './services.ts';

export interface IdentityEvent<Name extends AuditEventName = AuditEventName, Detail extends AnyDetail = AnyDetail> {
  readonly name: Name;
  /** Null when it was done; else the exact reason, which nobody outside is told. */
  readonly refused: string | null;
  readonly organisation?: string | null;
  /** The kind of role, never who. */
  readonly actorRole: string;
  /** Sealed in the entry: internal ids, never names. */
  readonly detail?: ExactDetail<Name, Detail>;
}

type Services = Pick<IdentityServices, 'clock' | 'sealDetail'>;

/** Writes an act of this room into the log, in the transaction of its effect. */
export async function logEvent<Name extends AuditEventName, Detail extends AnyDetail>(
  tx: Transaction,
  services: Services,
  event: IdentityEvent<Name, Detail>,
): Promise<void> {
  const detail: AnyDetail = event.detail ?? {};
  await appendEvent<AuditEventName, AnyDetail>(
    tx,
    {
      name: event.name,
      outcome: event.refused === null ? 'done' : 'refused',
      ...(event.refused === null ? {} : { reason: event.refused }),
      side: event.actorRole === 'person' ? 'person' : 'gateway',
      organisation: event.organisation ?? null,
      actorRole: event.actorRole,
      purpose: null,
      caseId: null,
      token: null,
      detail,
      at: services.clock.now(),
    },
    services.sealDetail,
  );
}

/** A refusal has no effect to share a transaction with: its entry gets one of its own. */
export async function logRefusal<Name extends AuditEventName, Detail extends AnyDetail>(
  services: Services & Pick<IdentityServices, 'database'>,
  event: IdentityEvent<Name, Detail> & { readonly refused: string },
): Promise<void> {
  await services.database.transaction(systemScope('login'), (tx) => logEvent(tx, services, event));
}
