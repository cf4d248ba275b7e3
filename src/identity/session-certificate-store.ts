import { and, eq, lte } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { type SessionRow, sessionCertificates, sessions } from './tables.ts';

export async function storeSessionCertificate(
  tx: Transaction,
  row: typeof sessionCertificates.$inferInsert,
): Promise<void> {
  const { sealed } = row;
  await tx
    .insert(sessionCertificates)
    .values(row)
    .onConflictDoUpdate({ target: sessionCertificates.sessionId, set: { sealed } });
}

export async function findSessionCertificate(tx: Transaction, sessionId: string): Promise<Uint8Array | null> {
  const [row] = await tx.select().from(sessionCertificates).where(eq(sessionCertificates.sessionId, sessionId));
  return row?.sealed ?? null;
}

/**
 * Takes it on to ask about the session's certificate; false when another request has done so since then, or has given the
 * session another cookie.
 */
export async function claimCertificateCheck(
  tx: Transaction,
  { id, tokenHash }: Pick<SessionRow, 'id' | 'tokenHash'>,
  { now, notSince }: { readonly now: Date; readonly notSince: Date },
): Promise<boolean> {
  const claimed = await tx
    .update(sessions)
    .set({ certificateCheckedAt: now })
    .where(and(eq(sessions.id, id), eq(sessions.tokenHash, tokenHash), lte(sessions.certificateCheckedAt, notSince)))
    .returning({ id: sessions.id });
  return claimed.length === 1;
}
