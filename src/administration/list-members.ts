import { findInvitations, type InvitationRow } from '../directory/invitations.ts';
import { isInForce, type MemberRow, type Term } from '../directory/members.ts';
import type { Role } from '../policy/actor.ts';
import { ok, type Result } from '../result.ts';
import { look, type VerbContext } from '../transfers/act.ts';
import { readPresent, staffFor } from './manager.ts';
import { rolesAt } from './rules.ts';

export interface MemberView extends Term {
  readonly id: string;
  readonly staffId: string;
  readonly name: string;
  readonly account: string;
  readonly state: 'inForce' | 'toCome';
  readonly lastLoginAt: string | null;
  /** Accounts of this school that are the same human, this one not counted. */
  readonly sameAs: readonly string[];
}

export interface InvitationView extends Term {
  readonly id: string;
  readonly name: string;
  readonly codeExpiresAt: string | null;
}

export interface MembersView {
  readonly today: string;
  /** What somebody can be here: a school has other roles than a board of education. */
  readonly roles: readonly Role[];
  readonly members: readonly MemberView[];
  readonly invitations: readonly InvitationView[];
}

/** The people of the actor's school: who is what, from when to when, and who was invited. */
export async function listMembers(context: VerbContext): Promise<Result<MembersView>> {
  return look(context, async (tx) => {
    const manager = staffFor(context, 'member.list');
    if (!manager.ok) return manager;
    const { kind, members, today } = await readPresent(tx, context, manager.value.school);
    const invitations = await findInvitations(tx, manager.value.school);
    return ok({
      today,
      roles: rolesAt(kind),
      members: members.map((member) => viewOf(member, members, today)),
      invitations: invitations.map(invitationOf),
    });
  });
}

function viewOf(member: MemberRow, all: readonly MemberRow[], today: string): MemberView {
  const { personKey, lastLoginAt, ...shown } = member;
  const same = all.filter((one) => one.personKey === personKey && one.staffId !== member.staffId);
  return {
    ...shown,
    state: isInForce(member, today) ? 'inForce' : 'toCome',
    lastLoginAt: lastLoginAt?.toISOString() ?? null,
    sameAs: [...new Set(same.map(({ account }) => account))],
  };
}

function invitationOf(row: InvitationRow): InvitationView {
  const { id, name, role, homeroom, validFrom, validTo, codeExpiresAt } = row;
  return { id, name, role, homeroom, validFrom, validTo, codeExpiresAt: codeExpiresAt?.toISOString() ?? null };
}
