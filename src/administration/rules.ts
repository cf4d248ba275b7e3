import { isInForce, type MemberRow, type OrganisationKind, type Term } from '../directory/members.ts';
import { type Fault, fault } from '../faults.ts';
import { type Role, schoolRoles } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import type { MemberChange } from './proposed-acts.ts';

export const proposalDays = 14;
/** How long before its end a proposal that nobody has decided on is brought to mind. */
export const reminderDays = 2;
/** More than these at a school are not read by anybody, and every one of them sends mails. */
export const proposalsAtOnce = 40;
export const invitationDays = 14;
const maxDaysAhead = 400;

/**
 * Roles that reach approval, keys, other people's roles, health data or all schools of a board: two persons give them
 * (docs/adr/0019). The vice-principal is one of them for the sake of break-glass.
 */
const weightyRoles: readonly Role[] = ['principal', 'administrator', 'vicePrincipal', 'schoolNurse', 'auditor'];

/** Taking one of these away is a matter of two as well, or one could push the other out. */
export const rolesOfPower: readonly Role[] = ['principal', 'administrator'];

/** Who wants the change. */
export interface Changer {
  readonly role: Role;
  readonly personKey: string;
}

/** The roles that there are at a school, and those at a board of education. */
export function rolesAt(kind: OrganisationKind): readonly Role[] {
  return kind === 'board' ? ['administrator', 'auditor'] : [...schoolRoles, 'administrator'];
}

/** What a change is checked against: the people of the school or board who are not over yet, and today in Japan. */
export interface Present {
  readonly kind: OrganisationKind;
  readonly members: readonly MemberRow[];
  readonly personKeyOf: ReadonlyMap<string, string>;
  readonly today: string;
}

/** Must a second person confirm it? What narrows a school role takes effect at once. */
export function needsSecondPerson(change: MemberChange, present: Present): boolean {
  if (change.act === 'end') return rolesOfPower.includes(change.role);
  if (!weightyRoles.includes(change.role)) return false;
  const before = change.act === 'change' ? find(present, change.membershipId) : null;
  return before === null || rolesOfPower.includes(change.role) || widens(before, change);
}

/** May this be done? The first reason against it, or the person whose rights it widens; null when it widens none. */
export function checkChange(
  change: MemberChange,
  present: Present,
  by: Changer,
): Result<{ readonly beneficiary: string | null }> {
  if (change.role === 'administrator' && by.role !== 'administrator') {
    return refuse(fault('policy.denied', { detail: 'administrator-by-administrator' }));
  }
  if (!rolesAt(present.kind).includes(change.role)) return refuse(fault('member.role-elsewhere'));
  const before = change.act === 'change' || change.act === 'end' ? find(present, change.membershipId) : null;
  if ((change.act === 'change' || change.act === 'end') && (before === null || before.role !== change.role)) {
    return refuse(fault('member.not-found'));
  }
  const wrong = change.act === 'end' ? wrongEnd(change, present) : wrongTerm(change, before, present);
  if (wrong !== null) return refuse(wrong);
  const beneficiary = beneficiaryOf(change, before, present);
  if (beneficiary === by.personKey) return refuse(fault('member.own-role'));
  // The founder's administrator may leave a school without a principal; its own principals may not.
  const orphaned = by.role === 'principal' && change.role === 'principal' && leavesNoPrincipal(change, present);
  return orphaned ? refuse(fault('member.last-principal')) : ok({ beneficiary });
}

/** The people as they are after the change: the next line of an import is checked against it. */
export function afterChange(change: MemberChange, present: Present, id: string): readonly MemberRow[] {
  const { members, personKeyOf } = present;
  switch (change.act) {
    case 'invite':
      return members;
    case 'grant': {
      const { staffId, name, role, homeroom, validFrom, validTo } = change;
      const personKey = personKeyOf.get(staffId) ?? staffId;
      const term = { role, homeroom, validFrom, validTo };
      return [...members, { ...term, id, staffId, name, personKey, account: '', lastLoginAt: null }];
    }
    case 'change': {
      const { homeroom, validFrom, validTo } = change;
      return members.map((one) => (one.id === change.membershipId ? { ...one, homeroom, validFrom, validTo } : one));
    }
    case 'end':
      return change.validTo === null
        ? members.filter((one) => one.id !== change.membershipId)
        : members.map((one) => (one.id === change.membershipId ? { ...one, validTo: change.validTo } : one));
  }
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function find({ members }: Present, membershipId: string): MemberRow | null {
  return members.find(({ id }) => id === membershipId) ?? null;
}

function wrongEnd(change: MemberChange & { act: 'end' }, present: Present): Fault | null {
  const before = find(present, change.membershipId);
  if (change.validTo === null || before === null) return null;
  // Ends are brought forward here; a later end is a change, since it widens.
  const possible =
    present.today <= change.validTo &&
    before.validFrom <= change.validTo &&
    (before.validTo === null || change.validTo <= before.validTo);
  return possible ? null : fault('member.dates');
}

function wrongTerm(
  change: Exclude<MemberChange, { act: 'end' }>,
  before: MemberRow | null,
  present: Present,
): Fault | null {
  if ((change.role === 'homeroomTeacher') !== (change.homeroom !== null)) return fault('member.homeroom');
  const { validFrom, validTo } = change;
  const { today } = present;
  const inOrder = validTo === null || (validFrom <= validTo && today <= validTo);
  if (!inOrder || validFrom > addDays(today, maxDaysAhead)) return fault('member.dates');
  if (change.act === 'invite') return null;
  const staffId = change.act === 'grant' ? change.staffId : before?.staffId;
  const others = present.members.filter((one) => one.staffId === staffId && one.id !== before?.id);
  const overlaps = others.some((one) => one.role === change.role && overlap(one, change));
  return overlaps ? fault('member.overlap') : null;
}

function overlap(one: Pick<Term, 'validFrom' | 'validTo'>, two: Pick<Term, 'validFrom' | 'validTo'>): boolean {
  return (
    (two.validTo === null || one.validFrom <= two.validTo) && (one.validTo === null || two.validFrom <= one.validTo)
  );
}

function beneficiaryOf(change: MemberChange, before: MemberRow | null, present: Present): string | null {
  if (change.act === 'grant') return present.personKeyOf.get(change.staffId) ?? null;
  if (change.act !== 'change' || before === null) return null;
  return widens(before, change) || before.homeroom !== change.homeroom ? before.personKey : null;
}

/** Whose rights these changes would widen, by person. */
export function beneficiariesOf(changes: readonly MemberChange[], present: Present): readonly (string | null)[] {
  return changes.map((change) =>
    beneficiaryOf(change, change.act === 'change' ? find(present, change.membershipId) : null, present),
  );
}

function widens(before: Pick<Term, 'validFrom' | 'validTo'>, after: Pick<Term, 'validFrom' | 'validTo'>): boolean {
  const later = before.validTo !== null && (after.validTo === null || after.validTo > before.validTo);
  return later || after.validFrom < before.validFrom;
}

/** Is there a day, today or right after the changed term, on which nobody would be principal? */
function leavesNoPrincipal(change: MemberChange, present: Present): boolean {
  if (change.act === 'grant' || change.act === 'invite') return false;
  const after = afterChange(change, present, '').filter(({ role }) => role === 'principal');
  const days = [present.today, ...(change.validTo === null ? [] : [addDays(change.validTo, 1)])];
  return days.some((day) => !after.some((one) => isInForce(one, day)));
}
