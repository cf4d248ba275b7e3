import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { IdentityServices } from '../services.ts';
import { actAsStaff, openGuardian, reentered } from './act.ts';
import { notifyGuardians } from './notify-guardians.ts';
import { isInForce, standingOf } from './rules.ts';
import { changeGuardian } from './store.ts';

/**
 * Ends a guardian's record at once, or with a day to come. The guardian and the others are told.
 *
 * @param input.lastDay - the last day of access, `YYYY-MM-DD`; null ends it now
 * @returns `guardian.not-found`, `policy.denied`, `guardian.wrong-state`; `request.malformed` for a day that has passed
 */
export async function endGuardian(
  services: IdentityServices,
  actor: Actor,
  input: { readonly guardianId: string; readonly reason: string; readonly lastDay: string | null },
): Promise<Result<true>> {
  const { guardianId, reason, lastDay } = input;
  const detail = { guardian: guardianId.slice(0, 64), ...(lastDay === null ? {} : { lastDay }) };
  const act = { action: 'guardian.manage', event: 'guardian.ended', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const opened = await openGuardian(tx, services, { staff, action: act.action, guardianId });
      if (!opened.ok) return opened;
      const { guardian, day } = opened.value;
      // A dispute is the principal's to end, whatever comes of it.
      if (!isInForce(guardian.state)) {
        return refuse(fault('guardian.wrong-state', { detail: guardian.state }));
      }
      if (lastDay !== null && lastDay < day) {
        return refuse(fault('request.malformed', { fields: { lastDay: 'guardian.day-passed' } }));
      }
      const { pupilId, id } = guardian;
      const changes = lastDay === null ? ({ state: 'ended', reason } as const) : { validUntil: lastDay, reason };
      await changeGuardian(tx, guardian, changes);
      await notifyGuardians(tx, { pupilId, subject: 'guardian-ended', alsoGuardian: id });
      return ok(true);
    },
  });
}

/**
 * Takes the end back: the record waits for a second member of staff again, and the link stands as it was.
 *
 * @returns `guardian.not-found`, `policy.denied`, `guardian.wrong-state`
 */
export async function restoreGuardian(
  services: IdentityServices,
  actor: Actor,
  guardianId: string,
): Promise<Result<true>> {
  const detail = { guardian: guardianId.slice(0, 64) };
  const act = { action: 'guardian.manage', event: 'guardian.restored', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const opened = await openGuardian(tx, services, { staff, action: act.action, guardianId });
      if (!opened.ok) return opened;
      const { guardian, at, day, pupil } = opened.value;
      const standing = standingOf(guardian, { birthDate: pupil.birthDate, day });
      if (standing !== 'ended' && standing !== 'over')
        return refuse(fault('guardian.wrong-state', { detail: standing }));
      await changeGuardian(tx, guardian, { ...reentered({ staff, at }), reason: null, validUntil: null });
      return ok(true);
    },
  });
}
