import postgres from 'postgres';
import { ConnectionLost, StatementFailed } from './errors.ts';

export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** Rows as arrays in the order of the columns, as drizzle asks for selections. */
  readonly asArrays?: true;
}

export type Rows = postgres.RowList<postgres.Row[]>;

/** One client with one connection, lent to one transaction at a time and thrown away at the first doubt. */
export interface Lease {
  readonly options: postgres.Sql['options'];
  run(statement: Statement): Promise<Rows>;
  /** Calls back once when the connection dies, unless taken back before by the function it returns. */
  whenLost(listener: (reason: ConnectionLost) => void): () => void;
  isLost(): boolean;
  isWorn(): boolean;
  discard(reason: ConnectionLost): void;
}

export interface LeaseSettings {
  readonly url: string;
  readonly deadlineMs: number;
  readonly onLost: () => void;
}

const maxPreparedStatements = 500;
const maxAgeMs = 30 * 60_000;

/** Connects; refuses with ConnectionLost. `onLost` is called exactly once, also when connecting fails. */
export async function openLease(settings: LeaseSettings): Promise<Lease> {
  const { deadlineMs } = settings;
  const listeners = new Set<(reason: ConnectionLost) => void>();
  const prepared = new Set<string>();
  const openedAt = performance.now();
  let lost: ConnectionLost | null = null;

  function discard(reason: ConnectionLost): void {
    if (lost !== null) return;
    lost = reason;
    for (const listener of listeners) listener(reason);
    listeners.clear();
    // Rejects whatever the driver still holds; nothing of this client is used from here on.
    void client.end({ timeout: 0 }).catch(() => undefined);
    settings.onLost();
  }

  const client = postgres(settings.url, {
    max: 1,
    max_lifetime: null,
    connect_timeout: Math.ceil(deadlineMs / 1000),
    // Besides costing a round trip, the driver's own query for array types rejects unhandled when it is cut (F-12).
    fetch_types: false,
    onnotice: () => undefined,
    onclose: () => discard(new ConnectionLost('The connection to the database was closed')),
    connection: { application_name: 'hikitsugi' },
  });
  // Until the connection is reserved, statements go through the client itself.
  let send: postgres.Sql = client;

  function run(statement: Statement): Promise<Rows> {
    const { text, values = [], asArrays } = statement;
    return new Promise((resolve, reject) => {
      if (lost !== null) return reject(lost);
      const timer = setTimeout(
        () => discard(new ConnectionLost(`The database did not answer within ${deadlineMs} ms`)),
        deadlineMs,
      );
      const fail = (reason: Error): void => {
        clearTimeout(timer);
        listeners.delete(fail);
        reject(reason);
      };
      listeners.add(fail);
      if (values.length > 0) prepared.add(text);
      // Sound: drizzle and the callers in this room pass what the driver can serialise.
      const query = send.unsafe(text, values as never[], { prepare: values.length > 0 });
      const answer: Promise<Rows> = asArrays ? query.values() : query;
      answer
        .finally(() => {
          clearTimeout(timer);
          listeners.delete(fail);
        })
        .then(resolve, (reason: unknown) => {
          const failure = refusal(reason);
          if (failure === null) discard(new ConnectionLost('The connection to the database broke', nameOf(reason)));
          reject(failure ?? lost);
        });
    });
  }

  const lease: Lease = {
    options: client.options,
    run,
    whenLost: (listener) => {
      if (lost !== null) listener(lost);
      else listeners.add(listener);
      return () => listeners.delete(listener);
    },
    isLost: () => lost !== null,
    isWorn: () => prepared.size > maxPreparedStatements || performance.now() - openedAt > maxAgeMs,
    discard,
  };
  try {
    await run(sessionSettings(deadlineMs));
    // Bound to the one connection: after its death nothing can slip onto a new one (docs/adr/0005, defence 3).
    send = await reserve(client, lease);
    return lease;
  } catch (cause) {
    discard(new ConnectionLost('The database cannot be reached', { cause }));
    throw new ConnectionLost('The database cannot be reached', { cause });
  }
}

/** The driver leaves a reservation waiting for ever when the connection dies just then. */
async function reserve(client: postgres.Sql, lease: Lease): Promise<postgres.Sql> {
  const { promise, resolve, reject } = Promise.withResolvers<postgres.Sql>();
  const forget = lease.whenLost(reject);
  client.reserve().then(resolve, reject);
  try {
    return await promise;
  } finally {
    forget();
  }
}

/** A plain refusal leaves the connection usable; FATAL and everything that is not PostgreSQL's word does not. */
function refusal(reason: unknown): StatementFailed | null {
  if (!(reason instanceof postgres.PostgresError)) return null;
  return reason.severity_local === 'FATAL' || reason.severity === 'FATAL' || reason.severity === 'PANIC'
    ? null
    : new StatementFailed(reason);
}

/** The driver's errors carry statement and values as properties: only the code goes on. */
function nameOf(reason: unknown): ErrorOptions {
  return { cause: reason instanceof Error && 'code' in reason ? String(reason.code) : 'unknown' };
}

/** Limits that also hold when this process hangs. `transaction_timeout` exists from PostgreSQL 17 on. */
function sessionSettings(deadlineMs: number): Statement {
  const limits = {
    statement_timeout: deadlineMs,
    lock_timeout: deadlineMs,
    idle_in_transaction_session_timeout: deadlineMs * 2,
    tcp_user_timeout: deadlineMs * 2,
    transaction_timeout: deadlineMs * 4,
  };
  return {
    // As text: the driver would wrap a parameter of type jsonb once more.
    text: `select set_config(name, value, false)
      from pg_settings join jsonb_each_text($1::text::jsonb) as limits(name, value) using (name)`,
    values: [JSON.stringify(limits)],
  };
}
