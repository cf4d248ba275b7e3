import type { AuditEventName } from '../audit/event-names.ts';
import type { Transaction } from '../database/connection.ts';
import { addInvitation } from '../directory/invitations.ts';
import { addMembership, changeTerm, type MemberRow } from '../directory/members.ts';
import { fault } from '../faults.ts';
import type { StaffActor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { perform, type VerbContext } from '../transfers/act.ts';
import { newId } from '../transfers/ids.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { lockPresent, staffFor } from './manager.ts';
import { propose } from './propose.ts';
import type { MemberChange } from './proposed-acts.ts';
import { afterChange, type Changer, checkChange, needsSecondPerson, type Present } from './rules.ts';

/** What came of it: done at once, or waiting for a second person. */
export interface ActOutcome {
  readonly outcome: 'done' | 'proposed';
  readonly proposalId: string | null;
  /** The membership or invitation that came into being or was changed; null while it is only proposed. */
  readonly id: string | null;
}

/** Gives somebody a role: an account that the school knows, or by name somebody who redeems an invitation. */
export async function grantRole(
  context: VerbContext,
  input: Omit<MemberChange & { act: 'grant' | 'invite' }, 'act' | 'staffId'> & { readonly staffId: string | null },
): Promise<Result<ActOutcome>> {
  const { staffId, ...term } = input;
  return changeOne(context, staffId === null ? 'member.invited' : 'member.granted', (present) => {
    if (staffId === null) return ok({ ...term, act: 'invite' });
    return present.personKeyOf.has(staffId)
      ? ok({ ...term, staffId, act: 'grant' })
      : refuse(fault('member.not-found', { detail: 'account-unknown' }));
  });
}

/** Other days or another class for a role that somebody has or will have. */
export async function changeMembership(
  context: VerbContext,
  input: {
    readonly membershipId: string;
    readonly homeroom: string | null;
    readonly validFrom: string;
    readonly validTo: string | null;
  },
): Promise<Result<ActOutcome>> {
  return changeOne(context, 'member.changed', (present) => {
    const before = memberOf(present, input.membershipId);
    return before === null
      ? refuse(fault('member.not-found'))
      : ok({ ...input, act: 'change', name: before.name, role: before.role });
  });
}

/** Ends a role on a day, or at once; one that has not begun yet is taken back. */
export async function endMembership(
  context: VerbContext,
  input: { readonly membershipId: string; readonly validTo: string | null },
): Promise<Result<ActOutcome>> {
  return changeOne(context, 'member.ended', (present) => {
    const before = memberOf(present, input.membershipId);
    return before === null
      ? refuse(fault('member.not-found'))
      : ok({ ...input, act: 'end', name: before.name, role: before.role });
  });
}

async function changeOne(
  context: VerbContext,
  event: AuditEventName,
  changeOf: (present: Present) => Result<MemberChange>,
): Promise<Result<ActOutcome>> {
  return perform<ActOutcome>(context, { event, caseId: null }, async (tx) => {
    const manager = staffFor(context, 'member.manage');
    if (!manager.ok) return manager;
    const present = await lockPresent(tx, context, manager.value.school);
    const change = changeOf(present);
    if (!change.ok) return change;
    const checked = checkChange(change.value, present, manager.value);
    if (!checked.ok) return checked;
    if (needsSecondPerson(change.value, present)) {
      const proposed = await propose(tx, context, { kind: 'members', changes: [change.value] });
      return proposed.ok ? ok({ outcome: 'proposed', proposalId: proposed.value, id: null }) : proposed;
    }
    const id = await applyChange(tx, context, { change: change.value, present, by: manager.value, proposedBy: null });
    return ok({ outcome: 'done', proposalId: null, id });
  });
}

/**
 * Does what was proposed, each change checked again as it meets the people of today, in the name of who proposed it.
 * Faults: those of the changes; `proposal.same-person` when it would widen the rights of who confirms.
 */
export async function applyChanges(
  tx: Transaction,
  context: VerbContext,
  proposed: {
    readonly changes: readonly MemberChange[];
    readonly by: StaffActor;
    readonly proposer: Changer & { readonly staffId: string };
  },
): Promise<Result<true>> {
  let present = await lockPresent(tx, context, proposed.by.school);
  for (const change of proposed.changes) {
    const checked = checkChange(change, present, proposed.proposer);
    if (!checked.ok) return checked;
    if (checked.value.beneficiary === proposed.by.personKey) return refuse(fault('proposal.same-person'));
    const proposedBy = proposed.proposer.staffId;
    const id = await applyChange(tx, context, { change, present, by: proposed.by, proposedBy });
    present = { ...present, members: afterChange(change, present, id) };
  }
  return ok(true);
}

async function applyChange(
  tx: Transaction,
  context: VerbContext,
  what: {
    readonly change: MemberChange;
    readonly present: Present;
    readonly by: StaffActor;
    /** Who proposed it, when `by` is the second person. */
    readonly proposedBy: string | null;
  },
): Promise<string> {
  const { change, present, by } = what;
  const id = await store(tx, context, what);
  const { act, role } = change;
  const staff = staffOf(change, present);
  await logPlainEvent(tx, context, eventOf(act), { id, role, staff, by: by.staffId, proposedBy: what.proposedBy });
  return id;
}

async function store(
  tx: Transaction,
  context: VerbContext,
  { change, present, by, proposedBy }: Parameters<typeof applyChange>[2],
): Promise<string> {
  const now = context.gateway.clock.now();
  switch (change.act) {
    case 'grant': {
      const { act: _act, name: _name, staffId, ...term } = change;
      return addMembership(tx, { id: newId(), staffId, schoolCode: by.school, term });
    }
    case 'invite': {
      const { act: _act, ...rest } = change;
      const id = newId();
      const givers = { createdBy: proposedBy ?? by.staffId, confirmedBy: proposedBy === null ? null : by.staffId };
      await addInvitation(tx, { ...rest, ...givers, id, schoolCode: by.school, createdAt: now });
      return id;
    }
    case 'change': {
      const { homeroom, validFrom, validTo } = change;
      await changeTerm(tx, { id: change.membershipId, role: change.role }, { homeroom, validFrom, validTo });
      return change.membershipId;
    }
    case 'end': {
      const before = memberOf(present, change.membershipId);
      const atOnce = change.validTo === null || before === null;
      const ended = atOnce ? { endedAt: now } : { validTo: change.validTo };
      await changeTerm(tx, { id: change.membershipId, role: change.role }, ended);
      return change.membershipId;
    }
  }
}

function eventOf(act: MemberChange['act']): AuditEventName {
  const names = {
    grant: 'member.granted',
    invite: 'member.invited',
    change: 'member.changed',
    end: 'member.ended',
  } as const;
  return names[act];
}

function staffOf(change: MemberChange, present: Present): string | null {
  if (change.act === 'grant') return change.staffId;
  return change.act === 'invite' ? null : (memberOf(present, change.membershipId)?.staffId ?? null);
}

function memberOf({ members }: Present, membershipId: string): MemberRow | null {
  return members.find(({ id }) => id === membershipId) ?? null;
}
