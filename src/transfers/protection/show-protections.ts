import type { Transaction } from '../../database/connection.ts';
import { findStaff } from '../../directory/find-member.ts';
import { findMembers } from '../../directory/members.ts';
import type { ProtectionSource } from '../../directory/protection-sources.ts';
import {
  findClearances,
  findProtections,
  findTerms,
  lockProtection,
  type ProtectionRow,
} from '../../directory/protections.ts';
import { fault } from '../../faults.ts';
import { findConfirmedGuardians } from '../../identity/guardians/find-guardian.ts';
import { dayInJapan } from '../../identity/rules.ts';
import { isSchoolRole, type SchoolRole } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, look, ownResource, type VerbContext } from '../act.ts';
import { pupilIdOf, type Subject, subjectOf } from './subject.ts';

export interface ProtectionView {
  readonly id: string;
  readonly subject: Subject & { readonly name: string };
  readonly source: ProtectionSource;
  readonly startsOn: string;
  readonly reviewOn: string;
  /** The review date has been reached: the protection goes on, and somebody has to look. */
  readonly isReviewDue: boolean;
  readonly excludesPupil: boolean;
  readonly members: readonly { readonly staffId: string; readonly name: string }[];
  /** The pupil's guardians, and which of them may see the cases all the same; none where the pupil is not on the roll. */
  readonly guardians: readonly GuardianOfProtected[];
  readonly enteredBy: string;
  readonly enteredAt: string;
  readonly liftAskedAt: string | null;
  readonly liftedAt: string | null;
  readonly may: readonly ('change' | 'askLift' | 'refuseLift' | 'confirmLift')[];
}

export interface GuardianOfProtected {
  readonly id: string;
  readonly name: string;
  readonly clearance: 'none' | 'waiting' | 'cleared';
  readonly may: readonly ('ask' | 'confirm' | 'end')[];
}

/** The protection orders in force that the actor may know of; soonest review first. */
export async function showProtections(context: VerbContext): Promise<Result<readonly ProtectionView[]>> {
  return look(context, async (tx) => {
    const allowed = authorise(context, 'protection.list', ownResource(context.actor));
    if (!allowed.ok) return allowed;
    const views: ProtectionView[] = [];
    for (const row of await findProtections(tx)) views.push(await viewOf(tx, context, row));
    return ok(views);
  });
}

export async function showProtection(context: VerbContext, id: string): Promise<Result<ProtectionView>> {
  return look(context, async (tx) => {
    const allowed = authorise(context, 'protection.list', ownResource(context.actor));
    return allowed.ok ? viewProtection(tx, context, id) : allowed;
  });
}

/** An order by its number, for whoever row level security lets know of it. */
export async function viewProtection(
  tx: Transaction,
  context: VerbContext,
  id: string,
): Promise<Result<ProtectionView>> {
  const row = await lockProtection(tx, id);
  return row === null ? refuse(fault('protection.not-found')) : ok(await viewOf(tx, context, row));
}

export interface Nameable {
  readonly staffId: string;
  readonly name: string;
  readonly role: SchoolRole;
}

/** Whom the principal can name: everybody else who works at the school today. */
export async function listNameable(context: VerbContext): Promise<Result<readonly Nameable[]>> {
  const { actor, gateway } = context;
  return look(context, async (tx) => {
    if (actor.kind !== 'staff' || !isAllowed(actor, 'protection.manage', ownThing)) return ok([]);
    const members = await findMembers(tx, actor.school, dayInJapan(gateway.clock.now()));
    return ok(
      members.flatMap(({ staffId, name, role }) =>
        isSchoolRole(role) && role !== 'principal' ? [{ staffId, name, role }] : [],
      ),
    );
  });
}

async function viewOf(tx: Transaction, context: VerbContext, row: ProtectionRow): Promise<ProtectionView> {
  const [subject, terms, guardians, enteredBy] = await Promise.all([
    subjectOf(tx, row.subject),
    findTerms(tx, row.id),
    guardiansOf(tx, context, row),
    findStaff(tx, row.enteredBy),
  ]);
  const members = [];
  for (const staffId of terms.members) members.push({ staffId, name: (await findStaff(tx, staffId))?.name ?? '' });
  return {
    id: row.id,
    subject,
    source: row.source,
    startsOn: row.startsOn,
    reviewOn: row.reviewOn,
    isReviewDue: row.liftedAt === null && row.reviewOn <= dayInJapan(context.gateway.clock.now()),
    excludesPupil: terms.excludesPupil,
    members,
    guardians,
    enteredBy: enteredBy?.name ?? '',
    enteredAt: row.enteredAt.toISOString(),
    liftAskedAt: row.liftAskedAt?.toISOString() ?? null,
    liftedAt: row.liftedAt?.toISOString() ?? null,
    may: deedsOn(context, row),
  };
}

async function guardiansOf(
  tx: Transaction,
  { actor }: VerbContext,
  row: ProtectionRow,
): Promise<readonly GuardianOfProtected[]> {
  const pupilId = pupilIdOf(row.subject);
  if (pupilId === null) return [];
  const [known, clearances] = await Promise.all([findConfirmedGuardians(tx, pupilId), findClearances(tx, row.id)]);
  const manages = row.liftedAt === null && isAllowed(actor, 'protection.manage', ownThing);
  return known.map(({ id, name }) => {
    const clearance = clearances.find(({ guardianId }) => guardianId === id);
    if (clearance === undefined) return { id, name, clearance: 'none', may: manages ? ['ask'] : [] };
    const drafter =
      actor.kind === 'staff' && (actor.personKey === clearance.enteredByKey || actor.staffId === clearance.enteredBy);
    const isWaiting = clearance.confirmedAt === null;
    const confirms =
      isWaiting && row.liftedAt === null && isAllowed(actor, 'protection.confirm', { ...ownThing, drafter });
    return {
      id,
      name,
      clearance: isWaiting ? 'waiting' : 'cleared',
      may: [...(confirms ? (['confirm'] as const) : []), ...(manages ? (['end'] as const) : [])],
    };
  });
}

function deedsOn({ actor }: VerbContext, row: ProtectionRow): ProtectionView['may'] {
  if (row.liftedAt !== null) return [];
  const manages = isAllowed(actor, 'protection.manage', ownThing);
  const confirms = isAllowed(actor, 'protection.confirm', { ...ownThing, drafter: askedFor(actor, row) });
  if (row.liftAskedAt === null) return manages ? ['change', 'askLift'] : [];
  return [...(confirms ? (['confirmLift'] as const) : []), 'refuseLift'];
}

/** By person and by account (ASVS 2.3.5). */
export function askedFor(actor: VerbContext['actor'], row: ProtectionRow): boolean {
  if (actor.kind !== 'staff' || row.liftAskedAt === null) return false;
  return actor.personKey === row.liftAskedByKey || actor.staffId === row.liftAskedBy;
}
