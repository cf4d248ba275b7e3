import postgres from 'postgres';
import type { TestDatabase } from '../../support/database.ts';

export interface LoggedEvent {
  readonly name: string;
  readonly outcome: 'done' | 'refused';
  readonly reason: string | null;
  readonly organisation: string | null;
}

/** Every event, past the policies, in the order of writing: a test moves the clock, so times are none. */
export async function eventsOf({ adminUrl }: TestDatabase): Promise<readonly LoggedEvent[]> {
  const client = postgres(adminUrl, { max: 1 });
  try {
    return await client<LoggedEvent[]>`
      select e.name, e.outcome, e.reason, e.organisation
      from audit_events e join audit_pending p on p.event_id = e.id order by p.id`;
  } finally {
    await client.end();
  }
}

/** The exact reasons of what was refused: they stand in the log and nowhere else. */
export async function refusalsOf(database: TestDatabase): Promise<readonly string[]> {
  const events = await eventsOf(database);
  return events.flatMap(({ outcome, reason }) => (outcome === 'refused' && reason !== null ? [reason] : []));
}

/** Every row of this room's tables and of the events, as text: to look for what must not be there. */
export async function everythingStored({ adminUrl }: TestDatabase): Promise<string> {
  const client = postgres(adminUrl, { max: 1 });
  try {
    const tables = [
      'sessions',
      'persons',
      'person_certificates',
      'person_accounts',
      'sign_in_attempts',
      'linking_codes',
      'audit_events',
    ];
    const rows = await Promise.all(tables.map((table) => client`select * from ${client(table)}`));
    return JSON.stringify(rows);
  } finally {
    await client.end();
  }
}
