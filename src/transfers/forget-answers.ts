import { lt } from 'drizzle-orm';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import { idempotencyKeys } from './tables.ts';

const keptDays = 7;

/** Forgets answers stored under idempotency keys after a week (docs/api.md); gives how many. */
export async function forgetAnswers(database: Database, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptDays * 86_400_000);
  return database.transaction(systemScope('housekeeping'), async (tx) => {
    const gone = await tx
      .delete(idempotencyKeys)
      .where(lt(idempotencyKeys.createdAt, before))
      .returning({ key: idempotencyKeys.key });
    return gone.length;
  });
}
