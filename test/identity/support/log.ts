import postgres from 'postgres';
import type { TestDatabase } from '../../support/database.ts';

export interface LoggedEvent {
  readonly name: string;
  readonly outcome: 'done' | 'refused';
  readonly reason: string | null;
  readonly organisation: string | null;
  readonly side: string;
  readonly role: string;
  /** What is sealed in the entry. */
  readonly detail: Readonly<Record<string, unknown>>;
}

interface StoredEvent extends Omit<LoggedEvent, 'detail'> {
  readonly sealed: Uint8Array;
}

/** Every event, past the policies, in the order of writing: a test moves the clock, so times are none. */
export async function eventsOf({ adminUrl }: TestDatabase): Promise<readonly LoggedEvent[]> {
  const client = postgres(adminUrl, { max: 1 });
  try {
    const rows = await client<StoredEvent[]>`
      select e.name, e.outcome, e.reason, e.organisation, e.side, e.actor_role as role, e.sealed_detail as sealed
      from audit_events e join audit_pending p on p.event_id = e.id order by p.id`;
    return rows.map(({ sealed, ...event }) => ({ ...event, detail: detailIn(sealed) }));
  } finally {
    await client.end();
  }
}

/** After the salt; a world of this room seals nothing. */
function detailIn(sealed: Uint8Array): Readonly<Record<string, unknown>> {
  // Sound: the gateway wrote it, as append.ts says.
  const facts = JSON.parse(new TextDecoder().decode(sealed.subarray(32))) as Pick<LoggedEvent, 'detail'>;
  return facts.detail;
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
      'session_certificates',
      'log_ins',
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
