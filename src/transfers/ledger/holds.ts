import { findPupil, listPupils } from '../../directory/find-member.ts';
import { fault } from '../../faults.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, look, ownResource, perform, type VerbContext } from '../act.ts';
import { newId } from '../ids.ts';
import { logPlainEvent } from '../record.ts';
import { holdFault, isHolding } from './rules.ts';
import { changeHold, type HoldRow, insertHold, listHolds, lockHold } from './store.ts';

export interface HoldView {
  readonly id: string;
  readonly pupil: { readonly id: string; readonly name: string };
  readonly since: string;
  readonly until: string;
  readonly reason: string;
  readonly state: 'asked' | 'inForce' | 'over';
  readonly may: readonly ('confirm' | 'end')[];
}

/** The school's holds, newest first; of a protected pupil only to whoever may know. */
export async function showHolds(context: VerbContext): Promise<Result<readonly HoldView[]>> {
  return look(context, async (tx) => {
    const staff = keeper(context);
    if (!staff.ok) return staff;
    const views: HoldView[] = [];
    for (const row of await listHolds(tx, staff.value.school)) {
      const pupil = await findPupil(tx, row.pupilId);
      views.push(viewOf(context, row, { staff: staff.value, name: pupil?.displayName ?? '' }));
    }
    return ok(views);
  });
}

/** For the form: the school's pupils, those whom a protection order hides left out for whoever may not know. */
export async function listHoldablePupils(
  context: VerbContext,
): Promise<Result<readonly { readonly id: string; readonly name: string }[]>> {
  return look(context, async (tx) => {
    const staff = keeper(context);
    if (!staff.ok) return staff;
    const rows = await listPupils(tx, { school: staff.value.school, homeroom: null, after: null, limit: 1000 });
    return ok(rows.map(({ id, displayName, homeroom }) => ({ id, name: `${displayName}（${homeroom}）` })));
  });
}

/**
 * An inquiry asks that lines of this school about a pupil be held back from the ledgers of persons, from now on and until a
 * day. Nothing is held before a second person has confirmed it. Faults: pupil.not-found, request.malformed.
 */
export async function askHold(
  context: VerbContext,
  input: {
    readonly pupilId: string;
    readonly since: Date | null;
    readonly until: Date | null;
    readonly reason: string;
  },
): Promise<Result<{ readonly id: string }>> {
  return perform(context, { event: 'ledger-hold.asked', caseId: null }, async (tx) => {
    const staff = keeper(context);
    if (!staff.ok) return staff;
    const pupil = await findPupil(tx, input.pupilId);
    if (pupil === null || pupil.schoolCode !== staff.value.school) return refuse(fault('pupil.not-found'));
    const now = context.gateway.clock.now();
    const since = input.since ?? now;
    const { until, reason } = input;
    const wrong = until === null ? ({ until: 'hold.until-past' } as const) : holdFault({ since, until, reason, now });
    if (until === null || wrong !== null) return refuse(fault('request.malformed', { fields: wrong ?? {} }));
    const id = newId();
    await insertHold(tx, {
      id,
      schoolCode: staff.value.school,
      pupilId: pupil.id,
      since,
      until,
      reason: reason.trim(),
      askedBy: staff.value.staffId,
      askedByKey: staff.value.personKey,
      askedAt: now,
      confirmedBy: null,
      confirmedAt: null,
      endedAt: null,
    });
    await logPlainEvent(tx, context, 'ledger-hold.asked', { hold: id });
    return ok({ id });
  });
}

/** The second person's yes. Faults: hold.not-found, policy.denied for whoever asked. */
export async function confirmHold(context: VerbContext, id: string): Promise<Result<true>> {
  return perform(context, { event: 'ledger-hold.confirmed', caseId: null }, async (tx) => {
    const staff = keeper(context);
    if (!staff.ok) return staff;
    const row = await lockHold(tx, id);
    if (row === null) return refuse(fault('hold.not-found'));
    // By person, not by account (ASVS 2.3.5).
    if (row.askedByKey === staff.value.personKey) return refuse(fault('policy.denied', { detail: 'four-eyes' }));
    if (row.confirmedAt !== null || row.endedAt !== null) return ok(true);
    await changeHold(tx, id, { confirmedBy: staff.value.staffId, confirmedAt: context.gateway.clock.now() });
    await logPlainEvent(tx, context, 'ledger-hold.confirmed', { hold: id });
    return ok(true);
  });
}

/** Ends one before its day, or takes back what was asked; either of the two may. */
export async function endHold(context: VerbContext, id: string): Promise<Result<true>> {
  return perform(context, { event: 'ledger-hold.ended', caseId: null }, async (tx) => {
    const staff = keeper(context);
    if (!staff.ok) return staff;
    const row = await lockHold(tx, id);
    if (row === null) return refuse(fault('hold.not-found'));
    if (row.endedAt !== null) return ok(true);
    await changeHold(tx, id, { endedAt: context.gateway.clock.now() });
    await logPlainEvent(tx, context, 'ledger-hold.ended', { hold: id });
    return ok(true);
  });
}

function keeper(context: VerbContext): Result<StaffActor> {
  const { actor } = context;
  const allowed = authorise(context, 'ledger.hold', ownResource(actor));
  if (!allowed.ok) return allowed;
  return actor.kind === 'staff' ? ok(actor) : refuse(fault('policy.denied', { detail: 'staff-only' }));
}

function viewOf(
  { gateway }: VerbContext,
  row: HoldRow,
  { staff, name }: { readonly staff: StaffActor; readonly name: string },
): HoldView {
  const now = gateway.clock.now();
  const isOver = row.endedAt !== null || row.until <= now;
  const state = isOver ? 'over' : isHolding(row, now) ? 'inForce' : 'asked';
  const mayConfirm = state === 'asked' && row.askedByKey !== staff.personKey;
  return {
    id: row.id,
    pupil: { id: row.pupilId, name },
    since: row.since.toISOString(),
    until: (row.endedAt !== null && row.endedAt < row.until ? row.endedAt : row.until).toISOString(),
    reason: row.reason,
    state,
    may: [...(mayConfirm ? (['confirm'] as const) : []), ...(isOver ? [] : (['end'] as const))],
  };
}
