import { systemScope } from '../database/scope.ts';
import type { Gateway } from '../gateway.ts';
import { boardGlassJob } from './break-glass-rules.ts';
import { type CaseRow, findCase, listCasesById } from './store.ts';
import { isUnproven } from './view.ts';

/** One side of a case, and its school. */
export interface GlassSide {
  readonly side: 'sender' | 'recipient';
  readonly school: string;
  /** Of that side's entries in the log. */
  readonly token: string;
}

/** What an opening has to know of the case, none of it a name. */
export interface GlassSubject {
  readonly caseId: string;
  readonly kind: CaseRow['kind'];
  readonly pupilId: string;
  /** Those of the board, the sender's first. */
  readonly sides: readonly GlassSide[];
}

/** What a board sees while it has the glass broken. */
export interface OpenedNames {
  readonly officialName: string;
  readonly displayName: string;
  /** Null where the board's school has not proved its pupil with it yet. */
  readonly kana: string | null;
}

/** States in which the receiving school knows of the case. */
const arrived: readonly CaseRow['state'][] = ['deposited', 'opened', 'acknowledged', 'returned'];

/** A case, and the schools from whose side it is looked at. */
interface Sided {
  readonly caseId: string;
  readonly schools: readonly string[];
}

/**
 * The case from the side of these schools. Null for whatever a board is not to hear of: no such case, one that is protected
 * (支援措置), one that has not come to these schools or is theirs no more.
 */
export async function findGlassSubject(
  { database }: Pick<Gateway, 'database'>,
  of: Sided,
): Promise<GlassSubject | null> {
  return subjectOf(await database.transaction(systemScope('protection'), (tx) => findCase(tx, of.caseId)), of);
}

/** Of many at once, those whose case {@link findGlassSubject} would find. */
export async function keepFound<T extends Sided>(
  { database }: Pick<Gateway, 'database'>,
  all: readonly T[],
): Promise<readonly T[]> {
  const ids = all.map(({ caseId }) => caseId);
  const rows = await database.transaction(systemScope('protection'), (tx) => listCasesById(tx, ids));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return all.filter((one) => subjectOf(byId.get(one.caseId) ?? null, one) !== null);
}

/** The name, to the job that finds none but where a glass is broken. */
export async function findNames(
  { database }: Pick<Gateway, 'database'>,
  { caseId, sides }: GlassSubject,
): Promise<OpenedNames | null> {
  const row = await database.transaction(systemScope(boardGlassJob), (tx) => findCase(tx, caseId));
  if (row === null || row.protection !== 'none') return null;
  const isProven = sides.some(({ side }) => !isUnproven(row, side));
  return {
    officialName: row.pupilOfficialName,
    displayName: row.pupilDisplayName,
    kana: isProven ? row.pupilKana : null,
  };
}

function subjectOf(row: CaseRow | null, { schools }: Sided): GlassSubject | null {
  if (row === null || row.protection !== 'none') return null;
  const sides = sidesOf(row).filter(({ school }) => schools.includes(school));
  return sides.length === 0 ? null : { caseId: row.id, kind: row.kind, pupilId: row.pupilId, sides };
}

function sidesOf(row: CaseRow): readonly GlassSide[] {
  const sender = { side: 'sender', school: row.senderCode, token: row.senderToken } as const;
  if (row.recipientCode === null || !arrived.includes(row.state)) return [sender];
  return [sender, { side: 'recipient', school: row.recipientCode, token: row.recipientToken }];
}
