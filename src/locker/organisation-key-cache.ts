/** A key of the month in memory. Never logged, never stored in this form. */
export interface OrganisationKey {
  readonly organisation: string;
  readonly month: string;
  readonly key: Uint8Array;
}

/**
 * Keeps opened organisation keys for at most five minutes, and no more than so many: while the key service is down,
 * downloads live from it that long (F-17). Memory of the process holds no other long-lived key.
 */
export interface OrganisationKeyCache {
  get(name: string, load: () => Promise<OrganisationKey>): Promise<OrganisationKey>;
  /** The key service's word on itself, asked again after five seconds: uploads stop that soon when it is down. */
  readiness(ask: () => Promise<{ readonly ready: boolean }>): Promise<{ readonly ready: boolean }>;
  clear(): void;
}

const maxAgeMs = 5 * 60_000;
const readinessMs = 5_000;

interface Entry {
  readonly loading: Promise<OrganisationKey>;
  readonly loadedAt: number;
}

export function createOrganisationKeyCache(options: {
  readonly maxEntries: number;
  /** Milliseconds of a clock that never steps back. */
  readonly elapsed: () => number;
}): OrganisationKeyCache {
  const entries = new Map<string, Entry>();
  let answer: { readonly loading: Promise<{ readonly ready: boolean }>; readonly askedAt: number } | null = null;
  return {
    get(name, load) {
      const found = entries.get(name);
      if (found !== undefined && options.elapsed() - found.loadedAt < maxAgeMs) return found.loading;
      entries.delete(name);
      const oldest = entries.size >= options.maxEntries ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
      const entry = { loading: load(), loadedAt: options.elapsed() };
      entries.set(name, entry);
      // A failure is not remembered: the next caller asks again.
      entry.loading.catch(() => {
        if (entries.get(name) === entry) entries.delete(name);
      });
      return entry.loading;
    },
    readiness(ask) {
      if (answer === null || options.elapsed() - answer.askedAt >= readinessMs) {
        answer = { loading: ask(), askedAt: options.elapsed() };
      }
      return answer.loading;
    },
    clear() {
      entries.clear();
      answer = null;
    },
  };
}
