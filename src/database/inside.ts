import { AsyncLocalStorage } from 'node:async_hooks';

// The one thing of this room that lives in a module: asynchronous context has no other home. It is never assigned.
const context = new AsyncLocalStorage<string>();

/** Runs the work of a transaction, so that everything it calls can tell where it is. */
export function runInside<T>(transaction: string, work: () => Promise<T>): Promise<T> {
  return context.run(transaction, work);
}

export function isInsideTransaction(): boolean {
  return context.getStore() !== undefined;
}

/**
 * For stores, key services, scanners, mailers and HTTP clients: a transaction must not wait for the world outside the
 * database, since it holds a client and row locks meanwhile (docs/adr/0005, defence 6).
 */
export function refuseInsideTransaction(what: string): void {
  if (isInsideTransaction()) throw new Error(`${what} was awaited inside a database transaction`);
}
