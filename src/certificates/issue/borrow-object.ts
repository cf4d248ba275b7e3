import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import type { ReadableObject } from '../../locker/open-document.ts';
import type { CertificateRow } from './store.ts';

/** A person, whom policy has let through, borrows the key of the school. */
export async function borrowObject(
  { database, locker }: Pick<Gateway, 'database' | 'locker'>,
  { objectId }: Pick<CertificateRow, 'objectId'>,
): Promise<ReadableObject | null> {
  if (objectId === null) return null;
  return database.transaction(systemScope('locker'), (tx) => locker.find(tx, { objectId, holder: null }));
}
