import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { type LogName, logOfYear } from './log-name.ts';
import { logState } from './tables.ts';

/** The logs of all years that this gateway has begun. */
export async function findLogs(database: Database, base: string): Promise<LogName[]> {
  const rows = await database.transaction(systemScope('sequencer'), (tx) =>
    tx.select({ origin: logState.origin }).from(logState),
  );
  return rows.flatMap(({ origin }) => {
    const year = origin.startsWith(`${base}/`) ? Number(origin.slice(base.length + 1)) : Number.NaN;
    return Number.isInteger(year) ? [logOfYear(base, year)] : [];
  });
}
