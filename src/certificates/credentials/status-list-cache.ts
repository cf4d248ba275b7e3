/** A signed list, and the state that it tells. */
export interface SignedList {
  readonly token: string;
  readonly etag: string;
  /** Digest of the entries. */
  readonly entries: string;
  readonly signedAt: Date;
}

/** Signed lists that were asked for lately, in this process. Nothing in it is secret, and all of it can be made again. */
export interface StatusListCache {
  find(listId: string): SignedList | null;
  keep(listId: string, list: SignedList): void;
  /** Several who ask for one list at once wait for one answer. */
  together<T>(listId: string, work: () => Promise<T>): Promise<T>;
}

export function openStatusListCache(maxLists: number): StatusListCache {
  const lists = new Map<string, SignedList>();
  const underWay = new Map<string, Promise<unknown>>();
  return {
    find: (listId) => lists.get(listId) ?? null,
    keep(listId, list) {
      // The one that was signed longest ago goes first.
      lists.delete(listId);
      lists.set(listId, list);
      for (const [oldest] of lists) {
        if (lists.size <= maxLists) break;
        lists.delete(oldest);
      }
    },
    together<T>(listId: string, work: () => Promise<T>): Promise<T> {
      // Sound: under one id there is one kind of work.
      const begun = underWay.get(listId) as Promise<T> | undefined;
      if (begun !== undefined) return begun;
      const running = work().finally(() => underWay.delete(listId));
      underWay.set(listId, running);
      return running;
    },
  };
}
