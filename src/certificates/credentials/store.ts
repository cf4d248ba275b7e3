import { and, count, desc, eq, gt, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { type RandomBytes, randomBelow } from '../../crypto/random.ts';
import { statusListSize } from '../../crypto/status-list/entries.ts';
import type { Transaction } from '../../database/connection.ts';
import { changedRows } from '../../database/rows.ts';
import { issuedCertificates } from '../tables.ts';
import type { Standing } from './rules.ts';
import { credentialStatusLists, credentials } from './tables.ts';

export type StatusListRow = typeof credentialStatusLists.$inferSelect;
export type CredentialRow = typeof credentials.$inferSelect;

/** Half of a list: until then an entry that was drawn is free with a chance of one half or better. */
const maxTaken = statusListSize / 2;

/**
 * How many of a certificate's credentials have not run out: of its holder's own, or of one share's. What others are shown takes nothing from
 * what the holder may have.
 */
export async function countLive(
  tx: Transaction,
  { certificateId, shareId }: Pick<CredentialRow, 'certificateId' | 'shareId'>,
  at: Date,
): Promise<number> {
  const whose = shareId === null ? isNull(credentials.shareId) : eq(credentials.shareId, shareId);
  const [row] = await tx
    .select({ live: count() })
    .from(credentials)
    .where(and(eq(credentials.certificateId, certificateId), whose, gt(credentials.expiresAt, at)));
  return row?.live ?? 0;
}

/**
 * Stores a credential under an entry of its school's newest list that was never used, drawn by chance: the order of issuing cannot be read
 * from it. Whoever is second waits for the first one's transaction on the row of the list.
 */
export async function insertCredential(
  tx: Transaction,
  row: Omit<CredentialRow, 'listId' | 'listIndex' | 'endedAt'> & { readonly issuer: string },
  random: RandomBytes,
): Promise<CredentialRow> {
  const { issuer, ...credential } = row;
  const listId = await takePlace(tx, { schoolCode: row.schoolCode, issuer, at: row.issuedAt, random });
  for (let tries = 0; tries < 128; tries += 1) {
    const listIndex = randomBelow(statusListSize, random);
    const [inserted] = await tx
      .insert(credentials)
      .values({ ...credential, listId, listIndex })
      .onConflictDoNothing({ target: [credentials.listId, credentials.listIndex] })
      .returning();
    if (inserted !== undefined) return inserted;
  }
  throw new Error('no free entry was drawn from a list that is half empty');
}

/** All that were handed out by a share, at once. */
export async function endCredentialsOfShare(tx: Transaction, shareId: string, at: Date): Promise<void> {
  await tx
    .update(credentials)
    .set({ endedAt: at })
    .where(and(eq(credentials.shareId, shareId), isNull(credentials.endedAt)));
}

export async function findStatusList(tx: Transaction, listId: string): Promise<StatusListRow | null> {
  const [row] = await tx.select().from(credentialStatusLists).where(eq(credentialStatusLists.id, listId));
  return row ?? null;
}

/** The entries of a list about which there is something to say. */
export async function listNotPlainlyValid(
  tx: Transaction,
  listId: string,
): Promise<readonly (Standing & { readonly listIndex: number; readonly endedAt: Date | null })[]> {
  const { state, revocationAskedAt } = issuedCertificates;
  const { listIndex, endedAt } = credentials;
  return tx
    .select({ listIndex, endedAt, state, revocationAskedAt })
    .from(credentials)
    .innerJoin(issuedCertificates, eq(issuedCertificates.id, credentials.certificateId))
    .where(
      and(eq(credentials.listId, listId), or(ne(state, 'valid'), isNotNull(revocationAskedAt), isNotNull(endedAt))),
    );
}

/** Of a list with room, which is begun when there is none. */
async function takePlace(
  tx: Transaction,
  of: { readonly schoolCode: string; readonly issuer: string; readonly at: Date; readonly random: RandomBytes },
): Promise<string> {
  const { schoolCode, issuer, at, random } = of;
  const [found] = await tx
    .select({ id: credentialStatusLists.id })
    .from(credentialStatusLists)
    .where(
      and(
        eq(credentialStatusLists.schoolCode, schoolCode),
        eq(credentialStatusLists.issuer, issuer),
        lt(credentialStatusLists.taken, maxTaken),
      ),
    )
    .orderBy(desc(credentialStatusLists.createdAt))
    .limit(1);
  if (found !== undefined) {
    const taken = await tx
      .update(credentialStatusLists)
      .set({ taken: sql`${credentialStatusLists.taken} + 1` })
      .where(and(eq(credentialStatusLists.id, found.id), lt(credentialStatusLists.taken, maxTaken)))
      .returning({ id: credentialStatusLists.id });
    if (changedRows(taken) === 1) return found.id;
  }
  const id = Buffer.from(random(16)).toString('base64url');
  await tx.insert(credentialStatusLists).values({ id, schoolCode, issuer, taken: 1, createdAt: at });
  return id;
}
