import postgres from 'postgres';
import type { TestDatabase } from '../../support/database.ts';

export interface LoggedEvent {
  readonly name: string;
  readonly outcome: 'done' | 'refused';
  readonly reason: string | null;
  readonly organisation: string | null;
}

/** Every event in the log, past the policies, oldest first. */
export async function eventsOf({ adminUrl }: TestDatabase): Promise<readonly LoggedEvent[]> {
  const client = postgres(adminUrl, { max: 1 });
  try {
    return await client<LoggedEvent[]>`select name, outcome, reason, organisation from audit_events order by id`;
  } finally {
    await client.end();
  }
}

/** The exact reasons of what was refused: they stand in the log and nowhere else. */
export async function refusalsOf(database: TestDatabase): Promise<readonly string[]> {
  const events = await eventsOf(database);
  return events.flatMap(({ outcome, reason }) => (outcome === 'refused' && reason !== null ? [reason] : []));
}
