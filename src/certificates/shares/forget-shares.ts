import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import { after } from '../../identity/rules.ts';
import { keptDays, watchConfirmHours } from './rules.ts';
import { deleteEnded } from './store.ts';
import { sharesJob } from './tables.ts';
import { deleteUnconfirmed } from './watcher-store.ts';

/**
 * Forgets shares half a year after their end, with their history and the addresses of viewers, and addresses that nobody
 * has confirmed in time; gives how many. For the hourly round.
 */
export async function forgetShares({ database, clock }: Pick<Gateway, 'database' | 'clock'>): Promise<number> {
  const now = clock.now();
  return database.transaction(systemScope(sharesJob), async (tx) => {
    const shares = await deleteEnded(tx, after(now, { days: -keptDays }));
    return shares + (await deleteUnconfirmed(tx, after(now, { minutes: -watchConfirmHours * 60 })));
  });
}
