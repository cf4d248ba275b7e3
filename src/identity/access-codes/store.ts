import { and, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { type PupilLinkRow, pupilLinks } from '../links/tables.ts';
import { sessions } from '../tables.ts';
import { triesPerAccessCode } from './rules.ts';
import { type AccessCodeRow, accessCodes, type CodeAttemptRow, codeAttempts } from './tables.ts';

export async function insertAccessCode(tx: Transaction, row: typeof accessCodes.$inferInsert): Promise<void> {
  await tx.insert(accessCodes).values(row);
}

/** One paper at a time: the earlier ones of the same holder are worth nothing any more. */
export async function withdrawEarlier(
  tx: Transaction,
  holder: Pick<AccessCodeRow, 'pupilId' | 'guardianId'>,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<void> {
  const same =
    holder.guardianId === null ? isNull(accessCodes.guardianId) : eq(accessCodes.guardianId, holder.guardianId);
  await tx
    .update(accessCodes)
    .set({ withdrawnAt: at, withdrawnBy: by })
    .where(
      and(
        eq(accessCodes.pupilId, holder.pupilId),
        same,
        isNull(accessCodes.usedAt),
        isNull(accessCodes.withdrawnAt),
        gt(accessCodes.expiresAt, at),
      ),
    );
}

/** The newest first; row level security leaves a school its own. */
export async function findAccessCodes(tx: Transaction, pupilId: string): Promise<AccessCodeRow[]> {
  return tx
    .select()
    .from(accessCodes)
    .where(eq(accessCodes.pupilId, pupilId))
    .orderBy(desc(accessCodes.issuedAt))
    .limit(100);
}

/** Under a lock until the transaction ends: two acts on one code come one after the other. */
export async function lockAccessCode(
  tx: Transaction,
  by: { readonly id: string } | { readonly codeHash: string },
): Promise<AccessCodeRow | null> {
  const which = 'id' in by ? eq(accessCodes.id, by.id) : eq(accessCodes.codeHash, by.codeHash);
  const [row] = await tx.select().from(accessCodes).where(which).for('update');
  return row ?? null;
}

export async function changeAccessCode(
  tx: Transaction,
  id: string,
  changes: Partial<Omit<AccessCodeRow, 'id'>>,
): Promise<void> {
  const changed = await tx
    .update(accessCodes)
    .set(changes)
    .where(eq(accessCodes.id, id))
    .returning({ id: accessCodes.id });
  if (changed.length !== 1) throw new Error('a locked access code could not be changed');
}

export async function insertCodeAttempt(tx: Transaction, row: CodeAttemptRow): Promise<void> {
  await tx.insert(codeAttempts).values(row);
}

/** A few at a time, and none that somebody else is removing just now. */
export async function forgetAttempts(tx: Transaction, now: Date): Promise<void> {
  await tx.execute(sql`
    delete from ${codeAttempts} where ctid = any(array(
      select ctid from ${codeAttempts} where expires_at <= ${now.toISOString()}::timestamptz limit 100 for update skip locked))`);
}

export interface Attempted {
  readonly code: AccessCodeRow;
  readonly numberHash: string | null;
}

/** The code that was typed, and the number sent for it, as long as that is good; of a code that is none, nothing. */
export async function findAttempted(tx: Transaction, idHash: string, at: Date): Promise<Attempted | null> {
  const [row] = await tx
    .select({ code: accessCodes, numberHash: codeAttempts.numberHash })
    .from(codeAttempts)
    .innerJoin(accessCodes, eq(accessCodes.id, codeAttempts.codeId))
    .where(and(eq(codeAttempts.idHash, idHash), gt(codeAttempts.expiresAt, at)));
  return row ?? null;
}

/** The hash of the number that is being sent; of two numbers for one attempt the later counts. */
export async function storeNumber(tx: Transaction, idHash: string, numberHash: string): Promise<boolean> {
  const stored = await tx
    .update(codeAttempts)
    .set({ numberHash })
    .where(eq(codeAttempts.idHash, idHash))
    .returning({ idHash: codeAttempts.idHash });
  return stored.length === 1;
}

export async function deleteAttemptsOf(tx: Transaction, codeId: string): Promise<void> {
  await tx.delete(codeAttempts).where(eq(codeAttempts.codeId, codeId));
}

/** Counts a try before anybody looks whether it is right: tries that come at once cannot be more than there are. */
export async function takeTry(tx: Transaction, codeId: string, at: Date): Promise<number | null> {
  const [row] = await tx
    .update(accessCodes)
    .set({ tries: sql`${accessCodes.tries} + 1` })
    .where(
      and(
        eq(accessCodes.id, codeId),
        lt(accessCodes.tries, triesPerAccessCode),
        gt(accessCodes.expiresAt, at),
        isNull(accessCodes.usedAt),
        isNull(accessCodes.withdrawnAt),
      ),
    )
    .returning({ tries: accessCodes.tries });
  return row?.tries ?? null;
}

/** The one whom the school has confirmed to be this pupil or guardian; null when it has confirmed nobody yet. */
export async function findHolder(
  tx: Transaction,
  { pupilId, guardianId }: Pick<AccessCodeRow, 'pupilId' | 'guardianId'>,
): Promise<PupilLinkRow | null> {
  const who =
    guardianId === null
      ? and(eq(pupilLinks.pupilId, pupilId), eq(pupilLinks.relation, 'self'))
      : eq(pupilLinks.guardianId, guardianId);
  const [row] = await tx
    .select()
    .from(pupilLinks)
    .where(and(who, isNull(pupilLinks.endedAt), sql`${pupilLinks.confirmedAt} is not null`));
  return row ?? null;
}

/** Ends what the user of a paper has open by papers of the school; log-ins by card or app stay. */
export async function deleteCodeSessions(tx: Transaction, codeId: string): Promise<void> {
  const user = tx.select({ id: accessCodes.usedBy }).from(accessCodes).where(eq(accessCodes.id, codeId));
  await tx.delete(sessions).where(and(inArray(sessions.personId, user), eq(sessions.assurance, 'schoolCode')));
}
