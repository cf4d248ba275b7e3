import type { Transaction } from '../database/connection.ts';
import { fault } from '../faults.ts';
import { ok, type Result, refuse } from '../result.ts';
import { authorise, look, ownResource, perform, resourceOf, type VerbContext } from './act.ts';
import { listCasesById } from './store.ts';
import { type CaseSummary, summarise } from './view.ts';
import { withdrawPackage } from './withdraw-package.ts';
import { maxWithdrawals, outcomeOfState, type WithdrawalOutcome } from './withdrawal-outcome.ts';

export interface WithdrawalItem {
  readonly caseId: string;
  readonly outcome: WithdrawalOutcome;
  /** As it is after the act; null when there is none that the actor may see. */
  readonly case: CaseSummary | null;
}

/** Of a withdrawal that is only looked at: `withdrawable` where it would be done now. */
export interface WithdrawalProspect extends Omit<WithdrawalItem, 'outcome'> {
  readonly prospect: 'withdrawable' | Exclude<WithdrawalOutcome, 'withdrawn'>;
}

/**
 * 一括取下げ: a whole class sent by mistake is taken back before it is opened (Z-12). Each package in a transaction of its
 * own, in the order given, with its own log entry and receipt; what is refused stops no other. With an idempotency key a
 * request that was cut off goes on where it stopped, and withdraws nothing twice.
 * Faults: request.malformed, request.idempotency-mismatch.
 */
export async function withdrawPackages(
  context: VerbContext,
  input: { readonly cases: readonly string[]; readonly reason: string },
): Promise<Result<readonly WithdrawalItem[]>> {
  const { cases, reason } = input;
  // Only claims the key for this list: another list under the same key is refused before anything is done.
  const begun = await perform(context, { event: 'package.withdrawn', caseId: null }, async () => {
    const checked = checkList(context, cases);
    return checked.ok ? ok('begun') : checked;
  });
  if (!begun.ok) return begun;
  const refused = new Map<string, 'missing' | 'refused'>();
  for (const caseId of cases) {
    const done = await withdrawPackage(ofOne(context, caseId), { caseId, reason });
    if (!done.ok) refused.set(caseId, done.fault.code === 'case.not-found' ? 'missing' : 'refused');
  }
  return look(context, async (tx) => {
    const found = await visibleCases(tx, context, cases);
    return ok(
      cases.map((caseId): WithdrawalItem => {
        const summary = found.get(caseId) ?? null;
        return { caseId, outcome: outcomeOf(refused.get(caseId), summary), case: summary };
      }),
    );
  });
}

/** What a withdrawal of these would come to now; changes nothing. */
export async function previewWithdrawals(
  context: VerbContext,
  cases: readonly string[],
): Promise<Result<readonly WithdrawalProspect[]>> {
  const checked = checkList(context, cases);
  if (!checked.ok) return checked;
  return look(context, async (tx) => {
    const found = await visibleCases(tx, context, cases);
    return ok(
      cases.map((caseId): WithdrawalProspect => {
        const summary = found.get(caseId) ?? null;
        return { caseId, prospect: prospectOf(summary), case: summary };
      }),
    );
  });
}

function checkList(context: VerbContext, cases: readonly string[]): Result<true> {
  const allowed = authorise(context, 'case.withdraw', ownResource(context.actor));
  if (!allowed.ok) return allowed;
  if (cases.length === 0) return refuse(fault('withdrawals.none'));
  const params = { limit: String(maxWithdrawals) };
  if (cases.length > maxWithdrawals) return refuse(fault('withdrawals.too-many', { params }));
  return new Set(cases).size === cases.length ? ok(true) : refuse(fault('withdrawals.twice'));
}

/** A part of the list with a key of its own, so that a repetition is told what became of it the first time. */
function ofOne(context: VerbContext, caseId: string): VerbContext {
  const { idempotency } = context;
  if (idempotency === null) return context;
  return { ...context, idempotency: { ...idempotency, operation: `${idempotency.operation} ${caseId}` } };
}

async function visibleCases(
  tx: Transaction,
  context: VerbContext,
  cases: readonly string[],
): Promise<ReadonlyMap<string, CaseSummary>> {
  const rows = await listCasesById(tx, cases);
  const visible = rows.filter((row) => authorise(context, 'case.withdraw', resourceOf(context.actor, row)).ok);
  const summaries = await summarise(tx, context.actor, visible);
  return new Map(summaries.map((summary) => [summary.id, summary]));
}

function outcomeOf(refusal: 'missing' | 'refused' | undefined, summary: CaseSummary | null): WithdrawalOutcome {
  if (refusal === undefined) return 'withdrawn';
  return refusal === 'missing' || summary === null ? 'notFound' : outcomeOfState(summary.state);
}

function prospectOf(summary: CaseSummary | null): WithdrawalProspect['prospect'] {
  if (summary === null) return 'notFound';
  return summary.state === 'deposited' ? 'withdrawable' : outcomeOfState(summary.state);
}
