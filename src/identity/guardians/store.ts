import { and, asc, desc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm';
import type { Transaction } from '../../database/connection.ts';
import { findOpenConsents } from '../consents/store.ts';
import { type LinkingCodeRow, linkingCodes, type PupilLinkRow, pupilLinks } from '../links/tables.ts';
import type { Consent } from './rules.ts';
import { type GuardianRow, type GuardianSubject, guardianNotices, guardians } from './tables.ts';

/** A guardian's record with what the pupil has given them and not taken back. */
export type KnownGuardian = GuardianRow & { readonly consent: Consent | null };

/** A person's links that have not ended, each with the guardian's record where there is one. */
export async function findOwnLinks(tx: Transaction, personId: string) {
  const rows = await tx
    .select()
    .from(pupilLinks)
    .leftJoin(guardians, eq(guardians.id, pupilLinks.guardianId))
    .where(and(eq(pupilLinks.personId, personId), isNull(pupilLinks.endedAt)))
    .orderBy(asc(pupilLinks.linkedAt));
  const known = await withConsents(
    tx,
    rows.flatMap((row) => (row.guardians === null ? [] : [row.guardians])),
  );
  return rows.map(({ pupil_links: link }) => ({
    link,
    guardian: known.find(({ id }) => id === link.guardianId) ?? null,
  }));
}

export async function findGuardians(tx: Transaction, pupilId: string): Promise<KnownGuardian[]> {
  const ofPupil = eq(guardians.pupilId, pupilId);
  return withConsents(tx, await tx.select().from(guardians).where(ofPupil).orderBy(asc(guardians.enteredAt)));
}

export async function findGuardian(tx: Transaction, guardianId: string): Promise<KnownGuardian | null> {
  const rows = await tx.select().from(guardians).where(eq(guardians.id, guardianId));
  return (await withConsents(tx, rows))[0] ?? null;
}

/** Under a lock until the transaction ends: two acts on one record come one after the other. */
export async function lockGuardian(tx: Transaction, guardianId: string): Promise<KnownGuardian | null> {
  const rows = await tx.select().from(guardians).where(eq(guardians.id, guardianId)).for('update');
  return (await withConsents(tx, rows))[0] ?? null;
}

export async function insertGuardian(tx: Transaction, row: typeof guardians.$inferInsert): Promise<GuardianRow> {
  const [inserted] = await tx.insert(guardians).values(row).returning();
  if (inserted === undefined) throw new Error('a guardian was not entered');
  return inserted;
}

export async function changeGuardian(
  tx: Transaction,
  row: Pick<GuardianRow, 'id' | 'version'>,
  changes: Partial<GuardianRow>,
): Promise<GuardianRow> {
  const [changed] = await tx
    .update(guardians)
    .set({ ...changes, version: row.version + 1 })
    .where(and(eq(guardians.id, row.id), eq(guardians.version, row.version)))
    .returning();
  if (changed === undefined) throw new Error('a locked guardian could not be changed');
  return changed;
}

/** Everybody whom the school has confirmed to be this pupil; there is one at most. */
export async function findPupilsOwnLink(tx: Transaction, pupilId: string): Promise<PupilLinkRow | null> {
  const [row] = await tx
    .select()
    .from(pupilLinks)
    .where(
      and(
        eq(pupilLinks.pupilId, pupilId),
        eq(pupilLinks.relation, 'self'),
        isNull(pupilLinks.endedAt),
        sql`${pupilLinks.confirmedAt} is not null`,
      ),
    );
  return row ?? null;
}

/** The confirmed link of each of these guardians. */
export async function findLinksOfGuardians(tx: Transaction, guardianIds: readonly string[]): Promise<PupilLinkRow[]> {
  if (guardianIds.length === 0) return [];
  return tx
    .select()
    .from(pupilLinks)
    .where(
      and(
        inArray(pupilLinks.guardianId, [...guardianIds]),
        isNull(pupilLinks.endedAt),
        sql`${pupilLinks.confirmedAt} is not null`,
      ),
    );
}

export async function lockLink(tx: Transaction, linkId: string): Promise<PupilLinkRow | null> {
  const [row] = await tx.select().from(pupilLinks).where(eq(pupilLinks.id, linkId)).for('update');
  return row ?? null;
}

/** Of the actor's school, oldest first. */
export async function findPendingLinks(tx: Transaction, school: string): Promise<PupilLinkRow[]> {
  return tx
    .select()
    .from(pupilLinks)
    .where(and(eq(pupilLinks.schoolCode, school), isNull(pupilLinks.endedAt), isNull(pupilLinks.confirmedAt)))
    .orderBy(asc(pupilLinks.linkedAt))
    .limit(200);
}

export async function findPendingGuardians(tx: Transaction, school: string): Promise<KnownGuardian[]> {
  const rows = await tx
    .select()
    .from(guardians)
    .where(and(eq(guardians.schoolCode, school), or(eq(guardians.state, 'pending'), eq(guardians.state, 'disputed'))))
    .orderBy(asc(guardians.enteredAt))
    .limit(200);
  return withConsents(tx, rows);
}

/** The new link takes the place of whatever link the same pupil or guardian had; those are ended, not removed. */
export async function replaceLinks(
  tx: Transaction,
  link: PupilLinkRow,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<PupilLinkRow[]> {
  const same =
    link.guardianId === null
      ? and(eq(pupilLinks.pupilId, link.pupilId), eq(pupilLinks.relation, 'self'))
      : eq(pupilLinks.guardianId, link.guardianId);
  return tx
    .update(pupilLinks)
    .set({ endedAt: at, endedBy: by, replacedBy: link.id })
    .where(
      and(same, ne(pupilLinks.id, link.id), isNull(pupilLinks.endedAt), sql`${pupilLinks.confirmedAt} is not null`),
    )
    .returning();
}

export async function markLinkConfirmed(
  tx: Transaction,
  { linkId, by, at }: { readonly linkId: string; readonly by: string; readonly at: Date },
): Promise<void> {
  const confirmed = await tx
    .update(pupilLinks)
    .set({ confirmedBy: by, confirmedAt: at })
    .where(and(eq(pupilLinks.id, linkId), isNull(pupilLinks.confirmedAt), isNull(pupilLinks.endedAt)))
    .returning({ id: pupilLinks.id });
  if (confirmed.length !== 1) throw new Error('a locked link could not be confirmed');
}

/** The newest first; at most 100, which is more than anybody hands out for one pupil. */
export async function findCodes(tx: Transaction, pupilId: string): Promise<LinkingCodeRow[]> {
  return tx
    .select()
    .from(linkingCodes)
    .where(eq(linkingCodes.pupilId, pupilId))
    .orderBy(desc(linkingCodes.issuedAt))
    .limit(100);
}

/** The code withdrawn; null when there is none such of the school's that can still be used. */
export async function markCodeWithdrawn(
  tx: Transaction,
  { codeId, by, at }: { readonly codeId: string; readonly by: string; readonly at: Date },
): Promise<LinkingCodeRow | null> {
  const [row] = await tx
    .update(linkingCodes)
    .set({ withdrawnAt: at, withdrawnBy: by })
    .where(and(eq(linkingCodes.id, codeId), isNull(linkingCodes.redeemedAt), isNull(linkingCodes.withdrawnAt)))
    .returning();
  return row ?? null;
}

/**
 * Marks the guardians in force of pupils born in this span as told, and gives the pupils, each once. One statement over
 * the directory's pupils as well: the round must not read every pupil of a country one by one.
 */
export async function markMajority(
  tx: Transaction,
  span: {
    readonly kind: 'ahead' | 'reached';
    /** `YYYY-MM-DD` as text, both; after the one, until the other. */
    readonly bornAfter: string | null;
    readonly bornUntil: string;
    readonly at: Date;
  },
): Promise<readonly string[]> {
  const told = span.kind === 'ahead' ? guardians.majorityAheadAt : guardians.majorityToldAt;
  const changes = span.kind === 'ahead' ? { majorityAheadAt: span.at } : { majorityToldAt: span.at };
  const rows = await tx
    .update(guardians)
    .set(changes)
    .where(
      and(
        eq(guardians.state, 'confirmed'),
        isNull(told),
        sql`exists (select 1 from pupils p where p.id = ${guardians.pupilId}
          and to_char(p.birth_date, 'YYYY-MM-DD') <= ${span.bornUntil}
          and to_char(p.birth_date, 'YYYY-MM-DD') > ${span.bornAfter ?? ''})`,
      ),
    )
    .returning({ pupilId: guardians.pupilId });
  return [...new Set(rows.map(({ pupilId }) => pupilId))];
}

export interface NoticeRow {
  readonly jobId: string;
  readonly receiver: string;
  readonly personId: string | null;
  readonly pupilId: string;
  readonly subject: GuardianSubject;
  readonly requestId: string | null;
  readonly at: Date;
}

/** False when this receiver has been told by this job before. */
export async function insertNotice(tx: Transaction, row: NoticeRow): Promise<boolean> {
  const inserted = await tx
    .insert(guardianNotices)
    .values(row)
    .onConflictDoNothing()
    .returning({ jobId: guardianNotices.jobId });
  return inserted.length === 1;
}

/** Row level security leaves a person their own. */
export async function findNotices(tx: Transaction, personId: string, limit: number) {
  return tx
    .select()
    .from(guardianNotices)
    .where(eq(guardianNotices.personId, personId))
    .orderBy(desc(guardianNotices.at))
    .limit(limit);
}

async function withConsents(tx: Transaction, rows: readonly GuardianRow[]): Promise<KnownGuardian[]> {
  const consents = await findOpenConsents(
    tx,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, consent: consents.get(row.id) ?? null }));
}
