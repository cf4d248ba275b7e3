import type { Transaction } from '../../database/connection.ts';
import { findGuardians } from './store.ts';

/** Those whose record is confirmed, by the name that the school has; row level security decides whom it shows. */
export async function findConfirmedGuardians(
  tx: Transaction,
  pupilId: string,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const rows = await findGuardians(tx, pupilId);
  return rows.filter(({ state }) => state === 'confirmed').map(({ id, name }) => ({ id, name }));
}
