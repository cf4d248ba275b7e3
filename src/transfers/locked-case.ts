import type { Transaction } from '../database/connection.ts';
import { fault } from '../faults.ts';
import type { Action } from '../policy/decide.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, resourceOf, type VerbContext } from './act.ts';
import { mayFollow } from './rules.ts';
import { type CaseRow, changeCase, clearCustodies, lockCase, replaceContainerSeals, voidApprovals } from './store.ts';
import type { CaseState } from './tables.ts';

export interface Wanted {
  readonly caseId: string;
  readonly action: Action;
  /** From If-Match: the version that the caller looked at; null when it did not say. */
  readonly version?: number | null;
}

/** The case under a lock, once the actor may do this to it and has seen its present version. */
export async function openCase(tx: Transaction, context: VerbContext, wanted: Wanted): Promise<Result<CaseRow>> {
  const row = await lockCase(tx, wanted.caseId);
  if (row === null) return refuse(fault('case.not-found'));
  const allowed = authorise(context, wanted.action, resourceOf(context.actor, row));
  if (!allowed.ok) return allowed;
  const stale = wanted.version !== undefined && wanted.version !== null && wanted.version !== row.version;
  return stale ? refuse(fault('request.precondition-failed')) : ok(row);
}

/** Moves the case on, or says that the procedure does not allow it now. */
export async function advance(
  tx: Transaction,
  context: VerbContext,
  move: { readonly row: CaseRow; readonly to: CaseState; readonly changes?: Partial<CaseRow> },
): Promise<Result<CaseRow>> {
  if (!mayFollow(move.row.state, move.to)) return refuse(fault('case.wrong-state', { detail: move.row.state }));
  const changes = { ...move.changes, state: move.to, updatedAt: context.gateway.clock.now() };
  return ok(await changeCase(tx, move.row, changes));
}

/** A case whose content may be changed: an approval or seal given to the former content is void. */
export async function backToDraft(tx: Transaction, context: VerbContext, row: CaseRow): Promise<Result<CaseRow>> {
  if (row.state === 'draft') return ok(row);
  const again = row.state === 'returned' || row.state === 'withdrawn';
  const moved = await advance(tx, context, {
    row,
    to: 'draft',
    changes: {
      contentDigest: null,
      manifest: null,
      sealedAt: null,
      ...(again ? { attempt: row.attempt + 1, depositedAt: null, closedAt: null, reason: null } : {}),
    },
  });
  if (!moved.ok) return moved;
  await voidApprovals(tx, row.id, context.gateway.clock.now());
  await replaceContainerSeals(tx, row.id, []);
  await clearCustodies(tx, row.id);
  return moved;
}
