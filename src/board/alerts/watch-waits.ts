import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { findBoards } from '../../directory/find-contact.ts';
import type { Gateway } from '../../gateway.ts';
import { raiseAlert } from './raise-alert.ts';
import { type AlertRuleId, alertRuleIds, ruleOf } from './rule-table.ts';
import { findLongWaits, keepSightings, listThresholds, markWait } from './store.ts';
import { alertsJob } from './tables.ts';

type Parts = Pick<Gateway, 'database' | 'clock' | 'sealDetail'>;

const page = 200;
const pagesAtOnce = 50;
const dayMs = 86_400_000;

/** Raises what has lain uncollected for longer than the board of each side allows: once for each case, side and rule. */
export async function watchWaits(parts: Parts): Promise<void> {
  for (const rule of alertRuleIds) {
    if (ruleOf(rule).source.kind === 'waits') await watchRule(parts, rule);
  }
}

async function watchRule(parts: Parts, rule: AlertRuleId): Promise<void> {
  let after: Date | null = new Date(0);
  for (let turn = 0; turn < pagesAtOnce && after !== null; turn += 1) {
    const from: Date = after;
    after = await parts.database.transaction(systemScope(alertsJob), (tx) =>
      watchPage(tx, parts, { rule, after: from }),
    );
  }
}

/** Gives where to go on; null at the end. */
async function watchPage(
  tx: Transaction,
  parts: Parts,
  { rule, after }: { readonly rule: AlertRuleId; readonly after: Date },
): Promise<Date | null> {
  const now = parts.clock.now().getTime();
  const { least, usual } = ruleOf(rule).threshold;
  const before = new Date(now - least * dayMs);
  const waits = await findLongWaits(tx, { rule, after, before, limit: page });
  const schools = [...new Set(waits.map(({ organisation }) => organisation))];
  const [boards, thresholds] = await Promise.all([findBoards(tx, schools), listThresholds(tx)]);
  for (const { organisation, caseId, since, eventId } of waits) {
    const board = boards.get(organisation) ?? null;
    const threshold = thresholds.get(`${board} ${rule}`) ?? usual;
    if (now - since.getTime() < threshold * dayMs) continue;
    const subject = `${organisation} case:${caseId}`;
    const about = { rule, subject, organisation, board, threshold, caseId, actors: [], times: [since] };
    const alertId = await raiseAlert(tx, parts, about);
    await keepSightings(tx, { rule, subject, alertId }, [{ eventId, at: since }]);
    await markWait(tx, { caseId, organisation }, rule);
  }
  return waits.length < page ? null : (waits.at(-1)?.since ?? null);
}
