import type { Transaction } from '../database/connection.ts';
import { type AccountRow, findAccountsById } from '../directory/members.ts';
import { notifyStaff } from '../directory/notify-staff.ts';
import { fault } from '../faults.ts';
import type { Actor } from '../policy/actor.ts';
import { ok, type Result, refuse } from '../result.ts';
import { look, perform, type VerbContext } from '../transfers/act.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { type ProposedClientView, proposedClient } from './clients/proposed-client.ts';
import { confirmersOf } from './confirmers.ts';
import { readPresent, staffFor } from './manager.ts';
import type { MemberChange, ProposedAct } from './proposed-acts.ts';
import type { Present } from './rules.ts';
import { decideProposal, findProposals, lockProposal, type ProposalRow } from './store.ts';

export interface ProposalView {
  readonly id: string;
  readonly kind: ProposedAct['kind'];
  readonly state: 'pending' | 'confirmed' | 'cancelled' | 'expired';
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly expiresAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  /** For people and roles; empty for keys. */
  readonly changes: readonly MemberChange[];
  /** What else it is about: the fingerprint of a key, the name of a person or of a school-affairs system. */
  readonly subject: string | null;
  /** For school-affairs systems; else null. */
  readonly client: ProposedClientView | null;
  /** Names of those who could confirm it today; empty once it is over. */
  readonly confirmers: readonly string[];
  /** False for who proposed it, by whatever account. */
  readonly mayConfirm: boolean;
}

const shown = 50;

/** What waits for a second person at this school, and what was decided lately. */
export async function listProposals(context: VerbContext): Promise<Result<readonly ProposalView[]>> {
  return look(context, async (tx) => {
    const manager = staffFor(context, 'member.list');
    if (!manager.ok) return manager;
    const rows = await findProposals(tx, manager.value.school, shown);
    const accounts = await accountsOf(tx, rows);
    const present = await readPresent(tx, context, manager.value.school);
    const { actor, gateway } = context;
    const perMinute = gateway.identity.rates.perMinute.client;
    return ok(rows.map((row) => viewOf(row, { accounts, present, actor, perMinute, now: gateway.clock.now() })));
  });
}

/** Takes a proposal back, or turns another's down: either stops it. */
export async function cancelProposal(context: VerbContext, id: string): Promise<Result<true>> {
  return perform(context, { event: 'proposal.cancelled', caseId: null }, async (tx) => {
    const manager = staffFor(context, 'member.manage');
    if (!manager.ok) return manager;
    const row = await lockProposal(tx, id);
    if (row === null) return refuse(fault('proposal.not-found'));
    if (row.state !== 'pending') return refuse(fault('proposal.over', { detail: row.state }));
    const at = context.gateway.clock.now();
    await decideProposal(tx, { id, state: 'cancelled', by: manager.value.staffId, at });
    await logPlainEvent(tx, context, 'proposal.cancelled', { proposal: id, kind: row.act.kind });
    const { schoolCode: school, proposedBy } = row;
    // Who takes it back knows.
    const staffIds = proposedBy === manager.value.staffId ? [] : [proposedBy];
    await notifyStaff(tx, { staffIds, school, subject: 'proposal-cancelled', id });
    return ok(true);
  });
}

async function accountsOf(tx: Transaction, rows: readonly ProposalRow[]): Promise<ReadonlyMap<string, AccountRow>> {
  const ids = new Set(rows.flatMap(({ proposedBy, decidedBy }) => [proposedBy, ...(decidedBy ? [decidedBy] : [])]));
  return new Map((await findAccountsById(tx, [...ids])).map((account) => [account.id, account]));
}

function viewOf(
  row: ProposalRow,
  seen: {
    readonly accounts: ReadonlyMap<string, AccountRow>;
    readonly present: Present;
    readonly actor: Actor;
    /** Requests that the gateway gives to every client. */
    readonly perMinute: number;
    readonly now: Date;
  },
): ProposalView {
  const proposer = seen.accounts.get(row.proposedBy);
  const isPending = row.state === 'pending' && seen.now < row.expiresAt;
  const isOther = seen.actor.kind === 'staff' && proposer !== undefined && proposer.personKey !== seen.actor.personKey;
  return {
    id: row.id,
    kind: row.act.kind,
    state: row.state === 'pending' && !isPending ? 'expired' : row.state,
    proposedBy: proposer?.name ?? '—',
    proposedAt: row.proposedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedBy: row.decidedBy === null ? null : (seen.accounts.get(row.decidedBy)?.name ?? '—'),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    changes: row.act.kind === 'members' ? row.act.changes : [],
    subject: subjectOf(row.act),
    client: proposedClient(row.act, seen.perMinute),
    confirmers: isPending ? namesOf(row.act, seen.present, proposer) : [],
    mayConfirm: isPending && isOther,
  };
}

function namesOf(act: ProposedAct, present: Present, proposer: AccountRow | undefined): readonly string[] {
  return [...new Set(confirmersOf(act, present, proposer?.personKey ?? null).map(({ name }) => name))];
}

function subjectOf(act: ProposedAct): string | null {
  switch (act.kind) {
    case 'members':
      return null;
    case 'personSplit':
      return act.name;
    case 'sealKeyRegister':
      return `${act.subject} ${act.key.fingerprint}`;
    case 'sealKeyWithdraw':
      return act.fingerprint;
    case 'clientRegister':
    case 'clientChange':
    case 'clientKey':
      return act.terms.name;
  }
}
