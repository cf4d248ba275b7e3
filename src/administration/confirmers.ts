import { isInForce, type MemberRow } from '../directory/members.ts';
import type { Role } from '../policy/actor.ts';
import type { ProposedAct } from './proposed-acts.ts';
import { beneficiariesOf, type Present, rolesOfPower } from './rules.ts';

/** Who could be the second person today: other humans than the proposer and than whoever would gain by it. */
export function confirmersOf(act: ProposedAct, present: Present, proposerKey: string | null): readonly MemberRow[] {
  // Only an administrator sees and may change the accounts of the founder.
  const roles: readonly Role[] = act.kind === 'personSplit' ? ['administrator'] : rolesOfPower;
  const barred = [proposerKey, ...gainersOf(act, present)];
  return present.members.filter(
    (one) => roles.includes(one.role) && isInForce(one, present.today) && !barred.includes(one.personKey),
  );
}

function gainersOf(act: ProposedAct, present: Present): readonly (string | null)[] {
  switch (act.kind) {
    case 'members':
      return beneficiariesOf(act.changes, present);
    case 'personSplit':
      return [present.personKeyOf.get(act.staffId) ?? null];
    case 'sealKeyRegister':
    case 'sealKeyWithdraw':
    case 'clientRegister':
    case 'clientChange':
    case 'clientKey':
      return [];
  }
}
