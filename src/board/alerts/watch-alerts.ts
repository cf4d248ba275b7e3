import { systemScope } from '../../database/scope.ts';
import { type AlertParts, evaluateLog } from './evaluate-log.ts';
import { forgetSightings } from './store.ts';
import { alertsJob } from './tables.ts';
import { tellAlerts } from './tell-alerts.ts';
import { watchLog } from './watch-log.ts';
import { watchWaits } from './watch-waits.ts';

/** No window is longer than a day, and entries may be read late. */
const keptMs = 8 * 86_400_000;

/**
 * One round: what the log has gained, what waits, how the log is, and whom to tell. From a loop on Node, from the minute
 * cron on Workers; any number of processes may do it at once, and one that dies in it leaves nothing half done.
 */
export async function watchAlerts(gateway: AlertParts): Promise<void> {
  // First, so that it is told even when the log cannot be read.
  await watchLog(gateway);
  await evaluateLog(gateway);
  await watchWaits(gateway);
  await tellAlerts(gateway);
  const before = new Date(gateway.clock.now().getTime() - keptMs);
  await gateway.database.transaction(systemScope(alertsJob), (tx) => forgetSightings(tx, before));
}
