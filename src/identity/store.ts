import { and, eq, gt, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { buildSelect } from '../database/built-select.ts';
import type { Transaction } from '../database/connection.ts';
import { after } from './rules.ts';
import {
  challenges,
  type LinkingCodeRow,
  linkingCodes,
  linkingRefusals,
  logIns,
  type MachineClientRow,
  type MachineKeyRow,
  machineClients,
  machineKeys,
  machineUploads,
  type PupilLinkRow,
  personAccounts,
  personCertificates,
  persons,
  pupilLinks,
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

const machineClientById = buildSelect<typeof machineClients, { clientId: string }>(machineClients, (rows, value) =>
  rows.where(eq(machineClients.clientId, value('clientId'))),
);

export async function findMachineClient(tx: Transaction, clientId: string): Promise<MachineClientRow | null> {
  const [row] = await machineClientById(tx, { clientId });
  return row ?? null;
}

/** The keys of a client that are in force. */
export async function findMachineKeys(tx: Transaction, clientId: string, now: Date): Promise<MachineKeyRow[]> {
  return tx
    .select()
    .from(machineKeys)
    .where(and(eq(machineKeys.clientId, clientId), or(isNull(machineKeys.retiresAt), gt(machineKeys.retiresAt, now))));
}

/** Notes that a client got a token with this key; once a minute is exact enough, and spares most of the writes. */
export async function touchMachine(
  tx: Transaction,
  { clientId, thumbprint, at }: { readonly clientId: string; readonly thumbprint: string; readonly at: Date },
): Promise<void> {
  const before = after(at, { minutes: -1 });
  const isOld = (column: AnyPgColumn) => or(isNull(column), lt(column, before));
  const changed = { lastUsedAt: at };
  await Promise.all([
    tx
      .update(machineClients)
      .set(changed)
      .where(and(eq(machineClients.clientId, clientId), isOld(machineClients.lastUsedAt))),
    tx
      .update(machineKeys)
      .set(changed)
      .where(
        and(eq(machineKeys.clientId, clientId), eq(machineKeys.thumbprint, thumbprint), isOld(machineKeys.lastUsedAt)),
      ),
  ]);
}

/** Counts one upload of today; false when there have been as many as the client may begin in a day. */
export async function takeUpload(
  tx: Transaction,
  { client, day }: { readonly client: MachineClientRow; readonly day: string },
): Promise<boolean> {
  const { clientId, schoolCode, uploadsPerDay } = client;
  const taken = await tx
    .insert(machineUploads)
    .values({ clientId, schoolCode, day, count: 1 })
    .onConflictDoUpdate({
      target: [machineUploads.clientId, machineUploads.day],
      set: { count: sql`${machineUploads.count} + 1` },
      setWhere: lt(machineUploads.count, uploadsPerDay),
    })
    .returning({ count: machineUploads.count });
  return taken.length === 1;
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

export async function insertLinkingCode(tx: Transaction, row: typeof linkingCodes.$inferInsert): Promise<void> {
  await tx.insert(linkingCodes).values(row);
}

/** The code under a lock: five tries at once are five tries. */
export async function lockLinkingCode(tx: Transaction, codeHash: string): Promise<LinkingCodeRow | null> {
  const [row] = await tx.select().from(linkingCodes).where(eq(linkingCodes.codeHash, codeHash)).for('update');
  return row ?? null;
}

export async function countFailedTry(tx: Transaction, codeId: string): Promise<void> {
  await tx
    .update(linkingCodes)
    .set({ failedTries: sql`${linkingCodes.failedTries} + 1` })
    .where(eq(linkingCodes.id, codeId));
}

export async function markRedeemed(
  tx: Transaction,
  { codeId, personId, at }: { codeId: string; personId: string; at: Date },
): Promise<boolean> {
  const marked = await tx
    .update(linkingCodes)
    .set({ redeemedAt: at, redeemedBy: personId })
    .where(and(eq(linkingCodes.id, codeId), isNull(linkingCodes.redeemedAt)))
    .returning({ id: linkingCodes.id });
  return marked.length === 1;
}

export async function countRefusals(tx: Transaction, personId: string, day: string): Promise<number> {
  const [row] = await tx
    .select({ count: linkingRefusals.count })
    .from(linkingRefusals)
    .where(and(eq(linkingRefusals.personId, personId), eq(linkingRefusals.day, day)));
  return row?.count ?? 0;
}

export async function addRefusal(tx: Transaction, personId: string, day: string): Promise<void> {
  await tx
    .insert(linkingRefusals)
    .values({ personId, day, count: 1 })
    .onConflictDoUpdate({
      target: [linkingRefusals.personId, linkingRefusals.day],
      set: { count: sql`${linkingRefusals.count} + 1` },
    });
}

export async function insertLink(tx: Transaction, row: typeof pupilLinks.$inferInsert): Promise<void> {
  await tx.insert(pupilLinks).values(row);
}

/** Links in force that row level security shows: a person's own, or those of the actor's school. */
export async function findLinks(
  tx: Transaction,
  filter: { readonly personId?: string; readonly pupilId?: string },
): Promise<PupilLinkRow[]> {
  return tx
    .select()
    .from(pupilLinks)
    .where(
      and(
        isNull(pupilLinks.endedAt),
        filter.personId === undefined ? undefined : eq(pupilLinks.personId, filter.personId),
        filter.pupilId === undefined ? undefined : eq(pupilLinks.pupilId, filter.pupilId),
      ),
    )
    .orderBy(pupilLinks.linkedAt);
}

export async function markLinkEnded(
  tx: Transaction,
  { linkId, endedBy, at }: { linkId: string; endedBy: string; at: Date },
): Promise<PupilLinkRow | null> {
  const [row] = await tx
    .update(pupilLinks)
    .set({ endedAt: at, endedBy })
    .where(and(eq(pupilLinks.id, linkId), isNull(pupilLinks.endedAt)))
    .returning();
  return row ?? null;
}
