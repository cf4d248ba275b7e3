import { findPupil, listPupils } from '../directory/find-member.ts';
import { shownName } from '../directory/shown-name.ts';
import { fault } from '../faults.ts';
import { type Actor, scopeOf } from '../policy/actor.ts';
import { ownThing } from '../policy/decide.ts';
import { permit } from '../policy/permit.ts';
import { ok, type Result, refuse } from '../result.ts';
import { logEvent } from './audit.ts';
import type { IdentityServices } from './services.ts';
import { findLinks, markLinkEnded } from './store.ts';
import type { LinkRelation } from './tables.ts';

export interface LinkView {
  readonly id: string;
  readonly pupilId: string;
  /** The pupil's official name; null when the school no longer keeps the pupil. */
  readonly pupilName: string | null;
  readonly schoolCode: string;
  readonly relation: LinkRelation;
  readonly linkedAt: Date;
}

/** A pupil as the pages of linking show it. */
export interface PupilView {
  readonly id: string;
  readonly name: string;
  readonly kana: string;
  readonly homeroom: string;
}

const pupilsPerPage = 50;

/** The school's pupils, page by page; `next` continues after the last one. */
export async function listLinkablePupils(
  services: IdentityServices,
  actor: Actor,
  after: string | null,
): Promise<Result<{ readonly pupils: PupilView[]; readonly next: string | null }>> {
  const allowed = mayHandleLinks(services, actor);
  if (!allowed.ok) return allowed;
  if (actor.kind !== 'staff') return refuse(fault('policy.denied', { detail: 'staff-only' }));
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const rows = await listPupils(tx, { school: actor.school, homeroom: null, after, limit: pupilsPerPage + 1 });
    const page = rows.slice(0, pupilsPerPage);
    const next = rows.length > pupilsPerPage ? (page.at(-1)?.id ?? null) : null;
    return ok({ pupils: page.map(pupilView), next });
  });
}

/** One pupil of the actor's school; another school's is not there, as an unknown one. */
export async function showLinkablePupil(
  services: IdentityServices,
  actor: Actor,
  pupilId: string,
): Promise<Result<PupilView>> {
  const allowed = mayHandleLinks(services, actor);
  if (!allowed.ok) return allowed;
  if (actor.kind !== 'staff') return refuse(fault('policy.denied', { detail: 'staff-only' }));
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const pupil = await findPupil(tx, pupilId);
    return pupil?.schoolCode === actor.school ? ok(pupilView(pupil)) : refuse(fault('pupil.not-found'));
  });
}

/** A person's own links; for a school, those of one of its pupils. */
export async function listLinks(
  services: IdentityServices,
  actor: Actor,
  pupilId: string | null,
): Promise<Result<LinkView[]>> {
  const allowed = mayHandleLinks(services, actor);
  if (!allowed.ok) return allowed;
  if (actor.kind !== 'person' && pupilId === null) return refuse(fault('pupil.not-found'));
  return services.database.transaction(scopeOf(actor), async (tx) => {
    // Row level security leaves a person their own, a school its own.
    const links = await findLinks(tx, pupilId === null ? {} : { pupilId });
    const views: LinkView[] = [];
    for (const { id, pupilId: pupil, schoolCode, relation, linkedAt } of links) {
      const found = await findPupil(tx, pupil);
      views.push({ id, pupilId: pupil, pupilName: found ? shownName(found) : null, schoolCode, relation, linkedAt });
    }
    return ok(views);
  });
}

/** Ends a link, by the person or by the school that confirmed it; what was seen before stays in the log. */
export async function endLink(services: IdentityServices, actor: Actor, linkId: string): Promise<Result<true>> {
  const allowed = mayHandleLinks(services, actor);
  if (!allowed.ok) return allowed;
  const endedBy = scopeOf(actor).actor;
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const ended = await markLinkEnded(tx, { linkId, endedBy, at: services.clock.now() });
    await logEvent(tx, services, {
      name: 'person.unlinked',
      refused: ended === null ? 'link-not-found' : null,
      organisation: actor.kind === 'staff' ? actor.school : null,
      actorRole: actor.kind === 'staff' ? actor.role : 'person',
      detail: { link: linkId.slice(0, 64), by: endedBy },
    });
    return ended === null ? refuse(fault('link.not-found')) : ok(true);
  });
}

function mayHandleLinks({ clock }: IdentityServices, actor: Actor): Result<true> {
  if (actor.kind === 'person') return ok(true);
  if (actor.kind !== 'staff') return refuse(fault(actor.kind === 'machine' ? 'policy.denied' : 'login.required'));
  return permit(actor, 'pupil.link', ownThing, { now: clock.now() });
}

function pupilView(pupil: {
  id: string;
  officialName: string;
  displayName: string;
  kana: string;
  homeroom: string;
}): PupilView {
  return { id: pupil.id, name: shownName(pupil), kana: pupil.kana, homeroom: pupil.homeroom };
}
