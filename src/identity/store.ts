import { and, eq, gt, ne, sql } from 'drizzle-orm';
import { buildSelect } from '../database/built-select.ts';
import { type Transaction } from '../database/connection.ts';
import { logIns } from './log-ins/tables.ts';
import {
  challenges,
  personAccounts,
  personCertificates,
  persons,
  type SessionRow,
  sessions,
  signInAttempts,
  usedTokens,
} from './tables.ts';

export type AttemptRow = typeof signInAttempts.$inferSelect;

type ChallengeRow = typeof challenges.$inferSelect;

export async function insertAttempt(tx: Transaction, row: typeof signInAttempts.$inferInsert): Promise<void> {
  await tx.insert(signInAttempts).values(row);
}

/** Takes the attempt away, so that no callback can use it twice. */
export async function takeAttempt(tx: Transaction, cookieHash: string): Promise<AttemptRow | null> {
  const [row] = await tx.delete(signInAttempts).where(eq(signInAttempts.cookieHash, cookieHash)).returning();
  return row ?? null;
}

export async function insertChallenge(tx: Transaction, row: ChallengeRow): Promise<void> {
  await tx.insert(challenges).values(row);
}

/** Takes the challenge away, so that it is burnt whatever comes of it. */
export async function takeChallenge(tx: Transaction, id: string): Promise<ChallengeRow | null> {
  const [row] = await tx.delete(challenges).where(eq(challenges.id, id)).returning();
  return row ?? null;
}

/**
 * Removes what has expired: nothing here is needed after its time. A few rows at a time, and none that somebody else is
 * removing just now, so that log-ins never wait for each other.
 */
export async function purgeExpired(tx: Transaction, now: Date): Promise<void> {
  await Promise.all(
    [signInAttempts, challenges, usedTokens, sessions, logIns].map((table) => {
      // Every request of a machine leaves a used token, and every log-in but these few others.
      const most = table === usedTokens ? 5000 : 100;
      return tx.execute(sql`
        delete from ${table} where ctid = any(array(
          select ctid from ${table} where expires_at <= ${now.toISOString()}::timestamptz limit ${most} for update skip locked))`);
    }),
  );
}

export async function insertSession(tx: Transaction, row: SessionRow): Promise<void> {
  await tx.insert(sessions).values(row);
}

const sessionByToken = buildSelect<typeof sessions, { tokenHash: string }>(sessions, (rows, value) =>
  rows.where(eq(sessions.tokenHash, value('tokenHash'))),
);

export async function findSession(tx: Transaction, tokenHash: string): Promise<SessionRow | null> {
  const [row] = await sessionByToken(tx, { tokenHash });
  return row ?? null;
}

/** By the id that lists and logs show; row level security leaves everybody their own. */
export async function findSessionById(tx: Transaction, id: string): Promise<SessionRow | null> {
  const [row] = await tx.select().from(sessions).where(eq(sessions.id, id));
  return row ?? null;
}

export async function touchSession(tx: Transaction, id: string, at: Date): Promise<void> {
  await tx.update(sessions).set({ lastSeenAt: at }).where(eq(sessions.id, id));
}

/** Binds a session to a membership under a new token; the old token is worth nothing from here on. */
export async function renewSession(
  tx: Transaction,
  { id, tokenHash, membershipId }: { id: string; tokenHash: string; membershipId: string },
): Promise<boolean> {
  const changed = await tx
    .update(sessions)
    .set({ tokenHash, membershipId })
    .where(eq(sessions.id, id))
    .returning({ id: sessions.id });
  return changed.length === 1;
}

/**
 * Gives a session a new token because its owner has just proved who they are; only the one whose token is still the old
 * one, so that two answers at once confirm it once.
 */
export async function confirmSessionRow(
  tx: Transaction,
  change: {
    readonly id: string;
    readonly formerHash: string;
    readonly tokenHash: string;
    readonly authenticatedAt: Date;
  },
): Promise<boolean> {
  const { id, formerHash, tokenHash, authenticatedAt } = change;
  const changed = await tx
    .update(sessions)
    .set({ tokenHash, authenticatedAt })
    .where(and(eq(sessions.id, id), eq(sessions.tokenHash, formerHash)))
    .returning({ id: sessions.id });
  return changed.length === 1;
}

/** Row level security leaves a person their own sessions only. */
export async function findSessions(tx: Transaction, now: Date): Promise<SessionRow[]> {
  return tx.select().from(sessions).where(gt(sessions.expiresAt, now)).orderBy(sql`${sessions.lastSeenAt} desc`);
}

export async function deleteSession(tx: Transaction, id: string): Promise<boolean> {
  const deleted = await tx.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id });
  return deleted.length === 1;
}

