import { systemScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import { findCase } from '../store.ts';

/** Whether a protection order (支援措置) covers a case, whoever asks; a case that does not exist is none to be told of either. */
export async function isProtectedCase({ database }: Pick<Gateway, 'database'>, caseId: string): Promise<boolean> {
  const row = await database.transaction(systemScope('protection'), (tx) => findCase(tx, caseId));
  return row?.protection !== 'none';
}
