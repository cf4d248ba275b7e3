import { fault } from '../../faults.ts';
import { scopeOf } from '../../policy/actor.ts';
import { isAllowed, ownThing } from '../../policy/decide.ts';
import { ok, type Result, refuse } from '../../result.ts';
import { perform, type VerbContext } from '../../transfers/act.ts';
import { logPlainEvent } from '../../transfers/record.ts';
import { readerOf } from './alert-scope.ts';
import { type AlertRuleId, alertRuleIds, ruleOf } from './rule-table.ts';
import { isWithinLimits } from './rules.ts';
import { listThresholds, setThreshold } from './store.ts';

export interface RuleView {
  readonly rule: AlertRuleId;
  readonly version: number;
  readonly severity: string;
  readonly windowMinutes: number;
  readonly threshold: number;
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

/** The rules as they hold for whoever asks: a board's own, or what is usual. Faults: login.required, policy.denied */
export async function showRules(context: VerbContext): Promise<Result<readonly RuleView[]>> {
  // To look, no fresh log-in is wanted: only whoever may change it has it on a page.
  const reader = readerOf(context);
  if (!reader.ok) return reader;
  if (!isAllowed(context.actor, 'alert.configure', ownThing)) return refuse(fault('policy.denied'));
  const set = await context.gateway.database.transaction(scopeOf(context.actor), listThresholds);
  return ok(
    alertRuleIds.map((rule) => {
      const { version, severity, windowMinutes, threshold } = ruleOf(rule);
      const own = set.get(`${reader.value.school} ${rule}`) ?? threshold.usual;
      return { rule, version, severity, windowMinutes, ...threshold, threshold: own };
    }),
  );
}

/**
 * Sets the board's own threshold, for its schools alone and within the limits of the rule. One person may; the log keeps
 * what it was and what it is.
 *
 * @returns `alert.threshold-wrong`, `alert.not-found` (no such rule), `login.required`, `login.fresh-required`, `policy.denied`
 */
export async function changeThreshold(
  context: VerbContext,
  input: { readonly rule: string; readonly threshold: number },
): Promise<Result<{ readonly rule: AlertRuleId; readonly threshold: number }>> {
  return perform(context, { event: 'alert.threshold-changed', caseId: null }, async (tx) => {
    const reader = readerOf(context, 'alert.configure');
    if (!reader.ok) return reader;
    const rule = alertRuleIds.find((one) => one === input.rule);
    if (rule === undefined) return refuse(fault('alert.not-found'));
    const { threshold } = input;
    const { least, most, usual } = ruleOf(rule).threshold;
    if (!isWithinLimits(rule, threshold)) {
      return refuse(fault('alert.threshold-wrong', { params: { least: String(least), most: String(most) } }));
    }
    const { school: board, staffId: changedBy } = reader.value;
    const former = (await listThresholds(tx)).get(`${board} ${rule}`) ?? usual;
    await setThreshold(tx, { board, rule, threshold, changedBy, changedAt: context.gateway.clock.now() });
    await logPlainEvent(tx, context, 'alert.threshold-changed', { alertRule: rule, threshold, former });
    return ok({ rule, threshold });
  });
}
