import type { Transaction } from '../database/connection.ts';
import { maxSuccessions } from '../database/policy-functions.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { parseSchoolCode } from './codes.ts';
import {
  type OrganisationRow,
  searchSchools,
  selectClosedInto,
  selectOrganisation,
  selectOrganisations,
  selectOverseers,
  selectSchoolsOfBoard,
} from './store.ts';

/** A school as everybody may see it: this is public data of the ministry's list. */
export interface SchoolView {
  readonly code: string;
  readonly name: string;
  readonly nameKana: string;
  readonly nameEnglish: string;
  readonly prefecture: string;
  readonly town: string;
  readonly state: 'open' | 'closed';
  readonly successor: { readonly code: string; readonly name: string } | null;
}

/** Schools by prefecture and part of a name, town or code; a whole code finds exactly that school. At most 50. */
export async function searchForSchools(
  tx: Transaction,
  query: { readonly prefecture: string | null; readonly text: string },
): Promise<SchoolView[]> {
  const code = parseSchoolCode(query.text);
  const exact = code === null ? null : await selectOrganisation(tx, code);
  const rows = exact === null ? await searchSchools(tx, { ...query, limit: 50 }) : [exact];
  return withSuccessors(tx, rows);
}

export async function findSchool(tx: Transaction, code: string): Promise<SchoolView | null> {
  const row = await selectOrganisation(tx, code);
  if (row === null || row.kind !== 'school') return null;
  const [view] = await withSuccessors(tx, [row]);
  return view ?? null;
}

export async function findSchools(tx: Transaction, codes: readonly string[]): Promise<ReadonlyMap<string, SchoolView>> {
  const rows = await selectOrganisations(tx, [...new Set(codes)]);
  const views = await withSuccessors(tx, rows);
  return new Map(views.map((view) => [view.code, view]));
}

/** The board above a school; null where none stands above it. */
export async function boardOf(tx: Transaction, code: string): Promise<string | null> {
  return (await selectOrganisation(tx, code))?.boardCode ?? null;
}

/**
 * The open school that answers for a closed one: the end of the chain of what came after it. Null where the chain ends at nothing open,
 * runs in a circle or has more than {@link maxSuccessions} steps. An open school answers for itself.
 */
export async function findHeir(tx: Transaction, code: string): Promise<SchoolView | null> {
  let row = await selectOrganisation(tx, code);
  for (let steps = 0; row !== null && !isOpenSchool(row); steps += 1) {
    if (steps === maxSuccessions || row.successorCode === null) return null;
    row = await selectOrganisation(tx, row.successorCode);
  }
  if (row === null) return null;
  const [view] = await withSuccessors(tx, [row]);
  return view ?? null;
}

function isOpenSchool({ kind, state }: OrganisationRow): boolean {
  return kind === 'school' && state === 'open';
}

/** The closed schools that this one answers for; at most 100. */
export async function findClosedInto(tx: Transaction, successor: string): Promise<SchoolView[]> {
  return withSuccessors(tx, await selectClosedInto(tx, successor));
}

/** Whoever watches over the log: every open board, and each open school that has none above it. */
export async function listOverseers(tx: Transaction): Promise<readonly string[]> {
  return selectOverseers(tx);
}

/** The schools that a board watches over; at most 500. */
export async function findSchoolsOfBoard(tx: Transaction, board: string): Promise<SchoolView[]> {
  return withSuccessors(tx, await selectSchoolsOfBoard(tx, board));
}

/** A school that records may be sent to: it exists, is open, and is not the sender. A closed one names its successor. */
export async function findRecipient(tx: Transaction, text: string, sender: string): Promise<Result<SchoolView>> {
  const code = parseSchoolCode(text);
  if (code === null) return refuse(fault('recipient.mistyped'));
  if (code === sender) return refuse(fault('recipient.own-school'));
  const school = await findSchool(tx, code);
  if (school === null) return refuse(fault('recipient.unknown'));
  if (school.state === 'open') return ok(school);
  const heir = await findHeir(tx, code);
  return heir === null
    ? refuse(fault('recipient.closed'))
    : refuse(fault('recipient.closed-with-successor', { params: { successor: heir.name, code: heir.code } }));
}

async function withSuccessors(tx: Transaction, rows: readonly OrganisationRow[]): Promise<SchoolView[]> {
  const codes = rows.flatMap((row) => (row.successorCode === null ? [] : [row.successorCode]));
  const successors = new Map((await selectOrganisations(tx, codes)).map((row) => [row.code, row.name]));
  return rows.map((row) => viewOf(row, successors));
}

function viewOf(row: OrganisationRow, names: ReadonlyMap<string, string>): SchoolView {
  const code = row.successorCode;
  const name = code === null ? undefined : names.get(code);
  return {
    code: row.code,
    name: row.name,
    nameKana: row.nameKana,
    nameEnglish: row.nameEnglish,
    prefecture: row.prefecture,
    town: row.town,
    state: row.state,
    successor: code === null || name === undefined ? null : { code, name },
  };
}
