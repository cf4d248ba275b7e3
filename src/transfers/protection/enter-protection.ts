import type { Transaction } from '../../database/connection.ts';
import { findMembers } from '../../directory/members.ts';
import type { ProtectionSource } from '../../directory/protection-sources.ts';
import { addProtection } from '../../directory/protections.ts';
import { fault } from '../../faults.ts';
import { dayInJapan } from '../../identity/rules.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { authorise, ownResource, perform, type VerbContext } from '../act.ts';
import { newId } from '../ids.ts';
import { logPlainEvent } from '../record.ts';
import { type ProtectionView, viewProtection } from './show-protections.ts';
import { markOf, type Subject } from './subject.ts';

/** Nobody sees a case of such a pupil by being one of many. */
export const maxNamed = 10;

export interface ProtectionInput {
  readonly subject: Subject;
  readonly source: Exclude<ProtectionSource, 'otherSchool'>;
  readonly startsOn: string;
  readonly reviewOn: string;
  readonly excludesPupil: boolean;
  /** Accounts of members of the school; the principal names them. */
  readonly members: readonly string[];
}

/**
 * 支援措置: from this moment nobody at the school but the principal and whom they name finds the pupil and the cases.
 * One person alone, since it must not wait; whoever enters it without being the principal is named by it.
 * Faults: pupil.not-found, protection.exists, request.malformed, policy.denied.
 */
export async function enterProtection(context: VerbContext, input: ProtectionInput): Promise<Result<ProtectionView>> {
  return perform(context, { event: 'protection.entered', caseId: null, answerIs: 'hidable' }, async (tx) => {
    const { actor } = context;
    const allowed = authorise(context, 'protection.enter', ownResource(actor));
    if (!allowed.ok) return allowed;
    if (actor.kind !== 'staff') return refuse(fault('policy.denied'));
    const isPrincipal = isAllowed(actor, 'protection.manage', ownThing);
    if (!isPrincipal && input.members.length > 0) return refuse(fault('policy.denied', { detail: 'principal-names' }));
    const subject = await markOf(tx, actor, input.subject);
    if (subject === null) return refuse(fault('pupil.not-found'));
    const checked = await checkTerms(tx, context, { ...input, school: actor.school });
    if (!checked.ok) return checked;
    const order = newOrder(context, actor, { ...input, subject });
    const members = isPrincipal ? input.members : [actor.staffId];
    const isFirst = await addProtection(tx, { order, excludesPupil: input.excludesPupil, members });
    if (!isFirst) return refuse(fault('protection.exists'));
    await logPlainEvent(tx, context, 'protection.entered', { order: order.id, subject, named: members.join(' ') });
    return viewProtection(tx, context, order.id);
  });
}

/**
 * Whoever addresses a case with the number of a pupil whom the receiving school protects goes on knowing of it, and
 * nobody else of their school but the principal begins to.
 */
export async function carryProtection(tx: Transaction, context: VerbContext, caseId: string): Promise<void> {
  const { actor, gateway } = context;
  if (actor.kind !== 'staff') throw new Error('only staff carry a protection on');
  const now = gateway.clock.now();
  const reviewOn = dayInJapan(new Date(now.getTime() + 90 * 86_400_000));
  const subject = `case:${caseId}`;
  const terms = { source: 'otherSchool', startsOn: dayInJapan(now), reviewOn, subject } as const;
  const order = newOrder(context, actor, terms);
  // Addressed a second time: whoever was named stays so.
  if (!(await addProtection(tx, { order, excludesPupil: false, members: [actor.staffId] }))) return;
  await logPlainEvent(tx, context, 'protection.entered', { order: order.id, subject, named: actor.staffId });
}

/** A review in the future, and members of the school alone. */
export async function checkTerms(
  tx: Transaction,
  { gateway }: Pick<VerbContext, 'gateway'>,
  terms: { readonly school: string; readonly reviewOn: string; readonly members: readonly string[] },
): Promise<Result<true>> {
  const today = dayInJapan(gateway.clock.now());
  if (terms.reviewOn <= today) {
    return refuse(fault('request.malformed', { fields: { reviewOn: 'protection.review-wrong' } }));
  }
  const known = (await findMembers(tx, terms.school, today))
    .filter(({ role }) => role !== 'administrator')
    .map(({ staffId }) => staffId);
  const areKnown = terms.members.every((staffId) => known.includes(staffId));
  return areKnown ? ok(true) : refuse(fault('request.malformed', { fields: { members: 'protection.members-wrong' } }));
}

function newOrder(
  { gateway }: VerbContext,
  { school, staffId }: StaffActor,
  terms: {
    readonly subject: string;
    readonly source: ProtectionSource;
    readonly startsOn: string;
    readonly reviewOn: string;
  },
) {
  const { subject, source, startsOn, reviewOn } = terms;
  const enteredAt = gateway.clock.now();
  return { id: newId(), schoolCode: school, subject, source, startsOn, reviewOn, enteredBy: staffId, enteredAt };
}
