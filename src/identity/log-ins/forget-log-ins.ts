import type { Clock } from '../../clock.ts';
import type { Database } from '../../database/connection.ts';
import { systemScope } from '../../database/scope.ts';
import { deleteOldLogIns } from './store.ts';

/** Forgets the log-ins of persons whose time is over (half a year); gives how many. For the hourly round. */
export async function forgetLogIns({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): Promise<number> {
  return database.transaction(systemScope('login'), (tx) => deleteOldLogIns(tx, clock.now()));
}
