import { findStaff } from '../../directory/find-member.ts';
import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { IdentityServices } from '../services.ts';
import { actAsStaff, openGuardian } from './act.ts';
import { notifyGuardians } from './notify-guardians.ts';
import { sameName } from './rules.ts';
import { changeGuardian } from './store.ts';

/**
 * The second pair of eyes: this is a guardian of the pupil, with what the record says.
 *
 * @returns `guardian.not-found`, `policy.denied`, `guardian.four-eyes` for whoever entered it, `guardian.own-name` for a
 *   guardian of the confirmer's own name, `guardian.wrong-state`
 */
export async function confirmGuardian(
  services: IdentityServices,
  actor: Actor,
  guardianId: string,
): Promise<Result<true>> {
  const detail = { guardian: guardianId.slice(0, 64) };
  const act = { action: 'guardian.confirm', event: 'guardian.confirmed', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const opened = await openGuardian(tx, services, { staff, action: act.action, guardianId });
      if (!opened.ok) return opened;
      const { guardian, at } = opened.value;
      if (guardian.state !== 'pending') return refuse(fault('guardian.wrong-state', { detail: guardian.state }));
      const self = await findStaff(tx, staff.staffId);
      if (self !== null && sameName(self.name, guardian.name)) return refuse(fault('guardian.own-name'));
      await changeGuardian(tx, guardian, {
        state: 'confirmed',
        confirmedBy: staff.staffId,
        confirmedAt: at,
        correctedFields: null,
      });
      const { pupilId, id } = guardian;
      await notifyGuardians(tx, { pupilId, subject: 'guardian-confirmed', alsoGuardian: id });
      return ok(true);
    },
  });
}
