import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { ok, type Result, refuse } from '../result.ts';
import { addMembership, founderOf, type Term } from './members.ts';
import { selectStaff, selectStaffBySubject } from './store.ts';
import { invitations, staff } from './tables.ts';

export type InvitationRow = typeof invitations.$inferSelect;

const maxTries = 5;

/** Invitations that wait for their account. */
export async function findInvitations(tx: Transaction, schoolCode: string): Promise<InvitationRow[]> {
  return tx
    .select()
    .from(invitations)
    .where(and(eq(invitations.schoolCode, schoolCode), isNull(invitations.redeemedAt), isNull(invitations.cancelledAt)))
    .orderBy(asc(invitations.createdAt), asc(invitations.id));
}

export async function addInvitation(tx: Transaction, row: typeof invitations.$inferInsert): Promise<void> {
  await tx.insert(invitations).values(row);
}

/** A new code for a waiting invitation; the former one is worth nothing any more. False when there is none. */
export async function setInvitationCode(
  tx: Transaction,
  code: { readonly id: string; readonly codeHash: string; readonly codeExpiresAt: Date },
): Promise<boolean> {
  const { id, codeHash, codeExpiresAt } = code;
  return waiting(tx, id, { codeHash, codeExpiresAt, failedTries: 0 });
}

export async function cancelInvitation(tx: Transaction, id: string, at: Date): Promise<boolean> {
  return waiting(tx, id, { cancelledAt: at });
}

async function waiting(tx: Transaction, id: string, change: Partial<InvitationRow>): Promise<boolean> {
  const changed = await tx
    .update(invitations)
    .set(change)
    .where(and(eq(invitations.id, id), isNull(invitations.redeemedAt), isNull(invitations.cancelledAt)))
    .returning({ id: invitations.id });
  return changed.length === 1;
}

export interface JoiningAccount {
  readonly issuer: string;
  readonly subject: string;
  /** As the provider tells it; null when it tells none. */
  readonly name: string | null;
  readonly founderNumber: string | null;
}

/**
 * Binds a waiting role to the account that brought its code. The person is issuer and subject, never a mail address.
 *
 * @returns the school and the account's id, or for the log why not: `invitation-unknown`, `-expired`, `-worn-out`,
 *   `founder-differs`, `own-invitation`
 */
export async function joinByInvitation(
  tx: Transaction,
  joining: { readonly codeHash: string; readonly account: JoiningAccount; readonly now: Date },
): Promise<Result<{ readonly schoolCode: string; readonly staffId: string; readonly membershipId: string }, string>> {
  const { codeHash, account, now } = joining;
  const [row] = await tx.select().from(invitations).where(eq(invitations.codeHash, codeHash)).for('update');
  if (row === undefined || row.redeemedAt !== null || row.cancelledAt !== null) return refuse('invitation-unknown');
  if (row.codeExpiresAt === null || now >= row.codeExpiresAt) return refuse('invitation-expired');
  if (row.failedTries >= maxTries) return refuse('invitation-worn-out');
  const founderNumber = await founderOf(tx, row.schoolCode);
  if (founderNumber === null || account.founderNumber !== founderNumber) return failed(tx, row, 'founder-differs');
  const known = await selectStaffBySubject(tx, account.issuer, account.subject);
  if (known !== null && (await isGiver(tx, known.personKey, row))) return failed(tx, row, 'own-invitation');
  if (known !== null && known.founderNumber !== founderNumber) return failed(tx, row, 'founder-differs');
  const staffId = known?.id ?? (await addAccount(tx, { ...account, founderNumber, name: account.name ?? row.name }));
  const { role, homeroom, validFrom, validTo, schoolCode } = row;
  const term: Term = { role, homeroom, validFrom, validTo };
  const membershipId = await addMembership(tx, { id: crypto.randomUUID(), staffId, schoolCode, term });
  if (!(await waiting(tx, row.id, { redeemedAt: now, redeemedBy: staffId })))
    throw new Error('a locked invitation moved');
  return ok({ schoolCode, staffId, membershipId });
}

/** Nobody raises their own role: whoever gave or confirmed the invitation, by whatever account, may not take it. */
async function isGiver(tx: Transaction, personKey: string, row: InvitationRow): Promise<boolean> {
  for (const id of [row.createdBy, row.confirmedBy]) {
    const giver = id === null ? null : await selectStaff(tx, id);
    if (giver?.personKey === personKey) return true;
  }
  return false;
}

async function failed(tx: Transaction, row: InvitationRow, reason: string): Promise<Result<never, string>> {
  await tx
    .update(invitations)
    .set({ failedTries: sql`${invitations.failedTries} + 1` })
    .where(eq(invitations.id, row.id));
  return refuse(reason);
}

/** A new account is a new human until an administrator says otherwise. */
async function addAccount(
  tx: Transaction,
  added: { issuer: string; subject: string; name: string; founderNumber: string },
): Promise<string> {
  const id = crypto.randomUUID();
  const { issuer, subject, name, founderNumber } = added;
  await tx.insert(staff).values({ id, issuer, subject, name, founderNumber, personKey: crypto.randomUUID() });
  return id;
}
