import { and, asc, eq, getTableColumns, gt, gte, ilike, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { buildSelect } from '../database/built-select.ts';
import type { Transaction } from '../database/connection.ts';
import { inheritedBy, type Protection, protectionFact } from '../database/policies.ts';
import { administrators, memberships, organisations, pupils, staff } from './tables.ts';

export type OrganisationRow = typeof organisations.$inferSelect;
/** With what the table of permissions has to know of it (支援措置). */
export type PupilRow = typeof pupils.$inferSelect & { readonly protection: Protection };
export type StaffRow = typeof staff.$inferSelect;
export type AdministratorRow = typeof administrators.$inferSelect;
export type MembershipRow = typeof memberships.$inferSelect;

// By its full name: inside the subqueries a bare `id` would be another table's.
const pupilId = sql`${sql.identifier('pupils')}.${sql.identifier('id')}`;
const pupilFields = {
  ...getTableColumns(pupils),
  protection: protectionFact({ subjects: sql`'pupil:' || ${pupilId}`, pupilId }),
};

const organisationByCode = buildSelect<typeof organisations, { code: string }>(organisations, (rows, value) =>
  rows.where(eq(organisations.code, value('code'))),
);

export async function selectOrganisation(tx: Transaction, code: string): Promise<OrganisationRow | null> {
  const [row] = await organisationByCode(tx, { code });
  return row ?? null;
}

export async function selectOrganisations(tx: Transaction, codes: readonly string[]): Promise<OrganisationRow[]> {
  if (codes.length === 0) return [];
  return tx
    .select()
    .from(organisations)
    .where(inArray(organisations.code, [...codes]));
}

/** The closed schools that this open one answers for, over others and boards in between. */
export async function selectClosedInto(tx: Transaction, heir: string): Promise<OrganisationRow[]> {
  return tx
    .select()
    .from(organisations)
    .where(and(sql`${organisations.code} = any (${inheritedBy(sql`${heir}`)})`, eq(organisations.kind, 'school')))
    .orderBy(asc(organisations.code))
    .limit(100);
}

/** At most as many as the country has several times over. */
export async function selectOverseers(tx: Transaction): Promise<string[]> {
  const { code, kind, boardCode, state } = organisations;
  const hasNoneAbove = and(eq(kind, 'school'), isNull(boardCode));
  const rows = await tx
    .select({ code })
    .from(organisations)
    .where(and(eq(state, 'open'), or(eq(kind, 'board'), hasNoneAbove)))
    .orderBy(asc(code))
    .limit(20_000);
  return rows.map((row) => row.code);
}

/** The schools, open and closed, that a board watches over; at most 500. */
export async function selectSchoolsOfBoard(tx: Transaction, boardCode: string): Promise<OrganisationRow[]> {
  return tx
    .select()
    .from(organisations)
    .where(and(eq(organisations.boardCode, boardCode), eq(organisations.kind, 'school')))
    .orderBy(asc(organisations.code))
    .limit(500);
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

export async function markLogIn(
  tx: Transaction,
  staffId: string,
  seen: { readonly lastLoginAt: Date } & Partial<Pick<StaffRow, 'contactMail' | 'formerMail' | 'formerMailUntil'>>,
): Promise<readonly { id: string }[]> {
  return tx.update(staff).set(seen).where(eq(staff.id, staffId)).returning({ id: staff.id });
}

/**
 * Memberships in force on a calendar day in Japan (`YYYY-MM-DD`, both ends inclusive). An administrator of a founder is
 * one at each of its open schools and at its board, so that one is chosen as by everybody else.
 */
export async function selectMemberships(tx: Transaction, staffId: string, day: string): Promise<MembershipRow[]> {
  const own = await tx
    .select()
    .from(memberships)
    .where(and(eq(memberships.staffId, staffId), inForce(memberships, day)))
    .orderBy(asc(memberships.schoolCode));
  const administered = await tx
    .select({ administrator: administrators, schoolCode: organisations.code })
    .from(administrators)
    .innerJoin(organisations, eq(organisations.founderNumber, administrators.founderNumber))
    .where(
      and(
        eq(administrators.staffId, staffId),
        inForce(administrators, day),
        inArray(organisations.kind, ['school', 'board']),
        eq(organisations.state, 'open'),
      ),
    )
    .orderBy(asc(organisations.code));
  return [...own, ...administered.map((row) => membershipOfAdministrator(row.administrator, row.schoolCode))];
}

/** An administrator's place at one school of the founder; the id is made up and stands in no table. */
export function membershipOfAdministrator(row: AdministratorRow, schoolCode: string): MembershipRow {
  const { id, staffId, validFrom, validTo, endedAt } = row;
  const role = 'administrator';
  return { id: `${id}:${schoolCode}`, staffId, schoolCode, role, homeroom: null, validFrom, validTo, endedAt };
}

export function inForce(table: typeof memberships | typeof administrators, day: string) {
  return and(isNull(table.endedAt), lte(table.validFrom, day), or(isNull(table.validTo), gte(table.validTo, day)));
}

export async function selectPupil(tx: Transaction, pupilId: string): Promise<PupilRow | null> {
  const [row] = await tx.select(pupilFields).from(pupils).where(eq(pupils.id, pupilId));
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
    .select(pupilFields)
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
