import type { AuditEventName } from '../../audit/event-names.ts';
import type { DetailOf } from '../../audit/event-table.ts';
import type { Transaction } from '../../database/connection.ts';
import { lockProtection, type ProtectionRow } from '../../directory/protections.ts';
import { type Fault, fault } from '../../faults.ts';
import type { Actor, StaffActor } from '../../policy/actor.ts';
import type { Action } from '../../policy/decide.ts';
import { type Result, refuse } from '../../result.ts';
import { authorise, ownResource, perform, type VerbContext } from '../act.ts';
import { logPlainEvent } from '../record.ts';
import { type ProtectionView, viewProtection } from './show-protections.ts';

type ProtectionEvent = Extract<AuditEventName, `protection.${string}`>;

export interface Attempted {
  readonly id: string;
  readonly action: Action;
  readonly event: ProtectionEvent;
  /** Did the actor ask for what waits for a second person? */
  readonly isOwn?: (tx: Transaction, row: ProtectionRow, actor: Actor) => Promise<boolean>;
}

/** One act on one order in force, under its lock, with its log entry: the work gives the ids that the entry holds. */
export async function actOnProtection(
  context: VerbContext,
  { id, action, event, isOwn }: Attempted,
  work: (
    tx: Transaction,
    on: { readonly row: ProtectionRow; readonly staff: StaffActor },
  ) => Promise<Result<DetailOf<ProtectionEvent>>>,
): Promise<Result<ProtectionView>> {
  return perform(context, { event, caseId: null, answerIs: 'hidable' }, async (tx) => {
    const { actor } = context;
    // First the role alone: who may never do it is told so, whatever the id.
    const role = authorise(context, action, ownResource(actor));
    if (!role.ok) return role;
    const row = await lockProtection(tx, id);
    if (row === null || actor.kind !== 'staff') return refuse(fault('protection.not-found'));
    const drafter = (await isOwn?.(tx, row, actor)) === true;
    const allowed = authorise(context, action, { ...ownResource(actor), drafter });
    if (!allowed.ok) return refuse(told(allowed.fault));
    if (row.liftedAt !== null) return refuse(fault('protection.wrong-state'));
    const done = await work(tx, { row, staff: actor });
    if (!done.ok) return done;
    await logPlainEvent(tx, context, event, { order: id, ...done.value });
    return viewProtection(tx, context, id);
  });
}

function told(reason: Fault): Fault {
  return reason.detail === 'four-eyes' ? fault('protection.four-eyes') : reason;
}
