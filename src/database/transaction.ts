import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { CommitUnknown, ConnectionLost, withoutStatement } from './errors.ts';
import { type GuardedHandle, guardHandle } from './handle.ts';
import { runInside } from './inside.ts';
import type { Lease, Statement } from './lease.ts';
import type { ActorScope } from './scope.ts';

export type DrizzleTransaction = Parameters<Parameters<PostgresJsDatabase['transaction']>[0]>[0];

export interface TransactionInput<T> {
  readonly lease: Lease;
  readonly scope: ActorScope;
  readonly deadlineMs: number;
  readonly work: (tx: DrizzleTransaction) => Promise<T>;
}

/**
 * BEGIN, the actor, the work, COMMIT. Whatever goes wrong, nothing of it is stored. The work's first statement follows
 * BEGIN and the actor without waiting for their answers: one connection answers in order, after a refused actor the
 * transaction takes no statement, and without an actor the row policies show and take nothing.
 */
export async function runTransaction<T>(input: TransactionInput<T>): Promise<T> {
  const { lease } = input;
  const id = crypto.randomUUID();
  const handle = guardHandle(lease);
  let result: T;
  try {
    const begin = () => Promise.all([lease.run({ text: 'begin' }), lease.run(setScope(input.scope, id))]);
    const work = () => runInside(id, () => withDrizzle(lease, handle, input.work));
    [, result] = await raceWithLoss(input, () => Promise.all([begin(), work()]));
  } catch (reason) {
    handle.shut();
    await rollBack(lease);
    throw withoutStatement(reason);
  }
  handle.shut();
  await commit(lease, handle, id);
  return result;
}

/** Outlives the work's own promise: once the connection is gone nobody may wait for what the callback still does. */
function raceWithLoss<T>(
  input: Pick<TransactionInput<unknown>, 'lease' | 'deadlineMs'>,
  work: () => Promise<T>,
): Promise<T> {
  const { lease, deadlineMs } = input;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => lease.discard(new ConnectionLost(`The transaction took more than ${deadlineMs} ms`)),
      deadlineMs,
    );
    const forget = lease.whenLost(reject);
    work()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        forget();
      });
  });
}

function withDrizzle<T>(lease: Lease, handle: GuardedHandle, work: (tx: DrizzleTransaction) => Promise<T>): Promise<T> {
  const client = { options: lease.options, begin: (run: (handle: GuardedHandle) => Promise<T>) => run(handle) };
  // Sound: of the client drizzle uses `options` (the parsers) and `begin`; of what `begin` hands on, GuardedHandle.
  return drizzle({ client: client as unknown as postgres.Sql }).transaction(work);
}

async function rollBack(lease: Lease): Promise<void> {
  try {
    await lease.run({ text: 'rollback' });
  } catch {
    lease.discard(new ConnectionLost('A transaction could not be rolled back'));
  }
}

async function commit(lease: Lease, handle: GuardedHandle, id: string): Promise<void> {
  let command: string;
  try {
    ({ command } = await lease.run({ text: 'commit' }));
  } catch (reason) {
    if (lease.isLost()) throw new CommitUnknown(id, reason);
    throw reason;
  }
  if (command === 'COMMIT') return;
  // A failed statement was swallowed by the work: PostgreSQL has rolled everything back and says so only here.
  throw withoutStatement(handle.failure() ?? new Error('The transaction was rolled back'));
}

function setScope(scope: ActorScope, id: string): Statement {
  if (scope.actor === '') throw new Error('A transaction needs an actor');
  return {
    text: `select set_config('app.actor', $1, true), set_config('app.school', $2, true), set_config('app.person', $3, true), set_config('app.board', $4, true), set_config('app.transaction', $5, true), set_config('app.role', $6, true)`,
    values: [scope.actor, scope.school ?? '', scope.person ?? '', scope.board ?? '', id, scope.role ?? ''],
  };
}
