import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { expectRows } from '../database/rows.ts';
import type { ProtectionSource } from './protection-sources.ts';
import { protectionClearances, protectionMarks, protectionMembers, protectionOrders } from './tables.ts';

export type ProtectionRow = typeof protectionOrders.$inferSelect;

export type ClearanceRow = typeof protectionClearances.$inferSelect;

export interface NewProtection {
  readonly order: typeof protectionOrders.$inferInsert;
  readonly excludesPupil: boolean;
  readonly members: readonly string[];
}

export interface ProtectionTerms {
  readonly source: ProtectionSource;
  readonly reviewOn: string;
  readonly excludesPupil: boolean;
  readonly members: readonly string[];
}

/** Puts an order in force at once; false when the school has one for the same subject. */
export async function addProtection(tx: Transaction, { order, excludesPupil, members }: NewProtection) {
  const { id: orderId, schoolCode, subject } = order;
  // Without RETURNING: until somebody is named, a vice-principal could not read back what they enter.
  await tx.insert(protectionOrders).values(order);
  const marked = await tx
    .insert(protectionMarks)
    .values({ orderId, schoolCode, subject, excludesPupil })
    .onConflictDoNothing()
    .returning({ orderId: protectionMarks.orderId });
  await nameMembers(tx, { id: orderId, schoolCode }, members);
  return marked.length === 1;
}

export async function changeProtection(
  tx: Transaction,
  row: Pick<ProtectionRow, 'id' | 'schoolCode'>,
  { source, reviewOn, excludesPupil, members }: ProtectionTerms,
): Promise<void> {
  await updateProtection(tx, row.id, { source, reviewOn });
  const marked = await tx
    .update(protectionMarks)
    .set({ excludesPupil })
    .where(eq(protectionMarks.orderId, row.id))
    .returning({ orderId: protectionMarks.orderId });
  expectRows(marked, 1);
  await tx.delete(protectionMembers).where(eq(protectionMembers.orderId, row.id));
  await nameMembers(tx, row, members);
}

export async function updateProtection(
  tx: Transaction,
  id: string,
  changes: Partial<typeof protectionOrders.$inferInsert>,
): Promise<void> {
  const changed = await tx
    .update(protectionOrders)
    .set(changes)
    .where(eq(protectionOrders.id, id))
    .returning({ id: protectionOrders.id });
  expectRows(changed, 1);
}

/** The end of the protection; the order stays, for whoever was named. */
export async function removeMark(tx: Transaction, orderId: string): Promise<void> {
  const gone = await tx
    .delete(protectionMarks)
    .where(eq(protectionMarks.orderId, orderId))
    .returning({ orderId: protectionMarks.orderId });
  expectRows(gone, 1);
}

/** Row level security leaves the principal the school's, everybody else those that name them. */
export async function findProtections(tx: Transaction): Promise<ProtectionRow[]> {
  return tx
    .select()
    .from(protectionOrders)
    .where(isNull(protectionOrders.liftedAt))
    .orderBy(asc(protectionOrders.reviewOn), asc(protectionOrders.id))
    .limit(200);
}

export async function lockProtection(tx: Transaction, id: string): Promise<ProtectionRow | null> {
  const [row] = await tx.select().from(protectionOrders).where(eq(protectionOrders.id, id)).for('update');
  return row ?? null;
}

/** Who is named, and whether the pupil is excluded. */
export async function findTerms(tx: Transaction, orderId: string) {
  const members = await tx
    .select({ staffId: protectionMembers.staffId })
    .from(protectionMembers)
    .where(eq(protectionMembers.orderId, orderId))
    .orderBy(asc(protectionMembers.staffId));
  const [mark] = await tx.select().from(protectionMarks).where(eq(protectionMarks.orderId, orderId));
  return { members: members.map(({ staffId }) => staffId), excludesPupil: mark?.excludesPupil ?? false };
}

export async function findClearances(tx: Transaction, orderId: string): Promise<ClearanceRow[]> {
  return tx.select().from(protectionClearances).where(eq(protectionClearances.orderId, orderId));
}

export async function lockClearance(
  tx: Transaction,
  orderId: string,
  guardianId: string,
): Promise<ClearanceRow | null> {
  const [row] = await tx
    .select()
    .from(protectionClearances)
    .where(and(eq(protectionClearances.orderId, orderId), eq(protectionClearances.guardianId, guardianId)))
    .for('update');
  return row ?? null;
}

/** False when it has been asked for before. */
export async function addClearance(tx: Transaction, row: typeof protectionClearances.$inferInsert): Promise<boolean> {
  const added = await tx
    .insert(protectionClearances)
    .values(row)
    .onConflictDoNothing()
    .returning({ guardianId: protectionClearances.guardianId });
  return added.length === 1;
}

export async function confirmClearance(
  tx: Transaction,
  { orderId, guardianId }: ClearanceRow,
  confirmed: { readonly by: string; readonly at: Date },
): Promise<void> {
  const changed = await tx
    .update(protectionClearances)
    .set({ confirmedBy: confirmed.by, confirmedAt: confirmed.at })
    .where(and(eq(protectionClearances.orderId, orderId), eq(protectionClearances.guardianId, guardianId)))
    .returning({ guardianId: protectionClearances.guardianId });
  expectRows(changed, 1);
}

/** False when there was none. */
export async function removeClearance(tx: Transaction, orderId: string, guardianId: string): Promise<boolean> {
  const gone = await tx
    .delete(protectionClearances)
    .where(and(eq(protectionClearances.orderId, orderId), eq(protectionClearances.guardianId, guardianId)))
    .returning({ guardianId: protectionClearances.guardianId });
  return gone.length === 1;
}

/** Which of these does any school protect, in whoever's transaction? */
export async function findMarked(tx: Transaction, subjects: readonly string[]): Promise<ReadonlySet<string>> {
  if (subjects.length === 0) return new Set();
  const found = await tx
    .select({ subject: protectionMarks.subject })
    .from(protectionMarks)
    .where(inArray(protectionMarks.subject, [...subjects]));
  return new Set(found.map(({ subject }) => subject));
}

/** Marks as reminded what is to be looked at again by this day in Japan, each review date once. */
export async function takeDueReviews(tx: Transaction, day: string) {
  return tx
    .update(protectionOrders)
    .set({ remindedOf: sql`${protectionOrders.reviewOn}` })
    .where(
      and(
        isNull(protectionOrders.liftedAt),
        lte(protectionOrders.reviewOn, day),
        or(isNull(protectionOrders.remindedOf), sql`${protectionOrders.remindedOf} <> ${protectionOrders.reviewOn}`),
      ),
    )
    .returning({ id: protectionOrders.id, schoolCode: protectionOrders.schoolCode });
}

async function nameMembers(
  tx: Transaction,
  { id: orderId, schoolCode }: Pick<ProtectionRow, 'id' | 'schoolCode'>,
  members: readonly string[],
): Promise<void> {
  if (members.length === 0) return;
  await tx.insert(protectionMembers).values(members.map((staffId) => ({ orderId, schoolCode, staffId })));
}
