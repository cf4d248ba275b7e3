import { and, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { changedRows } from '../../database/rows.ts';
import { issuedCertificates } from '../tables.ts';
import { maxWatchers } from './rules.ts';
import { certificateShares, certificateWatchers } from './tables.ts';

export type WatcherRow = typeof certificateWatchers.$inferSelect;

/** False when the share has as many as it may have, or this one already. Under the lock of the share. */
export async function insertWatcher(tx: Transaction, row: WatcherRow): Promise<boolean> {
  const present = await tx
    .select({ addressKey: certificateWatchers.addressKey })
    .from(certificateWatchers)
    .where(eq(certificateWatchers.shareId, row.shareId));
  if (present.length >= maxWatchers || present.some(({ addressKey }) => addressKey === row.addressKey)) return false;
  await tx.insert(certificateWatchers).values(row);
  return true;
}

/** With the share that it came by. */
export async function findWatcher(tx: Transaction, by: { readonly id: string } | { readonly tokenHash: string }) {
  const which = 'id' in by ? eq(certificateWatchers.id, by.id) : eq(certificateWatchers.tokenHash, by.tokenHash);
  const [row] = await tx
    .select({ watcher: certificateWatchers, share: certificateShares, certificate: issuedCertificates })
    .from(certificateWatchers)
    .innerJoin(certificateShares, eq(certificateShares.id, certificateWatchers.shareId))
    .innerJoin(issuedCertificates, eq(issuedCertificates.id, certificateWatchers.certificateId))
    .where(which);
  return row ?? null;
}
export type FoundWatcher = NonNullable<Awaited<ReturnType<typeof findWatcher>>>;

export async function markConfirmed(tx: Transaction, id: string, at: Date): Promise<void> {
  await tx
    .update(certificateWatchers)
    .set({ confirmedAt: at })
    .where(and(eq(certificateWatchers.id, id), isNull(certificateWatchers.confirmedAt)));
}

export async function deleteWatcher(tx: Transaction, id: string): Promise<void> {
  await tx.delete(certificateWatchers).where(eq(certificateWatchers.id, id));
}

/** Who is still to be told of this certificate; none while it counts. */
export async function listUntold(tx: Transaction, certificateId: string): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: certificateWatchers.id })
    .from(certificateWatchers)
    .innerJoin(issuedCertificates, eq(issuedCertificates.id, certificateWatchers.certificateId))
    .where(
      and(
        eq(certificateWatchers.certificateId, certificateId),
        isNotNull(certificateWatchers.confirmedAt),
        isNull(certificateWatchers.toldAt),
        ne(issuedCertificates.state, 'valid'),
      ),
    );
  return rows.map(({ id }) => id);
}

export async function markTold(tx: Transaction, id: string, at: Date): Promise<boolean> {
  const changed = await tx
    .update(certificateWatchers)
    .set({ toldAt: at })
    .where(and(eq(certificateWatchers.id, id), isNull(certificateWatchers.toldAt)))
    .returning({ id: certificateWatchers.id });
  return changedRows(changed) === 1;
}

/** Addresses that nobody has confirmed in time; gives how many. */
export async function deleteUnconfirmed(tx: Transaction, askedBefore: Date): Promise<number> {
  const gone = await tx.execute(sql`
    delete from ${certificateWatchers}
    where confirmed_at is null and asked_at < ${askedBefore.toISOString()}::timestamptz returning 1 as one`);
  return gone.length;
}
