/** What was used last, and no more of it than `most`. */
export interface Recent<T> {
  readonly size: number;
  get(name: string): T | undefined;
  set(name: string, value: T): void;
}

export function keepRecent<T>(most: number): Recent<T> {
  const kept = new Map<string, T>();
  const renew = (name: string, value: T) => {
    // A map keeps the order of insertion: what is used moves to the young end.
    kept.delete(name);
    kept.set(name, value);
  };
  return {
    get size() {
      return kept.size;
    },
    get(name) {
      const value = kept.get(name);
      if (value !== undefined) renew(name, value);
      return value;
    },
    set(name, value) {
      renew(name, value);
      const oldest = kept.keys().next();
      if (kept.size > most && !oldest.done) kept.delete(oldest.value);
    },
  };
}
