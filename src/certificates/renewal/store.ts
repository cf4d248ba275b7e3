import { and, asc, eq, isNotNull, lte, notExists, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { changedRows, expectRows } from '../../database/rows.ts';
import type { CertificateRow } from '../issue/store.ts';
import { certificateEvidence, certificateFiles, issuedCertificates } from '../tables.ts';

export type EvidenceRow = typeof certificateEvidence.$inferSelect;

/** Certificates that nobody has looked at yet, to be looked at now. */
export async function enlistCertificates(tx: Transaction, now: Date, limit: number): Promise<void> {
  const known = tx
    .select({ one: sql`1` })
    .from(certificateEvidence)
    .where(eq(certificateEvidence.certificateId, issuedCertificates.id));
  const rows = await tx
    .select({ certificateId: issuedCertificates.id, schoolCode: issuedCertificates.schoolCode })
    .from(issuedCertificates)
    .where(and(eq(issuedCertificates.state, 'valid'), isNotNull(issuedCertificates.objectId), notExists(known)))
    .limit(limit);
  if (rows.length === 0) return;
  await tx
    .insert(certificateEvidence)
    .values(rows.map((row) => ({ ...row, lookAt: now })))
    .onConflictDoNothing();
}

/** Takes what is due, the most urgent first; whoever dies over it leaves it to be taken again when the lease ends. */
export async function claimDue(
  tx: Transaction,
  { now, until, limit }: { readonly now: Date; readonly until: Date; readonly limit: number },
): Promise<EvidenceRow[]> {
  const due = tx
    .select({ id: certificateEvidence.certificateId })
    .from(certificateEvidence)
    .where(lte(certificateEvidence.lookAt, now))
    .orderBy(asc(certificateEvidence.countsUntil), asc(certificateEvidence.lookAt))
    .limit(limit)
    .for('update', { skipLocked: true });
  return tx
    .update(certificateEvidence)
    .set({ lookAt: until })
    .where(sql`${certificateEvidence.certificateId} in ${due}`)
    .returning();
}

export async function changeEvidence(
  tx: Transaction,
  certificateId: string,
  changes: Partial<Pick<EvidenceRow, 'countsUntil' | 'lookAt' | 'problem'>>,
): Promise<void> {
  const changed = await tx
    .update(certificateEvidence)
    .set(changes)
    .where(eq(certificateEvidence.certificateId, certificateId))
    .returning({ id: certificateEvidence.certificateId });
  expectRows(changed, 1);
}

/** Puts the renewed file in the place of the former one, whose digest stays known; false when it is not the one that was renewed. */
export async function replaceFile(
  tx: Transaction,
  former: CertificateRow,
  made: { readonly objectId: string; readonly sha256: string; readonly at: Date },
): Promise<boolean> {
  if (former.objectId === null || former.sha256 === null) return false;
  const changed = await tx
    .update(issuedCertificates)
    .set({ objectId: made.objectId, sha256: made.sha256, level: 'B-LTA' })
    .where(and(eq(issuedCertificates.id, former.id), eq(issuedCertificates.objectId, former.objectId)))
    .returning({ id: issuedCertificates.id });
  if (changedRows(changed) !== 1) return false;
  await tx
    .insert(certificateFiles)
    .values({ certificateId: former.id, sha256: former.sha256, level: former.level, replacedAt: made.at });
  return true;
}

/** Digests of the files that were handed out before, newest first. */
export async function listFormerDigests(tx: Transaction, certificateId: string): Promise<string[]> {
  const rows = await tx
    .select({ sha256: certificateFiles.sha256 })
    .from(certificateFiles)
    .where(eq(certificateFiles.certificateId, certificateId))
    .orderBy(sql`${certificateFiles.replacedAt} desc`);
  return rows.map(({ sha256 }) => sha256);
}
