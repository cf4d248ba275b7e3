import { fault } from '../../faults.ts';
import { type Actor, type PersonActor, scopeOf } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { logEvent } from '../audit.ts';
import { withdrawWithLink } from '../consents/withdraw-consent.ts';
import { markLinkEnded } from '../links/store.ts';
import { permitPerson } from '../permit-person.ts';
import type { IdentityServices } from '../services.ts';
import { actAsStaff, openPupil } from './act.ts';
import { notifyGuardians } from './notify-guardians.ts';
import { lockLink } from './store.ts';

/**
 * Ends a link, or refuses one that waits: by the person, or by the school. It is over at the person's next request;
 * what was seen before stays in the log.
 *
 * @returns `link.not-found`, `policy.denied`
 */
export async function endLink(services: IdentityServices, actor: Actor, linkId: string): Promise<Result<true>> {
  if (actor.kind === 'person') return endOwnLink(services, actor, linkId);
  // Whoever hands out codes may take the link back, and whoever confirms may refuse it.
  const isClerk = actor.kind === 'staff' && actor.role === 'clerk';
  const action = isClerk ? 'pupil.link' : 'guardian.confirm';
  const act = { action, event: 'person.unlinked', detail: { link: linkId.slice(0, 64) } } as const;
  return actAsStaff(services, actor, {
    act,
    work: async (tx, staff) => {
      const link = await lockLink(tx, linkId);
      const pupilId = link?.pupilId ?? '';
      const opened = await openPupil(tx, services, { staff, action, pupilId });
      if (!opened.ok) return opened.fault.code === 'pupil.not-found' ? refuse(fault('link.not-found')) : opened;
      const { at } = opened.value;
      const by = scopeOf(staff).actor;
      if (link?.endedAt === null) await withdrawWithLink(tx, services, { link, by, actorRole: staff.role });
      const ended = await markLinkEnded(tx, { linkId, endedBy: by, at });
      if (ended === null) return refuse(fault('link.not-found'));
      await notifyGuardians(tx, { pupilId, subject: 'link-ended', ...aboutGuardian(ended.guardianId) });
      return ok(true);
    },
  });
}

async function endOwnLink(services: IdentityServices, actor: PersonActor, linkId: string): Promise<Result<true>> {
  const { actor: endedBy } = scopeOf(actor);
  const permitted = await permitPerson(services, actor, { action: 'link.manage', event: 'person.unlinked' });
  if (!permitted.ok) return permitted;
  return services.database.transaction(scopeOf(actor), async (tx) => {
    // Row level security leaves a person their own.
    const link = await lockLink(tx, linkId);
    if (link?.endedAt === null) await withdrawWithLink(tx, services, { link, by: endedBy, actorRole: 'person' });
    const ended = await markLinkEnded(tx, { linkId, endedBy, at: services.clock.now() });
    if (ended !== null) await notifyGuardians(tx, { pupilId: ended.pupilId, subject: 'link-ended' });
    await logEvent(tx, services, {
      name: 'person.unlinked',
      refused: ended === null ? 'link-not-found' : null,
      organisation: ended?.schoolCode ?? null,
      actorRole: 'person',
      detail: { link: linkId.slice(0, 64), by: endedBy, assurance: actor.assurance },
    });
    return ended === null ? refuse(fault('link.not-found')) : ok(true);
  });
}

function aboutGuardian(guardianId: string | null) {
  return guardianId === null ? {} : { alsoGuardian: guardianId };
}
