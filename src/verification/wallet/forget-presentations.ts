import type { Gateway } from '../../gateway.ts';
import { presentationJob, purgeRequests } from './store.ts';

/** What was shown and is over goes, also when nobody asks any more. */
export async function forgetPresentations({ database, clock }: Pick<Gateway, 'database' | 'clock'>): Promise<void> {
  await database.transaction(presentationJob, (tx) => purgeRequests(tx, clock.now()));
}
