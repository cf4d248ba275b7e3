import { desc } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { publishedMonths } from './tables.ts';

export type PublishedMonth = typeof publishedMonths.$inferSelect;

/** Of the newest months first. */
export async function listMonths(tx: Transaction, limit: number): Promise<PublishedMonth[]> {
  return tx.select().from(publishedMonths).orderBy(desc(publishedMonths.month)).limit(limit);
}

/** The first days of all that have been published. */
export async function listPublished(tx: Transaction): Promise<ReadonlySet<string>> {
  const rows = await tx.select({ month: publishedMonths.month }).from(publishedMonths).limit(1200);
  return new Set(rows.map(({ month }) => month));
}

/** Whoever comes second leaves what is there. */
export async function insertMonth(tx: Transaction, row: PublishedMonth): Promise<void> {
  await tx.insert(publishedMonths).values(row).onConflictDoNothing();
}
