import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { IdentityServices } from '../services.ts';
import { actAsStaff, openGuardian } from './act.ts';
import { notifyGuardians } from './notify-guardians.ts';
import { isInForce } from './rules.ts';
import { changeGuardian } from './store.ts';

/**
 * Suspends a guardian's access at once, with a reason; the other guardians keep theirs. One member of staff suffices:
 * it takes away, and only the principal gives back.
 *
 * @returns `guardian.not-found`, `policy.denied`, `guardian.wrong-state`
 */
export async function disputeGuardian(
  services: IdentityServices,
  actor: Actor,
  { guardianId, reason }: { readonly guardianId: string; readonly reason: string },
): Promise<Result<true>> {
  const detail = { guardian: guardianId.slice(0, 64) };
  const act = { action: 'guardian.suspend', event: 'guardian.disputed', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const opened = await openGuardian(tx, services, { staff, action: act.action, guardianId });
      if (!opened.ok) return opened;
      const { guardian } = opened.value;
      if (!isInForce(guardian.state)) {
        return refuse(fault('guardian.wrong-state', { detail: guardian.state }));
      }
      await changeGuardian(tx, guardian, { state: 'disputed', reason });
      await notifyGuardians(tx, { pupilId: guardian.pupilId, subject: 'guardian-disputed' });
      return ok(true);
    },
  });
}

/**
 * The principal ends a dispute: the record is as it was before, or ends.
 *
 * @returns `guardian.not-found`, `policy.denied`, `guardian.wrong-state`
 */
export async function settleDispute(
  services: IdentityServices,
  actor: Actor,
  input: { readonly guardianId: string; readonly outcome: 'restored' | 'ended'; readonly reason: string },
): Promise<Result<true>> {
  const detail = { guardian: input.guardianId.slice(0, 64), outcome: input.outcome };
  const act = { action: 'guardian.settle', event: 'guardian.settled', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const opened = await openGuardian(tx, services, { staff, action: act.action, guardianId: input.guardianId });
      if (!opened.ok) return opened;
      const { guardian } = opened.value;
      if (guardian.state !== 'disputed') return refuse(fault('guardian.wrong-state', { detail: guardian.state }));
      const before = guardian.confirmedAt === null ? 'pending' : 'confirmed';
      const state = input.outcome === 'ended' ? 'ended' : before;
      await changeGuardian(tx, guardian, { state, reason: input.reason });
      await notifyGuardians(tx, { pupilId: guardian.pupilId, subject: 'guardian-settled' });
      return ok(true);
    },
  });
}
