import type { Transaction } from '../../database/connection.ts';
import {
  addClearance,
  type ClearanceRow,
  confirmClearance,
  lockClearance,
  type ProtectionRow,
  removeClearance,
} from '../../directory/protections.ts';
import { fault } from '../../faults.ts';
import { findConfirmedGuardians } from '../../identity/guardians/find-guardian.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { VerbContext } from '../act.ts';
import { actOnProtection } from './act.ts';
import type { ProtectionView } from './show-protections.ts';
import { pupilIdOf } from './subject.ts';

interface Of {
  readonly id: string;
  readonly guardianId: string;
}

/**
 * Asks that this guardian see the pupil's cases although they are protected. Until a second person confirms it, nothing
 * changes. Faults: guardian.not-found, protection.wrong-state.
 */
export async function askClearance(context: VerbContext, { id, guardianId }: Of): Promise<Result<ProtectionView>> {
  const attempt = { id, action: 'protection.manage', event: 'protection.clearance-asked' } as const;
  return actOnProtection(context, attempt, async (tx, { row, staff }) => {
    const pupilId = pupilIdOf(row.subject);
    const known = pupilId === null ? [] : await findConfirmedGuardians(tx, pupilId);
    if (!known.some((guardian) => guardian.id === guardianId)) return refuse(fault('guardian.not-found'));
    const { staffId: enteredBy, personKey: enteredByKey } = staff;
    const by = { enteredBy, enteredByKey, enteredAt: context.gateway.clock.now() };
    const isNew = await addClearance(tx, { orderId: id, schoolCode: row.schoolCode, guardianId, ...by });
    return isNew ? ok({ guardian: guardianId }) : refuse(fault('protection.wrong-state'));
  });
}

/** The second person: from now on the guardian sees them again. Faults: protection.four-eyes. */
export async function confirmClearing(context: VerbContext, { id, guardianId }: Of): Promise<Result<ProtectionView>> {
  const attempt = { id, action: 'protection.confirm', event: 'protection.cleared', isOwn: asked(guardianId) } as const;
  return actOnProtection(context, attempt, async (tx, { row, staff }) => {
    const clearance = await lockClearance(tx, row.id, guardianId);
    if (clearance === null) return refuse(fault('guardian.not-found'));
    if (clearance.confirmedAt !== null) return refuse(fault('protection.wrong-state'));
    await confirmClearance(tx, clearance, { by: staff.staffId, at: context.gateway.clock.now() });
    return ok({ guardian: guardianId });
  });
}

/** Ends a clearance, or takes the question back: at once, by one person. */
export async function endClearance(context: VerbContext, { id, guardianId }: Of): Promise<Result<ProtectionView>> {
  const attempt = { id, action: 'protection.manage', event: 'protection.clearance-ended' } as const;
  return actOnProtection(context, attempt, async (tx, { row }) => {
    const wasThere = await removeClearance(tx, row.id, guardianId);
    return wasThere ? ok({ guardian: guardianId }) : refuse(fault('guardian.not-found'));
  });
}

/** By person and by account (ASVS 2.3.5). */
function asked(guardianId: string) {
  return async (tx: Transaction, row: ProtectionRow, actor: VerbContext['actor']): Promise<boolean> => {
    const clearance = await lockClearance(tx, row.id, guardianId);
    return clearance !== null && enteredIt(actor, clearance);
  };
}

function enteredIt(actor: VerbContext['actor'], { enteredBy, enteredByKey }: ClearanceRow): boolean {
  return actor.kind === 'staff' && (actor.personKey === enteredByKey || actor.staffId === enteredBy);
}
