import { systemScope } from '../database/scope.ts';
import { findMemberships } from '../directory/find-member.ts';
import { findSchools } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import type { Actor, Role } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent } from './audit.ts';
import { dayInJapan } from './rules.ts';
import { hashToken, randomToken } from './secrets.ts';
import type { IdentityServices } from './services.ts';
import { renewSession } from './store.ts';

export interface MembershipChoice {
  readonly id: string;
  readonly schoolCode: string;
  readonly schoolName: string;
  readonly schoolNameEnglish: string;
  readonly role: Role;
  readonly homeroom: string | null;
  /** The one the session acts in now. */
  readonly chosen: boolean;
}

/** The schools and roles that somebody may choose today. */
export async function listMemberships(services: IdentityServices, actor: Actor): Promise<Result<MembershipChoice[]>> {
  if (actor.kind !== 'staff' && actor.kind !== 'unboundStaff') return refuse(fault('login.required'));
  const day = dayInJapan(services.clock.now());
  return services.database.transaction(systemScope('login'), async (tx) => {
    const memberships = await findMemberships(tx, actor.staffId, day);
    const schools = await findSchools(
      tx,
      memberships.map(({ schoolCode }) => schoolCode),
    );
    return ok(
      memberships.map(({ id, schoolCode, role, homeroom }) => ({
        id,
        schoolCode,
        schoolName: schools.get(schoolCode)?.name ?? schoolCode,
        schoolNameEnglish: schools.get(schoolCode)?.nameEnglish ?? schoolCode,
        role,
        homeroom,
        chosen: actor.kind === 'staff' && actor.school === schoolCode && actor.role === role,
      })),
    );
  });
}

/**
 * Binds the session to one school and role, at log-in or to switch later. The session gets a new token, since its
 * rights change (ASVS 7.2.4).
 *
 * @returns the new value of the cookie; `membership.not-found` when it is somebody else's or not in force
 */
export async function chooseMembership(
  services: IdentityServices,
  actor: Actor,
  membershipId: string,
): Promise<Result<{ readonly token: string }>> {
  if (actor.kind !== 'staff' && actor.kind !== 'unboundStaff') return refuse(fault('login.required'));
  const day = dayInJapan(services.clock.now());
  return services.database.transaction(systemScope('login'), async (tx) => {
    const memberships = await findMemberships(tx, actor.staffId, day);
    const chosen = memberships.find(({ id }) => id === membershipId);
    const token = randomToken();
    const renewed =
      chosen !== undefined &&
      (await renewSession(tx, { id: actor.sessionId, tokenHash: hashToken(token), membershipId }));
    await logEvent(tx, services, {
      name: 'school.chosen',
      refused: renewed ? null : 'membership-not-found',
      organisation: chosen?.schoolCode ?? null,
      actorRole: chosen?.role ?? 'staff',
      detail: { staff: actor.staffId, session: actor.sessionId, membership: membershipId },
    });
    return renewed ? ok({ token }) : refuse(fault('membership.not-found'));
  });
}
