import { and, asc, eq, gt, gte, ilike, inArray, isNull, lte, or } from 'drizzle-orm';
import type { Transaction } from '../database/connection.ts';
import { memberships, organisations, pupils, staff } from './tables.ts';

export type OrganisationRow = typeof organisations.$inferSelect;
export type PupilRow = typeof pupils.$inferSelect;
export type StaffRow = typeof staff.$inferSelect;
export type MembershipRow = typeof memberships.$inferSelect;

export async function selectOrganisation(tx: Transaction, code: string): Promise<OrganisationRow | null> {
  const [row] = await tx.select().from(organisations).where(eq(organisations.code, code));
  return row ?? null;
}

export async function selectOrganisations(tx: Transaction, codes: readonly string[]): Promise<OrganisationRow[]> {
  if (codes.length === 0) return [];
  return tx
    .select()
    .from(organisations)
    .where(inArray(organisations.code, [...codes]));
}

export async function searchSchools(
  tx: Transaction,
  query: { readonly prefecture: string | null; readonly text: string; readonly limit: number },
): Promise<OrganisationRow[]> {
  const pattern = `%${query.text.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
  return tx
    .select()
    .from(organisations)
    .where(
      and(
        eq(organisations.kind, 'school'),
        query.prefecture === null ? undefined : eq(organisations.prefecture, query.prefecture),
        query.text === ''
          ? undefined
          : or(
              ilike(organisations.name, pattern),
              ilike(organisations.nameKana, pattern),
              ilike(organisations.nameEnglish, pattern),
              ilike(organisations.town, pattern),
              ilike(organisations.code, pattern),
            ),
      ),
    )
    .orderBy(asc(organisations.prefecture), asc(organisations.code))
    .limit(query.limit);
}

export async function selectStaffBySubject(tx: Transaction, issuer: string, subject: string): Promise<StaffRow | null> {
  const [row] = await tx
    .select()
    .from(staff)
    .where(and(eq(staff.issuer, issuer), eq(staff.subject, subject)));
  return row ?? null;
}

export async function selectStaff(tx: Transaction, staffId: string): Promise<StaffRow | null> {
  const [row] = await tx.select().from(staff).where(eq(staff.id, staffId));
  return row ?? null;
}

/** Memberships in force on a calendar day in Japan (`YYYY-MM-DD`, both ends inclusive). */
export async function selectMemberships(tx: Transaction, staffId: string, day: string): Promise<MembershipRow[]> {
  return tx
    .select()
    .from(memberships)
    .where(
      and(
        eq(memberships.staffId, staffId),
        lte(memberships.validFrom, day),
        or(isNull(memberships.validTo), gte(memberships.validTo, day)),
      ),
    )
    .orderBy(asc(memberships.schoolCode));
}

export async function selectPupil(tx: Transaction, pupilId: string): Promise<PupilRow | null> {
  const [row] = await tx.select().from(pupils).where(eq(pupils.id, pupilId));
  return row ?? null;
}

export async function selectPupils(
  tx: Transaction,
  filter: {
    readonly school: string;
    readonly homeroom: string | null;
    readonly after: string | null;
    readonly limit: number;
  },
): Promise<PupilRow[]> {
  return tx
    .select()
    .from(pupils)
    .where(
      and(
        eq(pupils.schoolCode, filter.school),
        filter.homeroom === null ? undefined : eq(pupils.homeroom, filter.homeroom),
        filter.after === null ? undefined : gt(pupils.id, filter.after),
      ),
    )
    .orderBy(asc(pupils.id))
    .limit(filter.limit);
}
