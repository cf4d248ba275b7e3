import type { Transaction } from '../database/connection.ts';
import { findStaffContact } from './find-member.ts';
import { findPrincipals } from './members.ts';
import { selectOrganisation, selectOrganisations } from './store.ts';

/** Where a school wants its notices; null when it has no address. */
export async function findContact(tx: Transaction, school: string): Promise<string | null> {
  return (await selectOrganisation(tx, school))?.contactMail ?? null;
}

/**
 * Where the school's principal is told of things that are for nobody else: as the provider told it at the last log-in.
 * Null when no principal of this day has an address. For a transaction of that school.
 */
export async function findPrincipalContact(tx: Transaction, school: string, day: string): Promise<string | null> {
  for (const { staffId } of await findPrincipals(tx, school, day)) {
    const contact = await findStaffContact(tx, staffId);
    if (contact !== null) return contact;
  }
  return null;
}

/** The board that watches over each of these schools, as far as it has one. */
export async function findBoards(tx: Transaction, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await selectOrganisations(tx, codes);
  return new Map(rows.flatMap((row) => (row.boardCode === null ? [] : [[row.code, row.boardCode] as const])));
}
