import { fault } from '../../faults.ts';
import type { StaffActor } from '../../policy/actor.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { look, perform, refuseLogged, type VerbContext } from '../../transfers/act.ts';
import { findNames, type OpenedNames } from '../../transfers/board-subject.ts';
import { auditorOf, findOwnCase } from './open-glass.ts';
import { recordGlass } from './record.ts';
import { type BoardGlassRow, findRunningGlass } from './store.ts';

/** The pupil of a case, as long as the glass over it is broken. */
export interface NamedCase {
  readonly glass: BoardGlassRow;
  readonly pupil: OpenedNames;
}

/**
 * The name of a case's pupil for the auditor who has opened it; each look is a line of the log and of the person's ledger.
 * Faults: board-glass.not-open, case.not-found, policy.denied.
 */
export async function readNames(context: VerbContext, caseId: string): Promise<Result<NamedCase>> {
  const attempt = { event: 'board-glass.read', caseId } as const;
  const allowed = auditorOf(context, 'boardGlass.list');
  if (!allowed.ok) return refuseLogged(context, attempt, allowed.fault);
  const found = await findOwnCase(context, caseId);
  if (!found.ok) return found;
  const pupil = await findNames(context.gateway, found.value);
  return perform({ ...context, idempotency: null }, attempt, async (tx) => {
    const glass = await findRunningGlass(tx, runningFor(context, allowed.value, caseId));
    if (glass === null || pupil === null) return refuse(fault('board-glass.not-open'));
    await recordGlass(tx, context, { name: 'board-glass.read', glass, subject: found.value });
    return ok({ glass, pupil });
  });
}

/** What a page offers: the one that runs, or the form. No name, and no line of the log. Faults: case.not-found, policy.denied. */
export async function findOwnGlass(context: VerbContext, caseId: string): Promise<Result<BoardGlassRow | null>> {
  const allowed = auditorOf(context, 'boardGlass.list');
  if (!allowed.ok) return allowed;
  const found = await findOwnCase(context, caseId);
  if (!found.ok) return found;
  return look(context, async (tx) => ok(await findRunningGlass(tx, runningFor(context, allowed.value, caseId))));
}

function runningFor({ gateway }: VerbContext, { staffId, school: board }: StaffActor, caseId: string) {
  return { caseId, staffId, board, now: gateway.clock.now() };
}
