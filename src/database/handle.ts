import type { Lease, Rows, Statement } from './lease.ts';

/** The part of a postgres.js handle that drizzle calls inside a transaction. */
export interface Handle {
  unsafe(text: string, values?: readonly unknown[]): Promise<Rows> & { values(): Promise<Rows> };
  savepoint<T>(work: (handle: Handle) => Promise<T>): Promise<T>;
}

export interface GuardedHandle extends Handle {
  /** After this every further statement is refused, so that nothing runs outside the transaction. */
  shut(): void;
  /** The first failed statement that no savepoint has undone. */
  failure(): unknown;
}

/**
 * Stands between drizzle and the lease: a statement goes out only while its transaction is open and its connection
 * alive. The driver's own `begin` would send it to whatever holds the slot by then (docs/adr/0005, defence 4).
 */
export function guardHandle(lease: Lease): GuardedHandle {
  let isShut = false;
  let failed: unknown = null;
  let savepoints = 0;

  async function run(statement: Statement): Promise<Rows> {
    if (isShut) throw new Error('A statement came after the end of its transaction');
    try {
      return await lease.run(statement);
    } catch (reason) {
      failed ??= reason;
      throw reason;
    }
  }

  const handle: GuardedHandle = {
    unsafe: (text, values = []) => {
      let asArrays = false;
      // drizzle calls `.values()` in the same turn; the statement leaves in the next.
      const rows = Promise.resolve().then(() => run(asArrays ? { text, values, asArrays } : { text, values }));
      return Object.assign(rows, {
        values: () => {
          asArrays = true;
          return rows;
        },
      });
    },
    savepoint: async (work) => {
      savepoints += 1;
      const name = `s${savepoints}`;
      await run({ text: `savepoint ${name}` });
      try {
        const result = await work(handle);
        await run({ text: `release savepoint ${name}` });
        return result;
      } catch (reason) {
        await run({ text: `rollback to savepoint ${name}` });
        failed = null;
        throw reason;
      }
    },
    shut: () => {
      isShut = true;
    },
    failure: () => failed,
  };
  return handle;
}
