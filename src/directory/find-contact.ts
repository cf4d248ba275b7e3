import type { Transaction } from '../database/connection.ts';
import { selectOrganisation, selectOrganisations } from './store.ts';

/** Where a school wants its notices; null when it has no address. */
export async function findContact(tx: Transaction, school: string): Promise<string | null> {
  return (await selectOrganisation(tx, school))?.contactMail ?? null;
}

/** Where the principal alone reads; null when nobody has told. */
export async function findPrincipalContact(tx: Transaction, school: string): Promise<string | null> {
  return (await selectOrganisation(tx, school))?.principalMail ?? null;
}

/** The board that watches over each of these schools, as far as it has one. */
export async function findBoards(tx: Transaction, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await selectOrganisations(tx, codes);
  return new Map(rows.flatMap((row) => (row.boardCode === null ? [] : [[row.code, row.boardCode] as const])));
}
