/** On whose behalf a transaction runs; row level security reads it from the session settings `app.*`. */
export interface ActorScope {
  /** `staff:…`, `machine:…`, `person:…`, `anonymous` or `system:<job>`; never empty. */
  readonly actor: string;
  /** Code of the school, university or board the actor acts for. */
  readonly school?: string | undefined;
  /** The role of a member of staff at that school; only a protection order asks for it. */
  readonly role?: string | undefined;
  readonly person?: string | undefined;
  readonly board?: string | undefined;
}

/** The scope of one of the gateway's own jobs. */
export function systemScope(job: string): ActorScope {
  return { actor: `system:${job}` };
}
