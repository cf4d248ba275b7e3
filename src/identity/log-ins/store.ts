import { and, asc, count, desc, eq, gt, isNull, lte } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { pupilLinks } from '../links/tables.ts';
import { personAccounts, personCertificates, sessions } from '../tables.ts';
import type { Way } from './rules.ts';
import { logIns, type StaffLogInSubject } from './tables.ts';

export type LogInRow = typeof logIns.$inferSelect;

/** Whose log-in it is. */
export type Owner =
  | { readonly personId: string; readonly staffId?: never }
  | { readonly staffId: string; readonly personId?: never };

/** What a way is known by, and until when it can be good. */
export interface WayKey {
  readonly assurance: Way['assurance'];
  readonly key: string;
  /** Null for an account, which its provider ends. */
  readonly notAfter: Date | null;
}

/** The person's certificates and accounts, the oldest first. */
export async function findWays(tx: Transaction, personId: string): Promise<Way[]> {
  const [certificates, accounts] = [
    await tx.select().from(personCertificates).where(eq(personCertificates.personId, personId)),
    await tx.select().from(personAccounts).where(eq(personAccounts.personId, personId)),
  ];
  const ways: Way[] = [
    ...certificates.map((row) => ({ ...shared(row), assurance: 'certificate' as const, notAfter: row.notAfter })),
    ...accounts.map((row) => ({ ...shared(row), assurance: 'digitalAuthenticationApp' as const, notAfter: null })),
  ];
  return ways.toSorted((a, b) => a.addedAt.getTime() - b.addedAt.getTime());
}

function shared(row: {
  readonly id: string;
  readonly firstUsedAt: Date;
  readonly lastUsedAt: Date;
  readonly loggedInAt: Date | null;
}): Omit<Way, 'assurance' | 'notAfter'> {
  const { id, firstUsedAt, lastUsedAt, loggedInAt } = row;
  return { id, addedAt: firstUsedAt, lastUsedAt: loggedInAt === null ? null : lastUsedAt };
}

/** Gives the way's id; null when somebody else has it. The caller holds the lock of its key. */
export async function insertWay(
  tx: Transaction,
  { assurance, key, notAfter }: WayKey,
  { personId, at }: { readonly personId: string; readonly at: Date },
): Promise<string | null> {
  const used = { personId, firstUsedAt: at, lastUsedAt: at };
  if (assurance === 'digitalAuthenticationApp' || notAfter === null) {
    const [account] = await tx
      .insert(personAccounts)
      .values({ accountKey: key, ...used })
      .onConflictDoNothing()
      .returning({ id: personAccounts.id });
    return account?.id ?? null;
  }
  const [certificate] = await tx
    .insert(personCertificates)
    .values({ certificateKey: key, notAfter, ...used })
    .onConflictDoNothing()
    .returning({ id: personCertificates.id });
  return certificate?.id ?? null;
}

export async function deleteWay(tx: Transaction, { id, assurance }: Way): Promise<boolean> {
  const gone =
    assurance === 'certificate'
      ? await tx
          .delete(personCertificates)
          .where(eq(personCertificates.id, id))
          .returning({ id: personCertificates.id })
      : await tx.delete(personAccounts).where(eq(personAccounts.id, id)).returning({ id: personAccounts.id });
  return gone.length === 1;
}

/** Ends what this way has opened; row level security leaves a person their own. */
export async function deleteSessionsOfWay(tx: Transaction, wayId: string): Promise<string[]> {
  const ended = await tx.delete(sessions).where(eq(sessions.wayId, wayId)).returning({ id: sessions.id });
  return ended.map(({ id }) => id);
}

/** Has the person a link in force, or one that waits for the school? */
export async function hasLinks(tx: Transaction, personId: string): Promise<boolean> {
  const [row] = await tx
    .select({ id: pupilLinks.id })
    .from(pupilLinks)
    .where(and(eq(pupilLinks.personId, personId), isNull(pupilLinks.endedAt)))
    .limit(1);
  return row !== undefined;
}

export async function insertLogIn(tx: Transaction, row: typeof logIns.$inferInsert): Promise<void> {
  await tx.insert(logIns).values(row);
}

export async function countRefused(tx: Transaction, owner: Owner, since: Date): Promise<number> {
  const [row] = await tx
    .select({ refused: count() })
    .from(logIns)
    .where(and(isOf(owner), eq(logIns.outcome, 'refused'), gt(logIns.at, since)));
  return row?.refused ?? 0;
}

/** Has a mail about such a thing gone out since then? */
export async function isTold(
  tx: Transaction,
  owner: Owner,
  { subject, since }: { readonly subject: StaffLogInSubject; readonly since: Date },
): Promise<boolean> {
  const [row] = await tx
    .select({ id: logIns.id })
    .from(logIns)
    .where(and(isOf(owner), eq(logIns.told, subject), gt(logIns.at, since)))
    .limit(1);
  return row !== undefined;
}

export async function markTold(tx: Transaction, id: string, subject: StaffLogInSubject): Promise<void> {
  await tx.update(logIns).set({ told: subject }).where(eq(logIns.id, id));
}

export async function findLogIns(
  tx: Transaction,
  owner: Owner,
  { after, limit }: { readonly after: Date; readonly limit: number },
): Promise<LogInRow[]> {
  return tx
    .select()
    .from(logIns)
    .where(and(isOf(owner), gt(logIns.expiresAt, after)))
    .orderBy(desc(logIns.at), asc(logIns.id))
    .limit(limit);
}

/** Forgets what is older than its time; gives how many. */
export async function deleteOldLogIns(tx: Transaction, now: Date): Promise<number> {
  const gone = await tx.delete(logIns).where(lte(logIns.expiresAt, now)).returning({ id: logIns.id });
  return gone.length;
}

/** False when whoever asks has no such log-in; row level security leaves them their own. */
export async function markDisowned(tx: Transaction, id: string, at: Date): Promise<boolean> {
  const marked = await tx.update(logIns).set({ disownedAt: at }).where(eq(logIns.id, id)).returning({ id: logIns.id });
  return marked.length === 1;
}

function isOf({ personId, staffId }: Owner) {
  return personId === undefined ? eq(logIns.staffId, staffId) : eq(logIns.personId, personId);
}
