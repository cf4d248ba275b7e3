import { ConnectionLost, PoolExhausted } from './errors.ts';
import { type Lease, openLease } from './lease.ts';

export interface LeasePool {
  acquire(): Promise<Lease>;
  release(lease: Lease): void;
  close(): Promise<void>;
}

export interface PoolSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly deadlineMs: number;
}

interface Waiter {
  readonly resolve: (lease: Lease | Promise<Lease>) => void;
  readonly reject: (reason: Error) => void;
}

/** At most `poolSize` whole clients; each transaction holds one of them alone (docs/adr/0005, defence 3). */
export function openPool(settings: PoolSettings): LeasePool {
  const idle: Lease[] = [];
  const lent = new Set<Lease>();
  const waiters = new Set<Waiter>();
  let size = 0;
  let closing: (() => void) | null = null;

  function open(): Promise<Lease> {
    size += 1;
    const lease = openLease({ ...settings, onLost: forgetOne });
    return lease.then((opened) => {
      lent.add(opened);
      return opened;
    });
  }

  function forgetOne(): void {
    size -= 1;
    for (const lease of idle.splice(0)) if (!lease.isLost()) idle.push(lease);
    for (const lease of lent) if (lease.isLost()) lent.delete(lease);
    nextWaiter()?.resolve(open());
    if (size === 0) closing?.();
  }

  function nextWaiter(): Waiter | null {
    if (closing !== null) return null;
    for (const waiter of waiters) {
      waiters.delete(waiter);
      return waiter;
    }
    return null;
  }

  function waitForOne(): Promise<Lease> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        reject(new PoolExhausted(settings.deadlineMs));
      }, settings.deadlineMs);
      const waiter: Waiter = {
        resolve: (lease) => {
          clearTimeout(timer);
          resolve(lease);
        },
        reject: (reason) => {
          clearTimeout(timer);
          reject(reason);
        },
      };
      waiters.add(waiter);
    });
  }

  return {
    acquire: async () => {
      if (closing !== null) throw new ConnectionLost('The database is closed');
      const free = idle.pop();
      if (free !== undefined) {
        lent.add(free);
        return free;
      }
      return size < settings.poolSize ? open() : waitForOne();
    },
    release: (lease) => {
      lent.delete(lease);
      if (lease.isLost()) return;
      if (closing !== null || lease.isWorn()) return lease.discard(new ConnectionLost('The client was retired'));
      const waiter = nextWaiter();
      if (waiter === null) {
        idle.push(lease);
        return;
      }
      lent.add(lease);
      waiter.resolve(lease);
    },
    /** Lets running transactions finish; those who wait are sent away. */
    close: () =>
      new Promise((resolve) => {
        closing = resolve;
        for (const waiter of waiters) waiter.reject(new ConnectionLost('The database is closed'));
        waiters.clear();
        if (size === 0) return resolve();
        for (const lease of idle.splice(0)) lease.discard(new ConnectionLost('The database is closed'));
      }),
  };
}
