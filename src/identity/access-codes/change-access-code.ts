import { systemScope } from '../../database/scope.ts';
import { fault } from '../../faults.ts';
import type { Actor } from '../../policy/actor.ts';
import { ownThing } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { actAsStaff } from '../guardians/act.ts';
import type { IdentityServices } from '../services.ts';
import { type AccessCodeState, stateOfAccessCode } from './rules.ts';
import { changeAccessCode, deleteCodeSessions, lockAccessCode } from './store.ts';
import type { AccessCodeRow } from './tables.ts';

/**
 * Makes a paper worthless, used or not; what it has opened ends at once.
 *
 * @returns `policy.denied`; `access-code.not-found` alike for another school's, a withdrawn and no code
 */
export async function withdrawAccessCode(
  services: IdentityServices,
  actor: Actor,
  codeId: string,
): Promise<Result<true>> {
  const withdrawn = await changed(services, actor, {
    codeId,
    event: 'access-code.withdrawn',
    from: ['open', 'locked', 'used', 'expired'],
    change: (at, by) => ({ withdrawnAt: at, withdrawnBy: by }),
  });
  if (!withdrawn.ok) return withdrawn;
  // The school's own transaction has no hold on sessions.
  await services.database.transaction(systemScope('access-code'), (tx) => deleteCodeSessions(tx, withdrawn.value.id));
  return ok(true);
}

/**
 * Gives a locked paper its tries back, after the school has spoken with its holder.
 *
 * @returns `policy.denied`; `access-code.not-found` alike for another school's, one that is not locked, and none
 */
export async function releaseAccessCode(
  services: IdentityServices,
  actor: Actor,
  codeId: string,
): Promise<Result<true>> {
  const released = await changed(services, actor, {
    codeId,
    event: 'access-code.released',
    from: ['locked'],
    change: (at, by) => ({ tries: 0, numbersSent: 0, releasedAt: at, releasedBy: by }),
  });
  return released.ok ? ok(true) : released;
}

interface Change {
  readonly codeId: string;
  readonly event: 'access-code.withdrawn' | 'access-code.released';
  /** The states it may be in. */
  readonly from: readonly AccessCodeState[];
  change(at: Date, by: string): Partial<AccessCodeRow>;
}

async function changed(services: IdentityServices, actor: Actor, wanted: Change): Promise<Result<AccessCodeRow>> {
  const detail = { code: wanted.codeId.slice(0, 64) };
  const act = { action: 'accessCode.issue', event: wanted.event, detail } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const at = services.clock.now();
      const allowed = permit(staff, act.action, ownThing, { now: at });
      if (!allowed.ok) return allowed;
      // Row level security leaves a school its own.
      const code = await lockAccessCode(tx, { id: wanted.codeId });
      if (code === null || !wanted.from.includes(stateOfAccessCode(code, at))) {
        return refuse(fault('access-code.not-found'));
      }
      await changeAccessCode(tx, code.id, wanted.change(at, staff.staffId));
      return ok(code);
    },
  });
}
