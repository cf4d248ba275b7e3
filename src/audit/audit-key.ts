import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Database } from '../database/connection.ts';
import { systemScope } from '../database/scope.ts';
import type { KeyService } from '../keys/service.ts';
import { auditKeys } from './tables.ts';

/**
 * One of the gateway's own 32-byte secrets, kept wrapped by the key service and made at its first use:
 * `log` is the seed of the log's signing key, `detail` seals details that belong to no case.
 * Call it at start, never inside a transaction.
 */
export async function openAuditKey(database: Database, keys: KeyService, id: 'log' | 'detail'): Promise<Uint8Array> {
  const context = `hikitsugi audit key ${id}`;
  const stored = await findAuditKey(database, id);
  if (stored !== null) return keys.unwrap(stored.keyRef, stored.wrappedKey, context);
  const keyRef = await keys.generate(`audit-${id}`);
  const wrappedKey = await keys.wrap(keyRef, new Uint8Array(randomBytes(32)), context);
  await database.transaction(systemScope('audit-key'), (tx) =>
    tx.insert(auditKeys).values({ id, keyRef, wrappedKey }).onConflictDoNothing(),
  );
  // Two processes may start at once: what counts is what was stored.
  const winner = await findAuditKey(database, id);
  if (winner === null) throw new Error('an audit key could not be stored');
  return keys.unwrap(winner.keyRef, winner.wrappedKey, context);
}

async function findAuditKey(
  database: Database,
  id: string,
): Promise<{ readonly keyRef: string; readonly wrappedKey: Uint8Array } | null> {
  const [row] = await database.transaction(systemScope('audit-key'), (tx) =>
    tx.select().from(auditKeys).where(eq(auditKeys.id, id)),
  );
  return row ?? null;
}
