interface Entry {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly endsAt: number;
}

/** Storage for oidc-provider that lives as long as the demonstration. One shared map, keys by model and id. */
export function memoryAdapters(): (model: string) => object {
  const entries = new Map<string, Entry>();
  return (model) => {
    const keyOf = (id: string) => `${model}:${id}`;
    const find = (id: string) => {
      const entry = entries.get(keyOf(id));
      return entry && entry.endsAt > Date.now() ? { ...entry.payload } : undefined;
    };
    return {
      upsert: async (id: string, payload: Entry['payload'], expiresIn: number) => {
        dropEnded(entries);
        entries.set(keyOf(id), { payload, endsAt: Date.now() + expiresIn * 1000 });
      },
      find: async (id: string) => find(id),
      findByUid: async (uid: string) =>
        [...entries.values()].find(({ payload }) => payload['kind'] === model && payload['uid'] === uid)?.payload,
      consume: async (id: string) => {
        const entry = entries.get(keyOf(id));
        const consumed = Math.floor(Date.now() / 1000);
        if (entry) entries.set(keyOf(id), { ...entry, payload: { ...entry.payload, consumed } });
      },
      destroy: async (id: string) => void entries.delete(keyOf(id)),
      revokeByGrantId: async (grantId: string) => {
        for (const [key, { payload }] of entries) if (payload['grantId'] === grantId) entries.delete(key);
      },
    };
  };
}

function dropEnded(entries: Map<string, Entry>): void {
  for (const [key, entry] of entries) if (entry.endsAt <= Date.now()) entries.delete(key);
}
