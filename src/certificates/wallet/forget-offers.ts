import type { Gateway } from '../../gateway.ts';
import { purgeWallet, walletJob } from './store.ts';

/** Offers, ways and nonces that are over go, also when nobody makes another. */
export async function forgetOffers({ database, clock }: Pick<Gateway, 'database' | 'clock'>): Promise<void> {
  await database.transaction(walletJob, (tx) => purgeWallet(tx, clock.now()));
}
