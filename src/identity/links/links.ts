import type { Transaction } from '../../database/connection.ts';
import { findPupil, listPupils } from '../../directory/find-member.ts';
import { shownName } from '../../directory/shown-name.ts';
import { fault } from '../../faults.ts';
import { type Actor, type PersonScope, scopeOf } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { lastDayBefore, ofAgeFrom, type Standing, scopeSeen, seesNow, standingOf } from '../guardians/rules.ts';
import { findGuardian, type KnownGuardian } from '../guardians/store.ts';
import { dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { findLinks } from './store.ts';
import type { LinkRelation, PupilLinkRow } from './tables.ts';

export interface LinkView {
  readonly id: string;
  readonly pupilId: string;
  /** The pupil's official name; null when the school no longer keeps the pupil, and for whoever sees nothing now. */
  readonly pupilName: string | null;
  /** Null for a person whose access is suspended: it is a place. */
  readonly schoolCode: string | null;
  readonly relation: LinkRelation;
  readonly guardianId: string | null;
  readonly state: Standing;
  readonly scope: readonly PersonScope[];
  readonly linkedAt: Date;
  /** The last day, as far as one is known: the school's, or the last before the pupil is of age. */
  readonly until: string | null;
  /** For the person alone, while the school has not confirmed them. */
  readonly checkNumber: string | null;
}

/** A pupil as the pages of linking show it. */
export interface PupilView {
  readonly id: string;
  readonly name: string;
  readonly kana: string;
  readonly homeroom: string;
}

const pupilsPerPage = 50;

/** The school's pupils, page by page; a homeroom teacher sees the own class. `next` continues after the last one. */
export async function listLinkablePupils(
  services: IdentityServices,
  actor: Actor,
  after: string | null,
): Promise<Result<{ readonly pupils: PupilView[]; readonly next: string | null }>> {
  const allowed = mayList(services, actor);
  if (!allowed.ok) return allowed;
  if (actor.kind !== 'staff') return refuse(fault('policy.denied', { detail: 'staff-only' }));
  const homeroom = actor.role === 'homeroomTeacher' ? (actor.homeroom ?? '') : null;
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const rows = await listPupils(tx, { school: actor.school, homeroom, after, limit: pupilsPerPage + 1 });
    const page = rows.slice(0, pupilsPerPage);
    const next = rows.length > pupilsPerPage ? (page.at(-1)?.id ?? null) : null;
    return ok({ pupils: page.map(pupilView), next });
  });
}

/** A person's own links; for a school, those of one of its pupils. */
export async function listLinks(
  services: IdentityServices,
  actor: Actor,
  pupilId: string | null,
): Promise<Result<LinkView[]>> {
  if (actor.kind !== 'person') {
    const allowed = mayList(services, actor);
    if (!allowed.ok) return allowed;
    if (pupilId === null) return refuse(fault('pupil.not-found'));
  }
  const day = dayInJapan(services.clock.now());
  return services.database.transaction(scopeOf(actor), async (tx) => {
    // Row level security leaves a person their own, a school its own.
    const links = await findLinks(tx, pupilId === null ? {} : { pupilId });
    const views: LinkView[] = [];
    for (const link of links) {
      const view = await viewLink(tx, { link, day, isPerson: actor.kind === 'person' });
      if (actor.kind !== 'staff' || (await isOfOwnClass(tx, actor, link.pupilId))) views.push(view);
    }
    return ok(views);
  });
}

/** The link as its person or the school sees it today. */
async function viewLink(
  tx: Transaction,
  { link, day, isPerson }: { readonly link: PupilLinkRow; readonly day: string; readonly isPerson: boolean },
): Promise<LinkView> {
  const [pupil, guardian] = await Promise.all([
    findPupil(tx, link.pupilId),
    link.guardianId === null ? null : findGuardian(tx, link.guardianId),
  ]);
  const birthDate = pupil?.birthDate ?? null;
  const recorded =
    link.relation === 'self' || guardian === null ? 'confirmed' : standingOf(guardian, { birthDate, day });
  const state = link.confirmedAt === null && recorded !== 'disputed' && recorded !== 'ended' ? 'pending' : recorded;
  const { id, pupilId, relation, guardianId, linkedAt } = link;
  return {
    id,
    pupilId,
    pupilName: pupil === null || (isPerson && !seesNow(state)) ? null : shownName(pupil),
    schoolCode: isPerson && state === 'disputed' ? null : link.schoolCode,
    relation,
    guardianId,
    state,
    scope: guardian === null ? ['records', 'health', 'ledger'] : scopeSeen(guardian, state),
    linkedAt,
    until: guardian === null ? null : untilOf(guardian, state, birthDate),
    checkNumber: isPerson && state === 'pending' ? link.checkNumber : null,
  };
}

function untilOf(guardian: KnownGuardian, state: Standing, birthDate: string | null): string | null {
  if (state === 'granted') return guardian.consent?.until ?? null;
  const ends = [guardian.validUntil, birthDate === null ? null : lastDayBefore(ofAgeFrom(birthDate))];
  const known = ends.filter((day) => day !== null).toSorted();
  return known[0] ?? null;
}

async function isOfOwnClass(
  tx: Transaction,
  actor: Extract<Actor, { kind: 'staff' }>,
  pupilId: string,
): Promise<boolean> {
  const homeroom = (await findPupil(tx, pupilId))?.homeroom ?? null;
  return isAllowed(actor, 'guardian.list', { ...ownThing, homeroom });
}

function mayList({ clock }: Pick<IdentityServices, 'clock'>, actor: Actor): Result<true> {
  const homeroom = actor.kind === 'staff' ? actor.homeroom : null;
  return permit(actor, 'guardian.list', { ...ownThing, homeroom }, { now: clock.now() });
}

export function pupilView(pupil: {
  id: string;
  officialName: string;
  displayName: string;
  kana: string;
  homeroom: string;
}): PupilView {
  return { id: pupil.id, name: shownName(pupil), kana: pupil.kana, homeroom: pupil.homeroom };
}
