import type { Transaction } from '../database/connection.ts';
import { findSchool, findSchoolsOfBoard, type SchoolView } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import { type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, type VerbContext } from '../transfers/act.ts';
import type { Watched } from '../transfers/progress/list-progress.ts';

/** Whose deliveries somebody looks at: an auditor at those of the board's schools, a principal at the own school's. */
export interface Watch {
  readonly watched: Watched;
  /** The schools to choose from, by code; one for a school. */
  readonly schools: ReadonlyMap<string, SchoolView>;
}

/**
 * Reads as whoever may see how deliveries go, and of which schools. Faults: policy.denied, board.school-not-found for a
 * school that is not one of these: another board's does not exist here.
 */
export async function watch<T>(
  context: VerbContext,
  school: string | null,
  work: (tx: Transaction, watch: Watch) => Promise<Result<T>>,
): Promise<Result<T>> {
  return look(context, async (tx) => {
    const { actor } = context;
    const allowed = authorise(context, 'audit.read', ownResource(actor));
    if (!allowed.ok) return allowed;
    if (actor.kind !== 'staff') return refuse(fault('policy.denied'));
    const isBoard = actor.role === 'auditor';
    const own = isBoard ? await findSchoolsOfBoard(tx, actor.school) : [await findSchool(tx, actor.school)];
    const schools = new Map(own.flatMap((one) => (one === null ? [] : [[one.code, one] as const])));
    if (school !== null && !schools.has(school)) return refuse(fault('board.school-not-found'));
    return work(tx, { watched: isBoard ? { board: actor.school } : { school: actor.school }, schools });
  });
}
