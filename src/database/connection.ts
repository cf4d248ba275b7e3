import { sqlState } from './errors.ts';
import { isInsideTransaction } from './inside.ts';
import { type LeasePool, openPool } from './pool.ts';
import { type ActorScope, systemScope } from './scope.ts';
import { type DrizzleTransaction, runTransaction } from './transaction.ts';

/** drizzle's query builder, bound to one transaction. */
export type Transaction = DrizzleTransaction;

export interface Database {
  /**
   * Runs the work in one transaction on behalf of the scope. After a deadlock or serialisation error it runs again, up
   * to five times: the work may touch nothing but the database and must not wait for anything else.
   */
  transaction<T>(scope: ActorScope, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Resolves when the database answers; throws otherwise. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  /** For each statement, and for waiting until a client is free. A whole transaction has four times as long. */
  readonly deadlineMs: number;
}

const maxAttempts = 5;

/** Opens the application's database; refuses a role that could look past row level security. */
export async function openDatabase(settings: DatabaseSettings): Promise<Database> {
  const pool = openPool(settings);
  await refusePowerfulRole(pool);

  async function attempt<T>(scope: ActorScope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const lease = await pool.acquire();
    try {
      return await runTransaction({ lease, scope, work, deadlineMs: settings.deadlineMs * 4 });
    } finally {
      pool.release(lease);
    }
  }

  async function transaction<T>(scope: ActorScope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    // With every client busy this would wait for itself.
    if (isInsideTransaction()) throw new Error('A transaction was begun inside another');
    for (let tried = 1; ; tried += 1) {
      try {
        return await attempt(scope, work);
      } catch (reason) {
        if (tried === maxAttempts || !isWorthAnotherTry(reason)) throw reason;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10 * 2 ** tried));
      }
    }
  }

  return {
    transaction,
    ready: () => transaction(systemScope('ready'), async () => undefined),
    close: () => pool.close(),
  };
}

/** Serialisation failure and deadlock: the whole transaction was undone by no fault of its own. */
function isWorthAnotherTry(reason: unknown): boolean {
  const code = sqlState(reason);
  return code === '40001' || code === '40P01';
}

async function refusePowerfulRole(pool: LeasePool): Promise<void> {
  const lease = await pool.acquire();
  const rows = await lease.run({
    text: `select rolsuper or rolbypassrls or exists (
        select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relowner = r.oid and n.nspname not like 'pg\\_%') as powerful
      from pg_roles r where rolname = current_user`,
  });
  pool.release(lease);
  if (rows[0]?.['powerful'] === false) return;
  await pool.close();
  throw new Error('The application connects as a role that owns tables or bypasses row level security');
}
