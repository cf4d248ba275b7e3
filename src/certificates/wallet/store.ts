import { and, count, eq, gt, lt, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { changedRows } from '../../database/rows.ts';
import { systemScope } from '../../database/scope.ts';
import { type AuthorizationState, maxPinMisses, type OfferState } from './rules.ts';
import { walletAuthorizations, walletOffers, walletSpent } from './tables.ts';

export type OfferRow = typeof walletOffers.$inferSelect;
export type AuthorizationRow = typeof walletAuthorizations.$inferSelect;

export const walletJob = systemScope('wallet');

export async function insertOffer(tx: Transaction, row: typeof walletOffers.$inferInsert): Promise<void> {
  await tx.insert(walletOffers).values(row);
}

export async function countOpenOffers(tx: Transaction, personId: string, now: Date): Promise<number> {
  const [row] = await tx
    .select({ open: count() })
    .from(walletOffers)
    .where(and(eq(walletOffers.personId, personId), eq(walletOffers.state, 'open'), gt(walletOffers.expiresAt, now)));
  return row?.open ?? 0;
}

type OfferKey = 'id' | 'codeHash' | 'stateHash' | 'tokenHash';

/** Null when it has expired, too. */
export async function findOffer(
  tx: Transaction,
  by: { readonly [Key in OfferKey]: { readonly key: Key; readonly value: string } }[OfferKey],
  now: Date,
): Promise<OfferRow | null> {
  const [row] = await tx
    .select()
    .from(walletOffers)
    .where(and(eq(walletOffers[by.key], by.value), gt(walletOffers.expiresAt, now)));
  return row ?? null;
}

/** False when it is in that state no more. */
export async function moveOffer(
  tx: Transaction,
  { id, from }: { readonly id: string; readonly from: OfferState },
  changes: Partial<OfferRow>,
): Promise<boolean> {
  const changed = await tx
    .update(walletOffers)
    .set(changes)
    .where(and(eq(walletOffers.id, id), eq(walletOffers.state, from)))
    .returning({ id: walletOffers.id });
  return changedRows(changed) === 1;
}

/** Counts a try before the number is looked at; null when there is none left. */
export async function countPinTry(tx: Transaction, id: string): Promise<number | null> {
  const [row] = await tx
    .update(walletOffers)
    .set({ pinMisses: sql`${walletOffers.pinMisses} + 1` })
    .where(and(eq(walletOffers.id, id), eq(walletOffers.state, 'open'), lt(walletOffers.pinMisses, maxPinMisses)))
    .returning({ misses: walletOffers.pinMisses });
  return row?.misses ?? null;
}

export async function insertAuthorization(
  tx: Transaction,
  row: typeof walletAuthorizations.$inferInsert,
): Promise<void> {
  await tx.insert(walletAuthorizations).values(row);
}

export async function findAuthorization(
  tx: Transaction,
  by: { readonly requestHash: string } | { readonly codeHash: string },
  now: Date,
): Promise<AuthorizationRow | null> {
  const matches =
    'requestHash' in by
      ? eq(walletAuthorizations.requestHash, by.requestHash)
      : eq(walletAuthorizations.codeHash, by.codeHash);
  const [row] = await tx
    .select()
    .from(walletAuthorizations)
    .where(and(matches, gt(walletAuthorizations.expiresAt, now)));
  return row ?? null;
}

export async function moveAuthorization(
  tx: Transaction,
  { requestHash, from }: { readonly requestHash: string; readonly from: AuthorizationState },
  changes: Partial<AuthorizationRow>,
): Promise<boolean> {
  const changed = await tx
    .update(walletAuthorizations)
    .set(changes)
    .where(and(eq(walletAuthorizations.requestHash, requestHash), eq(walletAuthorizations.state, from)))
    .returning({ requestHash: walletAuthorizations.requestHash });
  return changedRows(changed) === 1;
}

/** False when it was spent before. */
export async function spend(tx: Transaction, hash: string, expiresAt: Date): Promise<boolean> {
  const stored = await tx
    .insert(walletSpent)
    .values({ hash, expiresAt })
    .onConflictDoNothing()
    .returning({ hash: walletSpent.hash });
  return stored.length === 1;
}

/** What is over goes: authorizations with their offers. */
export async function purgeWallet(tx: Transaction, now: Date): Promise<void> {
  for (const table of [walletAuthorizations, walletOffers, walletSpent]) {
    await tx.execute(sql`
      delete from ${table} where ctid = any(array(
        select ctid from ${table} where expires_at <= ${now.toISOString()}::timestamptz
        limit 500 for update skip locked))`);
  }
}
