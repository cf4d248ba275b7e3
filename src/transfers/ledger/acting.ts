import type { Transaction } from '../../database/connection.ts';
import { findBoards } from '../../directory/find-contact.ts';

interface Acted {
  readonly actorRole: string;
  /** In whose part of the log it stands. */
  readonly organisation: string | null;
}

/**
 * Who acted, by the code of the organisation. An auditor's act on a case stands in the part of the school that it is about,
 * and is that of the board above it.
 */
export async function findActing(tx: Transaction, rows: readonly Acted[]): Promise<(row: Acted) => string | null> {
  const codes = rows.flatMap((row) => (isAuditors(row) && row.organisation !== null ? [row.organisation] : []));
  const boards = await findBoards(tx, [...new Set(codes)]);
  return (row) => (isAuditors(row) ? (boards.get(row.organisation ?? '') ?? row.organisation) : row.organisation);
}

export function isAuditors({ actorRole }: Pick<Acted, 'actorRole'>): boolean {
  return actorRole === 'auditor';
}

/** Acts whose category is told with them: why a document, or a name, was opened beyond a role. */
export const explainedEvents: readonly string[] = ['break-glass.opened', 'board-glass.opened'];
