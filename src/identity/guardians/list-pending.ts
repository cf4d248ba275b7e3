import type { Transaction } from '../../database/connection.ts';
import { findPupil, findStaff, type Pupil } from '../../directory/find-member.ts';
import { type Actor, type AssuranceLevel, type StaffActor, scopeOf } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { permit } from '../../policy/permit.ts';
import { ok, type Result } from '../../result.ts';
import { type PupilView, pupilView } from '../links/links.ts';
import type { LinkRelation, PupilLinkRow } from '../links/tables.ts';
import { dayInJapan } from '../rules.ts';
import type { IdentityServices } from '../services.ts';
import { isSame, ofPupil, refuseNonStaff } from './act.ts';
import { type GuardianView, viewGuardian } from './list-guardians.ts';
import { sameName } from './rules.ts';
import { findGuardian, findPendingGuardians, findPendingLinks } from './store.ts';

/** A link that waits for a second member of staff, with all that is known of whoever asked for it. */
export interface PendingLink {
  readonly id: string;
  readonly pupil: PupilView;
  readonly relation: LinkRelation;
  readonly guardian: GuardianView | null;
  readonly askedAt: Date;
  /** How the person was logged in. A certificate for log-in holds no name (JPKI 利用者証明用). */
  readonly assurance: AssuranceLevel;
  readonly issuedBy: string;
  /** The guardian bears the name of whoever issued the code: look twice. */
  readonly namedLikeIssuer: boolean;
  readonly may: { readonly confirm: boolean; readonly refuse: boolean };
}

export interface Pending {
  readonly links: readonly PendingLink[];
  /** Records that wait for a second member of staff, or whose dispute waits for the principal. */
  readonly guardians: readonly { readonly pupil: PupilView; readonly guardian: GuardianView }[];
}

/** What waits for a second pair of eyes at the actor's school; a homeroom teacher sees the own class. */
export async function listPending(services: IdentityServices, actor: Actor): Promise<Result<Pending>> {
  if (actor.kind !== 'staff') return refuseNonStaff(actor);
  const now = services.clock.now();
  const allowed = permit(actor, 'guardian.list', { ...ownThing, homeroom: actor.homeroom }, { now });
  if (!allowed.ok) return allowed;
  const on = { actor, day: dayInJapan(now) };
  return services.database.transaction(scopeOf(actor), async (tx) => {
    const links: PendingLink[] = [];
    for (const link of await findPendingLinks(tx, actor.school)) {
      const pupil = await visiblePupil(tx, actor, link.pupilId);
      if (pupil !== null) links.push(await viewPending(tx, { ...on, link, pupil }));
    }
    const guardians: Pending['guardians'][number][] = [];
    for (const row of await findPendingGuardians(tx, actor.school)) {
      const pupil = await visiblePupil(tx, actor, row.pupilId);
      if (pupil === null) continue;
      guardians.push({ pupil: pupilView(pupil), guardian: viewGuardian(row, { ...on, pupil }) });
    }
    return ok({ links, guardians });
  });
}

async function visiblePupil(tx: Transaction, actor: StaffActor, pupilId: string): Promise<Pupil | null> {
  const pupil = await findPupil(tx, pupilId);
  if (pupil === null) return null;
  return isAllowed(actor, 'guardian.list', ofPupil(pupil)) ? pupil : null;
}

async function viewPending(
  tx: Transaction,
  on: { readonly actor: StaffActor; readonly day: string; readonly link: PupilLinkRow; readonly pupil: Pupil },
): Promise<PendingLink> {
  const { actor, link, pupil } = on;
  const [guardian, issuer] = await Promise.all([
    link.guardianId === null ? null : findGuardian(tx, link.guardianId),
    findStaff(tx, link.issuedBy),
  ]);
  const isOwn =
    isSame(actor, link.issuedByKey, link.issuedBy) ||
    (guardian?.state === 'pending' && isSame(actor, guardian.enteredByKey, guardian.enteredBy));
  const resource = ofPupil(pupil);
  const isOpen = guardian === null || guardian.state === 'pending' || guardian.state === 'confirmed';
  return {
    id: link.id,
    pupil: pupilView(pupil),
    relation: link.relation,
    guardian: guardian === null ? null : viewGuardian(guardian, { actor, pupil, day: on.day }),
    askedAt: link.linkedAt,
    assurance: link.assurance,
    issuedBy: issuer?.name ?? '',
    namedLikeIssuer: guardian !== null && issuer !== null && sameName(guardian.name, issuer.name),
    may: {
      confirm: isOpen && isAllowed(actor, 'guardian.confirm', { ...resource, drafter: isOwn }),
      refuse: isAllowed(actor, 'guardian.confirm', resource) || isAllowed(actor, 'pupil.link', resource),
    },
  };
}
