import { type LogHealth, readLogHealth } from '../../audit/log-health.ts';
import type { Transaction } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { listOverseers } from '../../directory/find-organisation.ts';
import type { Gateway } from '../../gateway.ts';
import { raiseAlert } from './raise-alert.ts';
import { type AlertRuleId, alertRuleIds, type LogTrouble, ruleOf } from './rule-table.ts';
import { addToAlert, findRunning } from './store.ts';
import { alertsJob } from './tables.ts';

type Parts = Pick<Gateway, 'database' | 'clock' | 'sealDetail'>;

/** A witness that is away for less may be starting anew. */
const patienceMs = 3_600_000;
const countedEveryMs = 3_600_000;

/** Asks the log how it is, and tells every board when something is wrong: none of them has to believe that all is well. */
export async function watchLog(parts: Parts): Promise<void> {
  const now = parts.clock.now();
  await tellTroubles(parts, troublesOf(await readLogHealth(parts.database, now), now));
}

/** The loop of the log has stopped for good (fork, damage): by whoever was told so, since no table says it. */
export async function tellLogStopped(parts: Parts): Promise<void> {
  await tellTroubles(parts, ['stopped']);
}

export function troublesOf({ state, witnesses }: Pick<LogHealth, 'state' | 'witnesses'>, now: Date): LogTrouble[] {
  const isAway = witnesses.some(
    ({ trouble, troubleAt }) =>
      trouble !== null && troubleAt !== null && now.getTime() - troubleAt.getTime() >= patienceMs,
  );
  return [...(state === 'good' ? [] : [state]), ...(isAway ? (['witness'] as const) : [])];
}

async function tellTroubles(parts: Parts, troubles: readonly LogTrouble[]): Promise<void> {
  const rules = alertRuleIds.filter((rule) => {
    const { source } = ruleOf(rule);
    return source.kind === 'log' && troubles.includes(source.trouble);
  });
  if (rules.length === 0) return;
  const boards = await parts.database.transaction(systemScope(alertsJob), listOverseers);
  for (const rule of rules) {
    for (const board of boards) {
      await parts.database.transaction(systemScope(alertsJob), (tx) => tellOne(tx, parts, { rule, board }));
    }
  }
}

/** One alert a day for each board while it lasts, which counts the hours. */
async function tellOne(
  tx: Transaction,
  parts: Parts,
  { rule, board }: { readonly rule: AlertRuleId; readonly board: string },
): Promise<void> {
  const now = parts.clock.now();
  const after = new Date(now.getTime() - ruleOf(rule).windowMinutes * 60_000);
  const subject = `${board} log`;
  const running = await findRunning(tx, { rule, subject, after });
  if (running === null) {
    const about = { rule, subject, organisation: board, board, threshold: 1, caseId: null, actors: [], times: [now] };
    await raiseAlert(tx, parts, about);
    return;
  }
  if (now.getTime() - running.lastAt.getTime() < countedEveryMs) return;
  await addToAlert(tx, running, { count: 1, lastAt: now, actors: [] });
}
