import { changeProtection as changeRow, removeMark, updateProtection } from '../../directory/protections.ts';
import { fault } from '../../faults.ts';
import { ok, type Result, refuse } from '../../result.ts';
import type { VerbContext } from '../act.ts';
import { actOnProtection } from './act.ts';
import { checkTerms, type ProtectionInput } from './enter-protection.ts';
import { askedFor, type ProtectionView } from './show-protections.ts';

export type ChangeInput = Pick<ProtectionInput, 'source' | 'reviewOn' | 'excludesPupil' | 'members'>;

/** Names others, reviews, excludes or admits the pupil: at once, by the principal. Faults: request.malformed. */
export async function changeProtection(
  context: VerbContext,
  { id, ...terms }: ChangeInput & { readonly id: string },
): Promise<Result<ProtectionView>> {
  const attempt = { id, action: 'protection.manage', event: 'protection.changed' } as const;
  return actOnProtection(context, attempt, async (tx, { row, staff }) => {
    const checked = await checkTerms(tx, context, { ...terms, school: staff.school });
    if (!checked.ok) return checked;
    await changeRow(tx, row, terms);
    return ok({ named: terms.members.join(' '), reviewOn: terms.reviewOn });
  });
}

/** Asks for the end of the protection: until another person confirms it, nothing changes. */
export async function askLift(context: VerbContext, id: string): Promise<Result<ProtectionView>> {
  const attempt = { id, action: 'protection.manage', event: 'protection.lift-asked' } as const;
  return actOnProtection(context, attempt, async (tx, { row, staff }) => {
    if (row.liftAskedAt !== null) return refuse(fault('protection.wrong-state'));
    const { staffId: liftAskedBy, personKey: liftAskedByKey } = staff;
    await updateProtection(tx, id, { liftAskedBy, liftAskedByKey, liftAskedAt: context.gateway.clock.now() });
    return ok({});
  });
}

/** The second person: the protection ends. Faults: protection.four-eyes, protection.wrong-state. */
export async function confirmLift(context: VerbContext, id: string): Promise<Result<ProtectionView>> {
  const attempt = {
    id,
    action: 'protection.confirm',
    event: 'protection.lifted',
    isOwn: async (_tx, row, actor) => askedFor(actor, row),
  } as const satisfies Parameters<typeof actOnProtection>[1];
  return actOnProtection(context, attempt, async (tx, { row, staff }) => {
    if (row.liftAskedAt === null) return refuse(fault('protection.wrong-state'));
    await updateProtection(tx, id, { liftedBy: staff.staffId, liftedAt: context.gateway.clock.now() });
    await removeMark(tx, id);
    return ok({});
  });
}

/** Takes the question back, or says no to it: the protection stays, so anybody who is named may. */
export async function refuseLift(context: VerbContext, id: string): Promise<Result<ProtectionView>> {
  const attempt = { id, action: 'protection.list', event: 'protection.lift-refused' } as const;
  return actOnProtection(context, attempt, async (tx, { row }) => {
    if (row.liftAskedAt === null) return refuse(fault('protection.wrong-state'));
    await updateProtection(tx, id, { liftAskedBy: null, liftAskedByKey: null, liftAskedAt: null });
    return ok({});
  });
}
