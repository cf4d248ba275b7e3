import { and, eq, isNull, sql } from 'drizzle-orm';
import { type Transaction } from '../../database/connection.ts';
import { type LinkingCodeRow, linkingCodes, linkingRefusals, type PupilLinkRow, pupilLinks } from './tables.ts';

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
