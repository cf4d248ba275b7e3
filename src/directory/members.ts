import { and, asc, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { expectRows } from '../database/rows.ts';
import type { Role } from '../policy/actor.ts';
import { membershipOfAdministrator } from './store.ts';
import { administrators, memberships, organisations, staff } from './tables.ts';

export type OrganisationKind = (typeof organisations.$inferSelect)['kind'];

/** What somebody may be at a school, and from when to when (`YYYY-MM-DD`, both inclusive). */
export interface Term {
  readonly role: Role;
  readonly homeroom: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

export interface MemberRow extends Term {
  /** Of the membership; an administrator's is `<administrator>:<school>`. */
  readonly id: string;
  readonly staffId: string;
  readonly name: string;
  /** `sub` at the provider: what an export calls the account. */
  readonly account: string;
  readonly personKey: string;
  readonly lastLoginAt: Date | null;
}

/** An account of a founder, with the human behind it. */
export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly personKey: string;
}

const account = { id: staff.id, name: staff.name, account: staff.subject, personKey: staff.personKey };

/**
 * One member act at a time in each school: what it checks (overlaps, the last principal) cannot change under it.
 * The lock ends with the transaction.
 */
export async function lockSchool(tx: Transaction, schoolCode: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`members/${schoolCode}`}, 0))`);
}

/** Who is or will be a member of the school on or after a day, with the administrators of its founder. */
export async function findMembers(tx: Transaction, schoolCode: string, day: string): Promise<MemberRow[]> {
  const own = await tx
    .select({ membership: memberships, staff })
    .from(memberships)
    .innerJoin(staff, eq(staff.id, memberships.staffId))
    .where(and(eq(memberships.schoolCode, schoolCode), notOver(memberships, day)))
    .orderBy(asc(memberships.validFrom), asc(memberships.id));
  const founder = await founderOf(tx, schoolCode);
  const above = await tx
    .select({ membership: administrators, staff })
    .from(administrators)
    .innerJoin(staff, eq(staff.id, administrators.staffId))
    .where(and(eq(administrators.founderNumber, founder ?? ''), notOver(administrators, day)))
    .orderBy(asc(administrators.validFrom), asc(administrators.id));
  const all = [
    ...own,
    ...above.map((row) => ({ ...row, membership: membershipOfAdministrator(row.membership, schoolCode) })),
  ];
  return all.map(({ membership, staff: person }) => ({
    id: membership.id,
    staffId: membership.staffId,
    role: membership.role,
    homeroom: membership.homeroom,
    validFrom: membership.validFrom,
    validTo: membership.validTo,
    name: person.name,
    account: person.subject,
    personKey: person.personKey,
    lastLoginAt: person.lastLoginAt,
  }));
}

/** Whoever is principal of the school on this day (`YYYY-MM-DD`, in Japan). */
export async function findPrincipals(tx: Transaction, schoolCode: string, day: string): Promise<MemberRow[]> {
  return (await findMembersInForce(tx, schoolCode, day)).filter(({ role }) => role === 'principal');
}

/** Whoever is anything at the school on this day, with the administrators of its founder. */
export async function findMembersInForce(tx: Transaction, schoolCode: string, day: string): Promise<MemberRow[]> {
  return (await findMembers(tx, schoolCode, day)).filter((one) => isInForce(one, day));
}

/** The accounts that row security shows: a school's own, or all of the founder to its administrator. */
export async function findAccounts(tx: Transaction, founderNumber: string): Promise<AccountRow[]> {
  return tx.select(account).from(staff).where(eq(staff.founderNumber, founderNumber)).orderBy(asc(staff.subject));
}

export async function findAccountsById(tx: Transaction, ids: readonly string[]): Promise<AccountRow[]> {
  if (ids.length === 0) return [];
  return tx
    .select(account)
    .from(staff)
    .where(inArray(staff.id, [...ids]));
}

export async function founderOf(tx: Transaction, schoolCode: string): Promise<string | null> {
  const [row] = await tx
    .select({ founder: organisations.founderNumber })
    .from(organisations)
    .where(eq(organisations.code, schoolCode));
  return row?.founder ?? null;
}

/** School, board or university; null for a code that nobody has. */
export async function kindOf(tx: Transaction, code: string): Promise<OrganisationKind | null> {
  const [row] = await tx.select({ kind: organisations.kind }).from(organisations).where(eq(organisations.code, code));
  return row?.kind ?? null;
}

/** Gives a term to an account; an administrator's holds for all schools of the founder. */
export async function addMembership(
  tx: Transaction,
  added: { readonly id: string; readonly staffId: string; readonly schoolCode: string; readonly term: Term },
): Promise<string> {
  const { id, staffId, schoolCode, term } = added;
  const { role, homeroom, validFrom, validTo } = term;
  if (role !== 'administrator') {
    await tx.insert(memberships).values({ id, staffId, schoolCode, role, homeroom, validFrom, validTo });
    return id;
  }
  const founderNumber = await founderOf(tx, schoolCode);
  if (founderNumber === null) throw new Error('a school without a founder has no administrators');
  await tx.insert(administrators).values({ id, staffId, founderNumber, validFrom, validTo });
  return `${id}:${schoolCode}`;
}

/** Changes a term, or ends it at once (`endedAt`). The caller has looked at the row under {@link lockSchool}. */
export async function changeTerm(
  tx: Transaction,
  of: Pick<MemberRow, 'id' | 'role'>,
  change: Partial<Pick<Term, 'homeroom' | 'validFrom' | 'validTo'>> & { readonly endedAt?: Date },
): Promise<void> {
  const { homeroom: _none, ...dates } = change;
  const changed =
    of.role === 'administrator'
      ? await tx
          .update(administrators)
          .set(dates)
          .where(eq(administrators.id, of.id.split(':')[0] ?? ''))
          .returning({ id: administrators.id })
      : await tx.update(memberships).set(change).where(eq(memberships.id, of.id)).returning({ id: memberships.id });
  expectRows(changed, 1);
}

/** All accounts of one human get one key, so that approvals count people; how many changed. */
export async function setPersonKey(tx: Transaction, ids: readonly string[], personKey: string): Promise<void> {
  const changed = await tx
    .update(staff)
    .set({ personKey })
    .where(inArray(staff.id, [...ids]))
    .returning({ id: staff.id });
  expectRows(changed, ids.length);
}

export function isInForce(term: Pick<Term, 'validFrom' | 'validTo'>, day: string): boolean {
  return term.validFrom <= day && (term.validTo === null || day <= term.validTo);
}

function notOver(table: typeof memberships | typeof administrators, day: string) {
  return and(isNull(table.endedAt), or(isNull(table.validTo), gte(table.validTo, day)));
}