/** Ends what a provider names: its one session, or all that its subject has here. */
export async function deleteSessionsOfProvider(
  tx: Transaction,
  named: { readonly provider: string; readonly subjectHash: string | null; readonly sidHash: string | null },
): Promise<SessionRow[]> {
  const { provider, subjectHash, sidHash } = named;
  if (subjectHash === null && sidHash === null) return [];
  return tx
    .delete(sessions)
    .where(
      and(
        eq(sessions.provider, provider),
        subjectHash === null ? undefined : eq(sessions.subjectHash, subjectHash),
        sidHash === null ? undefined : eq(sessions.sidHash, sidHash),
      ),
    )
    .returning();
}

/** Row level security leaves a person their own sessions only: without a `where`, these and no others. */
export async function deleteOwnSessions(tx: Transaction, keptId: string | null): Promise<string[]> {
  const deleted = await tx
    .delete(sessions)
    .where(keptId === null ? undefined : ne(sessions.id, keptId))
    .returning({ id: sessions.id });
  return deleted.map(({ id }) => id);
}

export async function deleteSessionByToken(tx: Transaction, tokenHash: string): Promise<SessionRow | null> {
  const [row] = await tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash)).returning();
  return row ?? null;
}

/** Makes log-ins by the same certificate or account wait for each other until the transaction ends: one of it, one person. */
export async function lockKey(tx: Transaction, key: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`);
}

export async function findPersonByCertificate(tx: Transaction, certificateKey: string): Promise<string | null> {
  const [row] = await tx
    .select({ personId: personCertificates.personId })
    .from(personCertificates)
    .where(eq(personCertificates.certificateKey, certificateKey));
  return row?.personId ?? null;
}

export async function insertPerson(tx: Transaction, id: string, createdAt: Date): Promise<void> {
  await tx.insert(persons).values({ id, createdAt });
}

/** One of a person's ways to log in, as it has just been used. */
export interface UsedWay {
  readonly id: string;
  /** Nobody had logged in by it before: it is new, or was added to the person. */
  readonly isFirst: boolean;
}

function usedWay(row: { readonly id: string; readonly loggedInAt: Date | null } | undefined, at: Date): UsedWay | null {
  return row === undefined ? null : { id: row.id, isFirst: row.loggedInAt?.getTime() === at.getTime() };
}

/** Remembers that a person logged in by this certificate; null when somebody else had it first. */
export async function recordCertificate(
  tx: Transaction,
  { certificateKey, personId, notAfter, at }: { certificateKey: string; personId: string; notAfter: Date; at: Date },
): Promise<UsedWay | null> {
  const recorded = await tx
    .insert(personCertificates)
    .values({ certificateKey, personId, notAfter, firstUsedAt: at, lastUsedAt: at, loggedInAt: at })
    .onConflictDoUpdate({
      target: personCertificates.certificateKey,
      set: { lastUsedAt: at, loggedInAt: sql`coalesce(${personCertificates.loggedInAt}, excluded.logged_in_at)` },
      setWhere: eq(personCertificates.personId, personId),
    })
    .returning({ id: personCertificates.id, loggedInAt: personCertificates.loggedInAt });
  return usedWay(recorded[0], at);
}

export async function findPersonByAccount(tx: Transaction, accountKey: string): Promise<string | null> {
  const [row] = await tx
    .select({ personId: personAccounts.personId })
    .from(personAccounts)
    .where(eq(personAccounts.accountKey, accountKey));
  return row?.personId ?? null;
}

/** Remembers that a person logged in by this account; null when somebody else had it first. */
export async function recordAccount(
  tx: Transaction,
  { accountKey, personId, at }: { accountKey: string; personId: string; at: Date },
): Promise<UsedWay | null> {
  const recorded = await tx
    .insert(personAccounts)
    .values({ accountKey, personId, firstUsedAt: at, lastUsedAt: at, loggedInAt: at })
    .onConflictDoUpdate({
      target: personAccounts.accountKey,
      set: { lastUsedAt: at, loggedInAt: sql`coalesce(${personAccounts.loggedInAt}, excluded.logged_in_at)` },
      setWhere: eq(personAccounts.personId, personId),
    })
    .returning({ id: personAccounts.id, loggedInAt: personAccounts.loggedInAt });
  return usedWay(recorded[0], at);
}

/** Notes a token as used; false when it was used before. */
export async function useTokenOnce(tx: Transaction, tokenHash: string, expiresAt: Date): Promise<boolean> {
  const used = await tx
    .insert(usedTokens)
    .values({ tokenHash, expiresAt })
    .onConflictDoNothing()
    .returning({ tokenHash: usedTokens.tokenHash });
  return used.length === 1;
}

/**
 * Notes the proof of one request as used; false when it was used before. This one commit does not wait for the disk: a
 * crash of the database server can forget the proofs of its last half second, and the nonce ends those in minutes
 * (docs/adr/0024).
 */
export async function useProofOnce(tx: Transaction, tokenHash: string, expiresAt: Date): Promise<boolean> {
  const used = await tx.execute(sql`
    insert into ${usedTokens} (token_hash, expires_at)
    select ${tokenHash}, ${expiresAt.toISOString()}::timestamptz
    where set_config('synchronous_commit', 'off', true) = 'off'
    on conflict do nothing returning 1`);
  return used.length === 1;
}
