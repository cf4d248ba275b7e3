import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { changedRows } from '../../database/rows.ts';
import { maxKeptShares, maxOpenShares, pinTries, stateOfShare } from './rules.ts';
import { certificateShares, certificateShareViews } from './tables.ts';

export type ShareRow = typeof certificateShares.$inferSelect;
export type ShareViews = typeof certificateShareViews.$inferSelect;

export async function insertShare(tx: Transaction, row: ShareRow): Promise<void> {
  await tx.insert(certificateShares).values(row);
}

/** As far as row level security shows it. */
export async function findShare(
  tx: Transaction,
  by: { readonly id: string } | { readonly secretKey: string },
  how: 'free' | 'locked' = 'free',
): Promise<ShareRow | null> {
  const which = 'id' in by ? eq(certificateShares.id, by.id) : eq(certificateShares.secretKey, by.secretKey);
  const query = tx.select().from(certificateShares).where(which);
  const [row] = await (how === 'locked' ? query.for('update') : query);
  return row ?? null;
}

/** The newest first. */
export async function listSharesOf(tx: Transaction, certificateId: string, limit: number): Promise<ShareRow[]> {
  return tx
    .select()
    .from(certificateShares)
    .where(eq(certificateShares.certificateId, certificateId))
    .orderBy(desc(certificateShares.madeAt), desc(certificateShares.id))
    .limit(limit);
}

/** False when the certificate has as many as it may have. Two made at once come one after the other. */
export async function hasRoom(tx: Transaction, certificateId: string, at: Date): Promise<boolean> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`certificate-shares/${certificateId}`}, 0))`);
  const kept = await listSharesOf(tx, certificateId, maxKeptShares);
  const open = kept.filter((row) => stateOfShare({ ...row, tries: 0 }, at) === 'open');
  return kept.length < maxKeptShares && open.length < maxOpenShares;
}

/** False when it had ended already. */
export async function withdraw(tx: Transaction, id: string, at: Date): Promise<boolean> {
  const changed = await tx
    .update(certificateShares)
    .set({ withdrawnAt: at })
    .where(and(eq(certificateShares.id, id), isNull(certificateShares.withdrawnAt)))
    .returning({ id: certificateShares.id });
  return changedRows(changed) === 1;
}

/** Counts a try before anybody looks whether it is right: tries that come at once cannot be more than there are. */
export async function takeTry(tx: Transaction, id: string): Promise<boolean> {
  const taken = await tx
    .update(certificateShares)
    .set({ tries: sql`${certificateShares.tries} + 1` })
    .where(and(eq(certificateShares.id, id), lt(certificateShares.tries, pinTries)))
    .returning({ id: certificateShares.id });
  return changedRows(taken) === 1;
}

/** One that was right does not count. */
export async function giveTryBack(tx: Transaction, id: string): Promise<void> {
  await tx
    .update(certificateShares)
    .set({ tries: sql`${certificateShares.tries} - 1` })
    .where(eq(certificateShares.id, id));
}

/** Under the lock of the row. */
export async function markViewed(
  tx: Transaction,
  { id, once, firstViewedAt }: ShareRow,
  { at, hour }: { readonly at: Date; readonly hour: Date },
): Promise<void> {
  if (once || firstViewedAt === null) {
    const changes = { firstViewedAt: firstViewedAt ?? at, ...(once ? { usedAt: at } : {}) };
    await tx.update(certificateShares).set(changes).where(eq(certificateShares.id, id));
  }
  await tx
    .insert(certificateShareViews)
    .values({ shareId: id, hour, times: 1 })
    .onConflictDoUpdate({
      target: [certificateShareViews.shareId, certificateShareViews.hour],
      set: { times: sql`${certificateShareViews.times} + 1` },
    });
}

/** False when the share has been ended meanwhile. */
export async function keepPresentation(
  tx: Transaction,
  id: string,
  kept: Pick<ShareRow, 'sealedPresentation' | 'presentationUntil'>,
): Promise<boolean> {
  const changed = await tx
    .update(certificateShares)
    .set(kept)
    .where(and(eq(certificateShares.id, id), isNull(certificateShares.withdrawnAt)))
    .returning({ id: certificateShares.id });
  return changedRows(changed) === 1;
}

/** By the hour, the first one first. */
export async function listViews(tx: Transaction, shareIds: readonly string[]): Promise<ShareViews[]> {
  if (shareIds.length === 0) return [];
  return tx
    .select()
    .from(certificateShareViews)
    .where(inArray(certificateShareViews.shareId, [...shareIds]))
    .orderBy(asc(certificateShareViews.hour));
}

/** With their history and whoever was to be told; gives how many. */
export async function deleteEnded(tx: Transaction, before: Date): Promise<number> {
  const gone = await tx
    .delete(certificateShares)
    .where(
      or(
        lt(certificateShares.expiresAt, before),
        and(isNotNull(certificateShares.withdrawnAt), lt(certificateShares.withdrawnAt, before)),
        and(isNotNull(certificateShares.usedAt), lt(certificateShares.usedAt, before)),
      ),
    )
    .returning({ id: certificateShares.id });
  return gone.length;
}
