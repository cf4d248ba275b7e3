import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ownThing } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { IdentityServices } from '../services.ts';
import { actAsStaff } from './act.ts';
import { markCodeWithdrawn } from './store.ts';

/**
 * Makes a code on paper worthless before it is used.
 *
 * @returns `policy.denied`; `linking-code.not-found` alike for another school's, a used, a withdrawn and no code
 */
export async function withdrawLinkingCode(
  services: IdentityServices,
  actor: Actor,
  codeId: string,
): Promise<Result<true>> {
  const detail = { code: codeId.slice(0, 64) };
  const act = { action: 'pupil.link', event: 'linking-code.withdrawn', detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const at = services.clock.now();
      const allowed = permit(staff, act.action, ownThing, { now: at });
      if (!allowed.ok) return allowed;
      const withdrawn = await markCodeWithdrawn(tx, { codeId, by: staff.staffId, at });
      return withdrawn === null ? refuse(fault('linking-code.not-found')) : ok(true);
    },
  });
}
