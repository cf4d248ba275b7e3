import { type CaseEventRow, listCaseEvents } from '../audit/case-events.ts';
import type { LineEvidence } from '../audit/line-evidence.ts';
import { systemScope } from '../database/scope.ts';
import { boardOf, findSchools, type SchoolView } from '../directory/find-organisation.ts';
import { fault } from '../faults.ts';
import { maxStoryLines } from '../records/story-format.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, ownResource, refuseLogged, type VerbContext } from '../transfers/act.ts';
import { isProtectedCase } from '../transfers/protection/is-protected.ts';

/** One act of a case, as the board above the school that acted sees it. */
export interface BoardLine {
  readonly event: CaseEventRow;
  readonly school: string;
  readonly evidence: LineEvidence | null;
}

/** What of a case lies within somebody's reach: the acts of their own schools. */
export interface BoardReach {
  readonly rows: readonly CaseEventRow[];
  readonly schools: ReadonlyMap<string, SchoolView>;
}

export interface BoardStory {
  readonly caseId: string;
  readonly lines: readonly BoardLine[];
  readonly isCut: boolean;
}

/**
 * A case for the auditor of a board: acts of the board's own schools with their proofs, without names, documents, receipts and
 * openings (which name the other school). A protected case is none (P-01), and the acts of schools of another board are theirs.
 *
 * @returns `case.not-found` alike for cases of others, protected ones and those that do not exist
 */
export async function tellBoardStory(context: VerbContext, caseId: string): Promise<Result<BoardStory>> {
  const reached = await reachCase(context, caseId);
  if (!reached.ok) return reached;
  const { rows, schools } = reached.value;
  const told = rows.slice(0, maxStoryLines);
  const evidence = await context.gateway.log.findLineEvidence(told.map(({ id }) => id));
  const lines = told.map((event) => ({
    event,
    school: schools.get(event.organisation ?? '')?.name ?? event.organisation ?? '',
    evidence: evidence.get(event.id) ?? null,
  }));
  return ok({ caseId, lines, isCut: rows.length > told.length });
}

/** The same case without its evidence. Faults: as {@link tellBoardStory}; whoever is turned away is in the log. */
export async function reachCase(context: VerbContext, caseId: string): Promise<Result<BoardReach>> {
  const { actor, gateway } = context;
  const allowed = authorise(context, 'audit.read', ownResource(actor));
  if (!allowed.ok || actor.kind !== 'staff') return refuse(allowed.ok ? fault('policy.denied') : allowed.fault);
  const hidden = fault('case.not-found');
  // The principal knows of every order at the own school; nobody else is told here that there is one.
  const mayKnow = actor.role === 'principal' || !(await isProtectedCase(gateway, caseId));
  // Whoever looks for what is not theirs to see is in the log.
  if (!mayKnow) return refuseLogged(context, { event: 'access.denied', caseId }, hidden);
  const reach = await gateway.database.transaction(systemScope('ledger'), async (tx) => {
    const all = await listCaseEvents(tx, { caseId, organisation: null, personVisibleOnly: false });
    const codes = [...new Set(all.flatMap(({ organisation }) => (organisation === null ? [] : [organisation])))];
    const own: string[] = [];
    for (const code of codes) {
      const above = actor.role === 'auditor' ? await boardOf(tx, code) : code;
      if (above === actor.school) own.push(code);
    }
    const rows = all.filter(({ organisation }) => organisation !== null && own.includes(organisation));
    return { rows, schools: await findSchools(tx, own) };
  });
  return reach.rows.length === 0 ? refuseLogged(context, { event: 'access.denied', caseId }, hidden) : ok(reach);
}
